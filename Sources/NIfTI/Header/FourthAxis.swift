import Volumes

/// What the values at one place of an image are: what `NIfTIFile.read` turns into channels.
public enum FourthAxis: Sendable, Hashable {
    /// One value.
    case none
    /// Points in time (dim[4]), `stepSeconds` apart: pixdim[4] in the unit of xyzt_units; nil when either is missing.
    case time(stepSeconds: Double?)
    /// Frequencies: dim[4] whose unit is Hz, ppm or rad/s.
    case spectrum
    /// Components of a vector, matrix or other set (dim[5]); `NIfTIHeader.intentCode` says of what.
    case components
    /// Red, green, blue (DT_RGB24, DT_RGBA32).
    case color
}

extension NIfTIHeader {
    /// All dimensions with those that the header leaves out as 1: x, y, z, t, components, and two that must be 1.
    var sizes: [Int] { dimensions + Array(repeating: 1, count: 7 - dimensions.count) }

    /// nifti1.h: "dimensions 1,2,3 are for space, dimension 4 is for time, dimension 5 is for storing multiple values
    /// at each spatiotemporal voxel."
    public var fourthAxis: FourthAxis {
        if datatype.isColor { return .color }
        let sizes = sizes
        if sizes[4] > 1 { return .components }
        guard sizes[3] > 1 else { return .none }
        let unit: Double
        switch units & 0x38 {
        case 8: unit = 1
        case 16: unit = 1e-3
        case 24: unit = 1e-6
        case 32, 40, 48: return .spectrum
        default: return .time(stepSeconds: nil)
        }
        let step = pixdim[3] * unit
        return .time(stepSeconds: step.isFinite && step > 0 ? step : nil)
    }

    /// Refuses what no voxels can be read of, however whole the file is.
    ///
    /// - Throws: `.unsupported` for types without a value, and for more dimensions than a volume with channels has.
    public func checkIsReadable(path: String) throws(NIfTIError) {
        if let reason = datatype.refusal { throw NIfTIError(.unsupported, path: path, reason) }
        try checkAxes(path: path)
        guard geometry.hasPossibleSpacing else {
            throw NIfTIError(
                .damaged, path: path,
                "voxels lie less than a nanometre or more than a kilometre apart; correct pixdim, sform and xyzt_units")
        }
    }

    /// Whether the dimensions fit a volume; those that do not are named.
    private func checkAxes(path: String) throws(NIfTIError) {
        let sizes = sizes
        guard sizes[5] == 1, sizes[6] == 1 else {
            throw NIfTIError(
                .unsupported, path: path, "dim[6] or dim[7] is above 1; split the image along it first")
        }
        guard sizes[3] == 1 || sizes[4] == 1 else {
            throw NIfTIError(
                .unsupported, path: path,
                "\(sizes[3]) points in time of \(sizes[4]) components each; split the image along one of them first")
        }
        guard !datatype.isColor || sizes[3] * sizes[4] == 1 else {
            throw NIfTIError(
                .unsupported, path: path,
                "\(sizes[3] * sizes[4]) colour images in one; split the image along its last axis first")
        }
    }
}
