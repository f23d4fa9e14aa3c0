import NIfTI
import Volumes

/// A small image damaged in every way that a disk, a network or a careless program might, one way a file.
struct DamagedFile {
    /// "plain-cut-17", "gzip-bit-3", "srow_y[2]-nan"
    var name: String
    var bytes: [UInt8]
    /// The voxels are those of the whole image when the file is read at all.
    var keepsVoxels: Bool

    static func all() throws -> [DamagedFile] {
        let plain = try written(HeaderTests.image, storage: .automatic) {
            $0.extensions = [HeaderExtension(code: 6, bytes: Array("a comment".utf8))]
        }
        let packed = try written(HeaderTests.image, compressed: true, storage: .automatic) {
            $0.extensions = [HeaderExtension(code: 6, bytes: Array("a comment".utf8))]
        }
        return cuts(plain, "plain") + cuts(packed, "gzip") + bits(packed) + trailers(packed) + fields(plain)
    }

    private static func cuts(_ bytes: [UInt8], _ kind: String) -> [DamagedFile] {
        (0..<37).map {
            DamagedFile(name: "\(kind)-cut-\($0)", bytes: Array(bytes[..<(bytes.count * $0 / 37)]), keepsVoxels: true)
        }
    }

    /// Each bit of every third byte.
    private static func bits(_ bytes: [UInt8]) -> [DamagedFile] {
        stride(from: 0, to: bytes.count, by: 3).map { place in
            var changed = bytes
            changed[place] ^= 1 << UInt8(place / 3 % 8)
            return DamagedFile(name: "gzip-bit-\(place)", bytes: changed, keepsVoxels: true)
        }
    }

    /// CRC32 and ISIZE of each member, and what the extra field says.
    private static func trailers(_ bytes: [UInt8]) -> [DamagedFile] {
        var (files, start) = ([DamagedFile](), 0)
        for member in GzipParts.members(bytes)! {
            let end = start + member.count
            for (name, place) in [
                ("crc", end - 8), ("isize", end - 4), ("length", start + 16), ("inflated", start + 20),
            ] {
                for value in [0, 1, UInt32.max] {
                    var changed = bytes
                    changed.set(place, value)
                    files.append(DamagedFile(name: "gzip-\(name)-\(start)-\(value)", bytes: changed, keepsVoxels: true))
                }
            }
            start = end
        }
        return files
    }

    /// nifti1.h: name, offset, bytes an element, elements, whether it is a float, whether it decides what voxels are.
    private static let layout: [(String, Int, Int, Int, Bool, Bool)] = [
        ("sizeof_hdr", 0, 4, 1, false, true), ("dim_info", 39, 1, 1, false, false), ("dim", 40, 2, 8, false, true),
        ("intent_p", 56, 4, 3, true, false), ("intent_code", 68, 2, 1, false, false),
        ("datatype", 70, 2, 1, false, true), ("bitpix", 72, 2, 1, false, true),
        ("slice_start", 74, 2, 1, false, false), ("pixdim", 76, 4, 8, true, false),
        ("vox_offset", 108, 4, 1, true, true), ("scl_slope", 112, 4, 1, true, false),
        ("scl_inter", 116, 4, 1, true, false), ("slice_end", 120, 2, 1, false, false),
        ("slice_code", 122, 1, 1, false, false), ("xyzt_units", 123, 1, 1, false, false),
        ("cal_max", 124, 4, 2, true, false), ("toffset", 136, 4, 1, true, false),
        ("qform_code", 252, 2, 1, false, false), ("sform_code", 254, 2, 1, false, false),
        ("quatern", 256, 4, 3, true, false), ("qoffset", 268, 4, 3, true, false), ("srow_x", 280, 4, 4, true, false),
        ("srow_y", 296, 4, 4, true, false), ("srow_z", 312, 4, 4, true, false), ("magic", 344, 4, 1, false, true),
        ("extension", 348, 1, 1, false, false), ("esize", 352, 4, 1, false, false), ("ecode", 356, 4, 1, false, false),
    ]

    private static func fields(_ bytes: [UInt8]) -> [DamagedFile] {
        let floats: [(String, Float)] = [
            ("nan", .nan), ("inf", .infinity), ("-inf", -.infinity), ("0", 0), ("-1", -1),
            ("max", .greatestFiniteMagnitude),
            ("least", .leastNonzeroMagnitude), ("half", 352.5),
        ]
        let integers: [(String, UInt32)] = [
            ("0", 0), ("1", 1), ("-1", .max), ("least", 0x8000_8080), ("most", 0x7FFF_7F7F), ("8", 8), ("ff", 0xFF),
        ]
        return layout.flatMap { name, offset, size, count, isFloat, decides in
            (0..<count).flatMap { element in
                let label = count == 1 ? name : "\(name)[\(element)]"
                let values = isFloat ? floats.map { ($0.0, $0.1.bitPattern) } : integers
                return values.map { text, value in
                    var changed = bytes
                    for index in 0..<size {
                        changed[offset + element * size + index] = UInt8(value >> (8 * index) & 255)
                    }
                    return DamagedFile(name: "\(label)=\(text)", bytes: changed, keepsVoxels: !decides)
                }
            }
        }
    }
}
