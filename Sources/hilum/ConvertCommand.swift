public import ArgumentParser
public import DICOM
import NIfTI
import Pipelines
public import Stages

struct ConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "DICOM series and other images to NIfTI, NPY, safetensors or PNG, geometry exact.",
        discussion: """
            NIfTI keeps stored whole numbers, with slope and intercept in the header. Each image gets a JSON sidecar with \
            its acquisition under BIDS names and the file behind each slice. Converting does not de-identify.
            """)

    @OptionGroup var items: ItemOptions

    @Option(help: "nifti, npy, safetensors, or png (8 bits, by the header's window, to look at).")
    var format = ConversionOptions.Format.nifti

    @Option(help: "Of NIfTI: fast, small or none (.nii). [default: fast]")
    var compression: CompressionName?

    @Option(help: "Of NIfTI: 1 or 2. [default: 1, and 2 for images with more than 32767 voxels along an axis]")
    var niftiVersion: Int?

    @Option(
        help: "DICOM series with missing or unevenly spaced slices: error, regrid (interpolate), split or allow.")
    var onIrregular = IrregularSpacing.error

    @Option(help: "Tilted gantry: keep (the affine is sheared) or regrid (interpolate onto an upright grid).")
    var tilt = TiltHandling.keep

    @Option(help: "any, or volume: refuse what is no stack of slices with places in the patient.")
    var require = Requirement.any

    @Flag(help: "Of NIfTI: voxels as Float32 even where whole numbers keep every value.")
    var float32 = false

    func validate() throws {
        if let niftiVersion, ![1, 2].contains(niftiVersion) { throw ValidationError("--nifti-version must be 1 or 2") }
        let ofNIfTI = named([
            ("--compression", compression != nil), ("--nifti-version", niftiVersion != nil), ("--float32", float32),
        ])
        if format != .nifti, !ofNIfTI.isEmpty {
            throw ValidationError("\(ofNIfTI.joined(separator: ", ")): only with --format nifti")
        }
    }

    func run() async throws {
        items.handleInterruption()
        var options = ConversionOptions()
        options.format = format
        options.compression = (compression ?? .fast).value
        options.version = niftiVersion.map { $0 == 1 ? .one : .two } ?? .automatic
        options.storage = float32 ? .float32 : .automatic
        var input = InputSelection()
        input.options = [
            ("onIrregular", .choice(onIrregular.rawValue)), ("tilt", .choice(tilt.rawValue)),
            ("require", .choice(require.rawValue)),
        ]
        try await items.execute(.conversion(options, input: input), sidecar: .acquisition)
    }
}

enum Requirement: String, ExpressibleByArgument, CaseIterable { case any, volume }

enum CompressionName: String, ExpressibleByArgument, CaseIterable {
    case fast, small, none

    var value: Compression {
        switch self {
        case .fast: .fast
        case .small: .small
        case .none: .none
        }
    }
}

extension ConversionOptions.Format: ExpressibleByArgument {}
extension IrregularSpacing: ExpressibleByArgument {}
extension TiltHandling: ExpressibleByArgument {}
