public import Volumes

/// What a NIfTI header says, checked. Offsets are those of nifti1.h and nifti2.h.
public struct NIfTIHeader: Sendable {
    /// 1 or 2; 0 for ANALYZE 7.5.
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
    /// scl_slope and scl_inter, or nil when the header asks for none: slope 0 or no number, or colours.
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
    /// NIFTI_INTENT_*: what the voxels mean (2...24 statistics, 1002 labels, 1006 displacements, 1007 vectors).
    public var intentCode: Int
    /// Data of other programs behind the header, in their order. They may hold patient data.
    public var extensions: [HeaderExtension] = []
    var warnings: [NIfTIWarning] = []

    var isAnalyze: Bool { version == 0 }

    /// Length of the header in the file: sizeof_hdr.
    static let lengths = [0: 348, 1: 348, 2: 540]

    /// The shape that `NIfTIFile.read` gives, with `fourthAxis` as channels.
    public var shape: Shape {
        let sizes = sizes
        let channels = datatype.isColor ? 3 : sizes[3...].reduce(1, *)
        return Shape(channels: channels, depth: sizes[2], height: sizes[1], width: sizes[0])
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
