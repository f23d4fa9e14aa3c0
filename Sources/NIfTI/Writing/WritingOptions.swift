public import Parallel

/// How voxels are compressed. Measured for one thread on a windowed CT as float32 and a noisy CT as int16: `fast` 570
/// and 240 MB/s for 15 and 43 % of the size, `small` 40 and 25 MB/s for 13 and 39 %.
public enum Compression: Sendable, Hashable, CaseIterable {
    /// .nii.
    case none
    /// ISA-L's level 1.
    case fast
    /// libdeflate's level 6.
    case small
}

/// How `NIfTIWriter` writes.
public struct WritingOptions: Sendable {
    public enum Version: Sendable, Hashable {
        /// NIfTI-1, or NIfTI-2 when a dimension is above 32767.
        case automatic
        case one
        case two
    }

    /// Type of the stored voxels. All but `float32` keep every value, or fall back on what does.
    public enum Storage: Sendable, Hashable {
        case float32
        /// The first of int16, uint16, int32 and float32 that holds every voxel exactly.
        case automatic
        /// The same with uint8 before them: some programs take uint8 for labels.
        case smallest
    }

    public var version = Version.automatic
    public var compression = Compression.fast
    public var storage = Storage.automatic
    /// What the channels are. Colours become RGB24 when there are three, whole numbers in 0...255 without a rescale;
    /// other colours are written as components.
    public var channels = FourthAxis.time(stepSeconds: nil)
    /// Written behind the header in this order.
    public var extensions: [HeaderExtension] = []
    /// Threads that convert and compress; they change no byte.
    public var workers = Workers.single

    public init() {}
}
