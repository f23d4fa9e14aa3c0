public import NIfTI
public import Pipelines

/// What `hilum convert` makes of each image.
public struct ConversionOptions: Sendable {
    public enum Format: String, Sendable, CaseIterable {
        /// Voxels as stored, with slope and intercept in the header where one serves all; geometry exact.
        case nifti
        /// Float32 in output units.
        case npy
        /// Float32 in output units, one tensor called "image".
        case safetensors
        /// 8-bit pictures to look at.
        case png
    }

    public var format = Format.nifti
    public var version = WritingOptions.Version.automatic
    public var compression = Compression.fast
    public var storage = WritingOptions.Storage.automatic

    public init() {}

    /// Everything that decides the bytes, for resume keys.
    var name: String { "\(format)-\(version)-\(compression)-\(storage)" }

    /// What a `name` begins with.
    static func format(named name: String) -> Format? { Format(rawValue: String(name.prefix { $0 != "-" })) }
}

extension Pipeline<Item> {
    /// A pipeline without stages: images go to files of another format as they are.
    public static func conversion(_ options: ConversionOptions, input: InputSelection) -> Pipeline<Item> {
        Pipeline(
            name: "convert", input: input, stages: [],
            outputs: [
                Output.converted(options).configured(options.name)
            ])
    }
}
