public import Volumes

/// A volume without its face, and what was done to it.
public struct DefacedVolume: Sendable {
    /// Same grid, same kind of values (words stay words), same attributes.
    public var volume: Volume
    /// Voxels that were set to air, on the volume's grid: 1 around the face, 2 around the ears.
    public var changed: Mask
    public var verdict: DefacingVerdict
}

/// Numbers that say whether a face was removed well; all thresholds have been passed when there is one.
public struct DefacingVerdict: Sendable, Hashable {
    public var measures: HeadMeasures
    /// Voxels set to air, those included that were air before.
    public var changedVoxels: Int
    /// Share of the head's surface between brows and chin that was removed, 1 when none of it is in the image; the rest lies too
    /// near the brain.
    public var faceSurfaceRemoved: Double
    /// mm around the brain in which nothing was changed.
    public var margin: Double
    /// What was filled in, in output units (HU for CT), in the first slice.
    public var fill: Float
}
