/// What becomes of series whose slices do not stand on an even, upright grid.
public struct SeriesOptions: Sendable, Hashable {
    public var onIrregular: IrregularSpacing
    public var tilt: TiltHandling
    /// Refuses what is no stack of at least two slices with places in the patient.
    public var requiresVolume: Bool

    public init(
        onIrregular: IrregularSpacing = .error, tilt: TiltHandling = .keep, requiresVolume: Bool = false
    ) {
        (self.onIrregular, self.tilt, self.requiresVolume) = (onIrregular, tilt, requiresVolume)
    }
}

/// What becomes of slices with unequal gaps, missing slices, or slices off a straight line.
public enum IrregularSpacing: String, Sendable, CaseIterable {
    /// The series is refused.
    case error
    /// Linear interpolation between neighbouring slices onto an even grid. Holes are interpolated, too.
    case regrid
    /// Each run of evenly spaced slices becomes a volume of its own.
    case split
    /// Slices are stacked as they are, at their median distance: places are wrong by what the warning says.
    case allow
}

/// What becomes of slices that are sheared against each other, as a tilted gantry makes them.
public enum TiltHandling: String, Sendable, CaseIterable {
    /// The geometry keeps the shear; no voxel changes.
    case keep
    /// Linear interpolation in the slices onto an orthogonal grid that holds every slice.
    case regrid
}
