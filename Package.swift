// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A Swift module of this package together with its tests.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, exclude: ["README.md"], swiftSettings: strict),
        .testTarget(
            name: name + "Tests", dependencies: [.init(stringLiteral: name), "TestSupport"] + dependencies,
            swiftSettings: strict),
    ]
}

func libraries(_ names: String...) -> [LinkerSetting] { names.map { .linkedLibrary($0) } }

let package = Package(
    name: "hilum",
    products: [.executable(name: "hilum", targets: ["hilum"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        // C and C++ libraries, one target each.
        .target(name: "CPNG", linkerSettings: libraries("png16")),
        .systemLibrary(name: "CJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
        .target(name: "CISAL", linkerSettings: libraries("isal")),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "COpenBLAS"),
        .target(name: "COneDNN"),
        .target(name: "CSystem"),
        // Tables of the standard: data dictionary, confidentiality profiles, Types by IOD.
        .target(name: "CStandards"),
        .testTarget(name: "CStandardsTests", dependencies: ["CStandards"], swiftSettings: strict),
        .target(name: "COpenJPEG", linkerSettings: libraries("openjp2")),
        .target(name: "CLosslessJPEG"),
        .target(name: "CNIfTI", linkerSettings: libraries("nifti2", "znz", "z")),
        .target(
            name: "CDCMTK",
            linkerSettings: libraries(
                "dcmjpls", "dcmtkcharls", "dcmjpeg", "ijg8", "ijg12", "ijg16", "dcmimage", "dcmimgle", "dcmdata",
                "oflog", "ofstd", "z")),
        // Loops in C are 2,000 times faster than Swift in debug builds only when they are optimised there too.
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]),
        // The command, and what every test may use.
        .executableTarget(
            name: "hilum",
            dependencies: [
                "Stages", "Training", "Pipelines", "Files", "DICOM", "NIfTI", "PNG", "JPEG", "Volumes", "Transforms",
                "Deidentification", "Cryptography", "BurnedInText", "Networks", "Tensors",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["hilum", "DataSets", "Files", "NIfTI", "PNG", "Volumes", "TestSupport"],
            swiftSettings: strict),
    ]
        // Threads.
        + module("Parallel")
        // Values.
        + module("Volumes", ["CKernels"])
        + module("Tensors", ["COpenBLAS", "COneDNN", "CKernels", "Parallel"])
        // Files.
        + module("Files", ["CSystem"])
        + module("DICOM", ["CDCMTK", "CDeflate", "CLosslessJPEG", "COpenJPEG", "Files", "Volumes", "Parallel"])
        + module("Cryptography", ["COpenSSL"])
        + module("DataSets", ["CStandards", "CDeflate", "Files"])
        + module("NIfTI", ["CNIfTI", "CDeflate", "CISAL", "Files", "Volumes", "Parallel"])
        + module("PNG", ["CPNG", "Files", "Volumes"])
        + module("JPEG", ["CJPEG", "Files", "Volumes"])
        // What was found, as DICOM objects.
        + module("DICOMResults", ["Cryptography", "DataSets", "Volumes"])
        // De-identification.
        + module("Deidentification", ["CStandards", "CKernels", "Cryptography", "DataSets", "Files", "Parallel"])
        // Processing: pure functions on values.
        + module("Transforms", ["Volumes", "CKernels", "Parallel"])
        + module("Faces", ["Volumes", "Transforms", "CKernels", "Parallel"])
        + module("Networks", ["Tensors", "Parallel"])
        + module("BurnedInText", ["CKernels", "Volumes", "Pipelines"])
        // Orchestration.
        + module("Pipelines", ["Files", "Parallel", .product(name: "Yams", package: "Yams")])
        + module(
            "Training",
            [
                "Networks", "Tensors", "Transforms", "Volumes", "Parallel", "Files", "Pipelines", "CKernels",
            ])
        + module(
            "Stages",
            [
                "Pipelines", "Files", "Parallel", "DICOM", "NIfTI", "PNG", "JPEG", "Transforms", "Networks", "Tensors",
                "Volumes", "CDeflate", "CKernels", "CXXHash", "DataSets", "DICOMResults", "Deidentification",
                "Cryptography", "BurnedInText", "Faces",
            ]),
    cxxLanguageStandard: .cxx17
)

// What a series takes to be read, without digests and files: made only by `make bench`.
if Context.environment["HILUM_BENCH"] != nil {
    package.targets.append(
        .executableTarget(
            name: "hilum-read", dependencies: ["DICOM", "Parallel", "Transforms", "Volumes"],
            path: "Benchmarks/ReadSeries", swiftSettings: strict))
}

// The text detector over a planted set (Benchmarks/BurnedInText/planted.py): not part of plain builds.
if Context.environment["HILUM_BENCH"] != nil {
    package.targets.append(
        .executableTarget(
            name: "hilum-text", dependencies: ["BurnedInText", "PNG", "Volumes"], path: "Benchmarks/BurnedInText",
            exclude: ["planted.py"], swiftSettings: strict))
}

// Heads and renderings of them, for `Tests/Peers/faces`: made only by `make test-faces`.
if Context.environment["HILUM_FACES"] != nil {
    package.targets.append(
        .executableTarget(
            name: "hilum-faces", dependencies: ["Faces", "NIfTI", "PNG", "Parallel", "Volumes"],
            path: "Benchmarks/Faces", swiftSettings: strict))
}

// Damaged files for every reader: made only by `make fuzz`, so that plain builds do not wait for it.
if Context.environment["HILUM_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "hilum-fuzz",
            dependencies: [
                "CDeflate", "CLosslessJPEG", "Cryptography", "DICOM", "DataSets", "Deidentification", "Files", "JPEG",
                "NIfTI", "PNG", "Pipelines", "Stages", "Tensors", "Training",
                "TestSupport",
                "Volumes", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Tests/Fuzz", exclude: ["README.md"], swiftSettings: strict))
}

// Transforms on raw arrays, for the scripts beside them and in Tests/Peers: not part of plain builds.
if Context.environment["HILUM_BENCH"] != nil {
    package.targets.append(
        .executableTarget(
            name: "hilum-transforms", dependencies: ["NIfTI", "Parallel", "Transforms", "Volumes"],
            path: "Benchmarks/Transforms",
            exclude: ["augmentation.py", "intensity.py", "outputs.py", "registration.py", "spatial.py", "timing.py"],
            swiftSettings: strict))
}

// One network on one image, timed and checked by Benchmarks/Network/networks.py: not part of plain builds.
if Context.environment["HILUM_BENCH"] != nil {
    package.targets.append(
        .executableTarget(
            name: "hilum-networks", dependencies: ["Networks", "Parallel", "Tensors"], path: "Benchmarks/Network",
            exclude: ["networks.py"], swiftSettings: strict))
}
