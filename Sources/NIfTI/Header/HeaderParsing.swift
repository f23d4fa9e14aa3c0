import Volumes

extension NIfTIHeader {
    /// Bytes at the start of a file that `init(parsing:)` wants: the longer header and its extension flag.
    static let prefixLength = 544

    struct Signature {
        var version: Int
        var isBigEndian: Bool
    }

    /// Whether the bytes begin like NIfTI-1, NIfTI-2 or ANALYZE.
    static func signature(_ bytes: [UInt8]) -> Signature? {
        guard bytes.count >= 4 else { return nil }
        for isBigEndian in [false, true] {
            let length = ByteReader(bytes: bytes[...], isBigEndian: isBigEndian).integer(0, UInt32.self)
            guard let version = [1, 2].first(where: { lengths[$0] == Int(length) }) else { continue }
            return Signature(version: version, isBigEndian: isBigEndian)
        }
        return nil
    }

    /// Reads and checks a header; nothing behind it is touched.
    ///
    /// libnifti2 must not see a header before this: it trusts dim[0] and writes outside its arrays.
    init(
        parsing bytes: [UInt8], path: String, allowsAnalyze: Bool = false, voxelLimit: Int = Self.voxelLimit
    ) throws(NIfTIError) {
        guard let signature = Self.signature(bytes) else {
            throw NIfTIError(.notNIfTI, path: path, bytes.isEmpty ? "the file is empty" : "not a NIfTI image")
        }
        let length = Self.lengths[signature.version]!
        guard bytes.count >= length else {
            throw NIfTIError(.truncated, path: path, "the header ends after \(bytes.count) of \(length) bytes")
        }
        let reader = ByteReader(bytes: bytes[..<length], isBigEndian: signature.isBigEndian)
        let kind = try Self.kind(bytes, version: signature.version, path: path)
        guard kind != .analyze || allowsAnalyze else {
            throw NIfTIError(
                .analyze, path: path,
                "an ANALYZE 7.5 header does not tell left from right; convert it to NIfTI with a tool that knows")
        }
        if kind == .analyze {
            self.init(analyze: reader)
        } else if signature.version == 1 {
            self.init(nifti1: reader, isPair: kind == .pair)
        } else {
            self.init(nifti2: reader, isPair: kind == .pair)
        }
        try check(reader, path: path, voxelLimit: voxelLimit)
    }

    private enum Kind {
        case single, pair, analyze
    }

    /// What the magic string says.
    private static func kind(_ bytes: [UInt8], version: Int, path: String) throws(NIfTIError) -> Kind {
        let magic = version == 1 ? Array(bytes[344..<348]) : Array(bytes[4..<12])
        let (single, pair) = ("n+\(version)", "ni\(version)")
        let tail: [UInt8] = version == 1 ? [0] : [0, 0x0D, 0x0A, 0x1A, 0x0A]
        if magic == Array(single.utf8) + tail { return .single }
        if magic == Array(pair.utf8) + tail { return .pair }
        if version == 1 && !magic.contains(where: { $0 != 0 }) { return .analyze }
        throw NIfTIError(.damaged, path: path, "the magic string of the header is wrong")
    }

    /// nifti1.h, struct nifti_1_header.
    private init(nifti1 reader: ByteReader, isPair: Bool) {
        self.init(
            version: 1, isBigEndian: reader.isBigEndian, isPair: isPair,
            dimensions: (1...7).map { Int(reader.integer(40 + $0 * 2, Int16.self)) }, datatype: .binary,
            voxelOffset: Self.offset(reader.float(108)), pixdim: (1...7).map { reader.float(76 + $0 * 4) },
            qfac: reader.float(76), rescale: Rescale(slope: reader.float(112), intercept: reader.float(116)),
            qformCode: Int(reader.integer(252, Int16.self)), sformCode: Int(reader.integer(254, Int16.self)),
            quaternion: [reader.float(256), reader.float(260), reader.float(264)],
            qoffset: [reader.float(268), reader.float(272), reader.float(276)],
            srows: (0..<3).map { row in (0..<4).map { reader.float(280 + row * 16 + $0 * 4) } },
            units: Int(reader.integer(123, UInt8.self)), intentCode: Int(reader.integer(68, Int16.self)))
    }

    /// nifti2.h, struct nifti_2_header.
    private init(nifti2 reader: ByteReader, isPair: Bool) {
        self.init(
            version: 2, isBigEndian: reader.isBigEndian, isPair: isPair,
            dimensions: (1...7).map { Int(reader.integer(16 + $0 * 8, Int64.self)) }, datatype: .binary,
            voxelOffset: Int(reader.integer(168, Int64.self)), pixdim: (1...7).map { reader.double(104 + $0 * 8) },
            qfac: reader.double(104), rescale: Rescale(slope: reader.double(176), intercept: reader.double(184)),
            qformCode: Int(reader.integer(344, Int32.self)), sformCode: Int(reader.integer(348, Int32.self)),
            quaternion: [reader.double(352), reader.double(360), reader.double(368)],
            qoffset: [reader.double(376), reader.double(384), reader.double(392)],
            srows: (0..<3).map { row in (0..<4).map { reader.double(400 + row * 32 + $0 * 8) } },
            units: Int(reader.integer(500, Int32.self)), intentCode: Int(reader.integer(504, Int32.self)))
    }

    /// ANALYZE 7.5, struct dsr: sizes and type stand where NIfTI-1 has them, and nothing says where the voxels lie.
    /// SPM's origin (253) is not read; its scale factor stands where scl_slope does.
    private init(analyze reader: ByteReader) {
        self.init(
            version: 0, isBigEndian: reader.isBigEndian, isPair: true,
            dimensions: (1...7).map { Int(reader.integer(40 + $0 * 2, Int16.self)) }, datatype: .binary,
            voxelOffset: Self.offset(reader.float(108)), pixdim: (1...7).map { reader.float(76 + $0 * 4) }, qfac: 1,
            rescale: Rescale(slope: reader.float(112), intercept: 0), qformCode: 0, sformCode: 0,
            quaternion: .zero, qoffset: .zero, srows: [], units: 2, intentCode: 0)
    }

    /// vox_offset of NIfTI-1 is a float; -1 stands for what no offset can be.
    private static func offset(_ value: Double) -> Int { Int(exactly: value) ?? -1 }
}
