import Files
import Foundation
import NIfTI
import TestSupport
import Testing
import Volumes

/// Writes images with a description beside each for Tests/Peers/compare_formats.py, into the folder that
/// HILUM_PEER_FILES names.
@Suite struct PeerFilesTests {
    private struct Description: Encodable {
        var shape: [Int]
        var affine: [[Double]]
        var digest: String
        var rescale: [Double]
        /// "none", "time", "components" or "color", and the step of time in seconds.
        var channels: String
        var step: Double?
        var version: Int
    }

    private static let folder = ProcessInfo.processInfo.environment["HILUM_PEER_FILES"]

    private static func images() throws -> [(name: String, image: Volume, channels: FourthAxis)] {
        var sheared = HeaderTests.image
        sheared.geometry.steps[2] = [0.4, 3, 0.8]
        var rescaled = HeaderTests.image
        rescaled.attributes.rescales = [Rescale(slope: 0.5, intercept: -1024)]
        var mirrored = HeaderTests.image
        mirrored.geometry.steps[0] *= -1
        let (time, _) = try NIfTIFile.read(path: Fixtures.path("functional_4d.nii"))
        let (anatomical, _) = try NIfTIFile.read(path: Fixtures.path("anatomical.nii"))
        let three = HeaderTests.image.with(
            voxels: (0..<60).map { Float($0 * 4) }, shape: Shape(channels: 3, depth: 2, height: 2, width: 5),
            geometry: HeaderTests.image.geometry)
        return [
            ("plain", HeaderTests.image, .none), ("sheared", sheared, .none), ("rescaled", rescaled, .none),
            ("mirrored", mirrored, .none), ("time", time, .time(stepSeconds: 2.5)), ("anatomical", anatomical, .none),
            ("components", three, .components), ("color", three, .color), ("members", GzipTests.image, .none),
        ]
    }

    @Test(.enabled(if: folder != nil)) func writeForComparison() throws {
        let folder = try #require(Self.folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, image, channels) in try Self.images() {
            for version in [1, 2] {
                for storage in [WritingOptions.Storage.float32, .smallest] {
                    for compression in Compression.allCases {
                        var options = WritingOptions()
                        (options.channels, options.storage, options.compression) = (channels, storage, compression)
                        options.version = version == 1 ? .one : .two
                        options.extensions =
                            name == "plain" ? [HeaderExtension(code: 6, bytes: Array("text".utf8))] : []
                        let writer = try NIfTIWriter(image, options: options)
                        let stem = "\(folder)/\(name)-\(version)-\(storage)-\(compression)"
                        try AtomicFile.write(stem + writer.suffix, sync: false) { (sink) throws(FileError) in
                            try writer.write(to: sink)
                        }
                        try JSONEncoder().encode(describe(image, channels, version))
                            .write(to: URL(filePath: stem + ".json"))
                    }
                }
            }
        }
    }

    /// What became of a damaged file: the reason of its refusal, or what was read.
    private struct Verdict: Encodable {
        var file: String
        var refused: String?
        var shape: [Int]?
        var affine: [[Double]]?
        var digest: String?
        var rescale: [Double]?
    }

    @Test(.enabled(if: folder != nil)) func writeDamagedForComparison() throws {
        let folder = try #require(Self.folder) + "/damaged"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let verdicts = try DamagedFile.all().map { file in
            let name = file.name.filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "=" || $0 == "_" }
            let gzip = file.bytes.starts(with: [0x1F, 0x8B])
            var verdict = Verdict(file: name + (gzip ? ".nii.gz" : ".nii"))
            let path = folder + "/" + verdict.file
            try Data(file.bytes).write(to: URL(filePath: path))
            do throws(NIfTIError) {
                let (volume, _) = try NIfTIFile.read(path: path)
                let shape = volume.shape
                verdict.shape = [shape.channels, shape.depth, shape.height, shape.width]
                verdict.affine = volume.geometry.affine
                verdict.digest = Expectation.digest(volume.voxels)
                verdict.rescale = volume.attributes.rescales.flatMap { [$0.slope, $0.intercept] }
            } catch {
                verdict.refused = error.message
            }
            return verdict
        }
        try JSONEncoder().encode(verdicts).write(to: URL(filePath: folder + "/verdicts.json"))
    }

    private func describe(_ image: Volume, _ channels: FourthAxis, _ version: Int) -> Description {
        let (name, step): (String, Double?) =
            switch channels {
            case .none, .spectrum: ("none", nil)
            case .time(let step): ("time", step)
            case .components: ("components", nil)
            case .color: ("color", nil)
            }
        let shape = image.shape
        return Description(
            shape: [shape.channels, shape.depth, shape.height, shape.width], affine: image.geometry.affine,
            digest: Expectation.digest(image.voxels),
            rescale: image.attributes.rescales.flatMap { [$0.slope, $0.intercept] }, channels: name, step: step,
            version: version)
    }
}
