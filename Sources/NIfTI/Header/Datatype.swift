/// Voxel types of nifti1.h, DT_*. Whole numbers, reals and colours can be read as voxels.
public enum Datatype: Int, Sendable, CaseIterable {
    case binary = 1
    case uint8 = 2
    case int16 = 4
    case int32 = 8
    case float32 = 16
    case complex64 = 32
    case float64 = 64
    case rgb24 = 128
    case int8 = 256
    case uint16 = 512
    case uint32 = 768
    case int64 = 1024
    case uint64 = 1280
    case float128 = 1536
    case complex128 = 1792
    case complex256 = 2048
    case rgba32 = 2304

    /// nil for types that are refused.
    var bytesPerVoxel: Int? {
        switch self {
        case .uint8, .int8: 1
        case .int16, .uint16: 2
        case .rgb24: 3
        case .int32, .uint32, .float32, .rgba32: 4
        case .int64, .uint64, .float64: 8
        case .binary, .complex64, .complex128, .complex256, .float128: nil
        }
    }

    /// What to do about a type that has no value a voxel can be.
    var refusal: String? {
        switch self {
        case .complex64, .complex128, .complex256: "\(self) voxels: take magnitude or phase first"
        case .float128: "float128 voxels: convert them to float64 first"
        // nifti1.h names the type and leaves the order of its bits open.
        case .binary: "binary voxels (1 bit each): convert them to uint8 first"
        default: nil
        }
    }

    var bitsPerVoxel: Int {
        switch self {
        case .binary: 1
        case .complex64: 64
        case .float128, .complex128: 128
        case .complex256: 256
        default: (bytesPerVoxel ?? 0) * 8
        }
    }

    /// BitsStored of whole numbers.
    var integerBits: Int? {
        switch self {
        case .float32, .float64: nil
        case .rgb24, .rgba32: 8
        default: bytesPerVoxel.map { $0 * 8 }
        }
    }

    var isSigned: Bool { ![.uint8, .uint16, .uint32, .uint64, .rgb24, .rgba32].contains(self) }

    /// Red, green and blue at each voxel, interleaved.
    var isColor: Bool { self == .rgb24 || self == .rgba32 }
}
