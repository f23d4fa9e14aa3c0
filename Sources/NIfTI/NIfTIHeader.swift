public import Volumes

/// What a NIfTI header says, checked. Offsets are those of nifti1.h and nifti2.h.
public struct NIfTIHeader: Sendable {
    /// 1 or 2.
    public var version: Int
    public var isBigEndian: Bool
    /// Header and voxels are two files, .hdr and .img.
    public var isPair: Bool
    /// dim[1...dim[0]], each at least 1.
    public var dimensions: [Int]
    public var datatype: Datatype
    /// Where voxels start in their file.
    public var voxelOffset: Int
    /// pixdim[1...7] as stored; pixdim[0] is `qfac`.
    var pixdim: [Double]
    var qfac: Double
    /// scl_slope and scl_inter, or nil when the header asks for none (slope 0 or no number).
    public var rescale: Rescale?
    var qformCode: Int
    var sformCode: Int
    /// quatern_b, c, d and qoffset_x, y, z.
    var quaternion: SIMD3<Double>
    var qoffset: SIMD3<Double>
    /// srow_x, srow_y, srow_z.
    var srows: [[Double]]
    /// xyzt_units: low three bits of space, next three of time.
    var units: Int

    /// Length of the header in the file: sizeof_hdr.
    static let lengths = [1: 348, 2: 540]

    /// The shape that `NIfTIFile.read` gives: the fourth dimension as channels, further ones must be 1.
    public var shape: Shape {
        let sizes = dimensions + Array(repeating: 1, count: 7 - dimensions.count)
        return Shape(channels: sizes[3], depth: sizes[2], height: sizes[1], width: sizes[0])
    }

    /// mm along x, y, z, from the transform that places the voxels.
    public var spacing: SIMD3<Double> { placement().geometry.spacing }
    public var geometry: Geometry { placement().geometry }

    /// Voxels of all dimensions; checked not to overflow.
    var voxelCount: Int { dimensions.reduce(1, *) }

    /// Millimetres of one unit of the header's space (NIFTI_UNITS_*).
    var unitLength: Double {
        switch units & 7 {
        case 1: 1000
        case 3: 0.001
        default: 1
        }
    }
}
