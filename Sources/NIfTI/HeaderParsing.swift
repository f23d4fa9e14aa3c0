import Volumes

extension NIfTIHeader {
    /// Bytes at the start of a file that `init(parsing:)` wants: the longer header and its extension flag.
    static let prefixLength = 544

    /// Voxels at most: 4 GiB as Float32.
    static let voxelLimit = 1 << 30

    /// Whether the bytes begin like NIfTI-1, NIfTI-2 or ANALYZE.
    static func signature(_ bytes: [UInt8]) -> Signature? {
        guard bytes.count >= 4 else { return nil }
        for isBigEndian in [false, true] {
            let length = ByteReader(bytes: bytes[...], isBigEndian: isBigEndian).integer(0, UInt32.self)
            guard let version = lengths.first(where: { $0.value == Int(length) })?.key else { continue }
            return Signature(version: version, isBigEndian: isBigEndian)
        }
        return nil
    }

    struct Signature {
        var version: Int
        var isBigEndian: Bool
    }

    /// Reads and checks a header; nothing behind it is touched.
    ///
    /// libnifti2 must not see a header before this: it trusts dim[0] and writes outside its arrays.
    init(parsing bytes: [UInt8], path: String) throws(NIfTIError) {
        guard let signature = Self.signature(bytes) else {
            throw NIfTIError(.notNIfTI, path: path, bytes.isEmpty ? "the file is empty" : "not a NIfTI image")
        }
        let length = Self.lengths[signature.version]!
        guard bytes.count >= length else {
            throw NIfTIError(.truncated, path: path, "the header ends after \(bytes.count) of \(length) bytes")
        }
        let reader = ByteReader(bytes: bytes[..<length], isBigEndian: signature.isBigEndian)
        let isPair = try Self.checkMagic(bytes, version: signature.version, path: path)
        if signature.version == 1 {
            self.init(nifti1: reader, isPair: isPair)
        } else {
            self.init(nifti2: reader, isPair: isPair)
        }
        try checkDimensions(count: Int(truncatingIfNeeded: Self.rank(reader, signature.version)), path: path)
        try checkVoxels(reader, path: path)
    }

    /// Returns whether the magic string is that of a pair of files.
    private static func checkMagic(_ bytes: [UInt8], version: Int, path: String) throws(NIfTIError) -> Bool {
        let magic = version == 1 ? Array(bytes[344..<348]) : Array(bytes[4..<12])
        let (single, pair) = ("n+\(version)", "ni\(version)")
        let tail: [UInt8] = version == 1 ? [0] : [0, 0x0D, 0x0A, 0x1A, 0x0A]
        if magic == Array(single.utf8) + tail { return false }
        if magic == Array(pair.utf8) + tail { return true }
        if version == 1 && !magic.contains(where: { $0 != 0 }) {
            throw NIfTIError(
                .analyze, path: path,
                "an ANALYZE 7.5 header does not tell left from right; convert it to NIfTI with a tool that knows")
        }
        throw NIfTIError(.damaged, path: path, "the magic string of the header is wrong")
    }

    private static func rank(_ reader: ByteReader, _ version: Int) -> Int64 {
        version == 1 ? Int64(reader.integer(40, Int16.self)) : reader.integer(16, Int64.self)
    }

    /// nifti1.h, struct nifti_1_header.
    private init(nifti1 reader: ByteReader, isPair: Bool) {
        let slope = Self.rescale(slope: reader.float(112), intercept: reader.float(116))
        self.init(
            version: 1, isBigEndian: reader.isBigEndian, isPair: isPair,
            dimensions: (1...7).map { Int(reader.integer(40 + $0 * 2, Int16.self)) }, datatype: .binary,
            voxelOffset: Self.offset(reader.float(108)), pixdim: (1...7).map { reader.float(76 + $0 * 4) },
            qfac: reader.float(76), rescale: slope, qformCode: Int(reader.integer(252, Int16.self)),
            sformCode: Int(reader.integer(254, Int16.self)),
            quaternion: [reader.float(256), reader.float(260), reader.float(264)],
            qoffset: [reader.float(268), reader.float(272), reader.float(276)],
            srows: (0..<3).map { row in (0..<4).map { reader.float(280 + row * 16 + $0 * 4) } },
            units: Int(reader.integer(123, UInt8.self)))
    }

    /// nifti2.h, struct nifti_2_header.
    private init(nifti2 reader: ByteReader, isPair: Bool) {
        let slope = Self.rescale(slope: reader.double(176), intercept: reader.double(184))
        self.init(
            version: 2, isBigEndian: reader.isBigEndian, isPair: isPair,
            dimensions: (1...7).map { Int(reader.integer(16 + $0 * 8, Int64.self)) }, datatype: .binary,
            voxelOffset: Int(reader.integer(168, Int64.self)), pixdim: (1...7).map { reader.double(104 + $0 * 8) },
            qfac: reader.double(104), rescale: slope, qformCode: Int(reader.integer(344, Int32.self)),
            sformCode: Int(reader.integer(348, Int32.self)),
            quaternion: [reader.double(352), reader.double(360), reader.double(368)],
            qoffset: [reader.double(376), reader.double(384), reader.double(392)],
            srows: (0..<3).map { row in (0..<4).map { reader.double(400 + row * 32 + $0 * 8) } },
            units: Int(reader.integer(500, Int32.self)))
    }

    /// "If scl_slope is nonzero then each voxel value should be scaled" (nifti1.h); no number counts as zero.
    private static func rescale(slope: Double, intercept: Double) -> Rescale? {
        guard slope.isFinite, slope != 0 else { return nil }
        return Rescale(slope: slope, intercept: intercept.isFinite ? intercept : 0)
    }

    /// vox_offset of NIfTI-1 is a float; -1 stands for what no offset can be.
    private static func offset(_ value: Double) -> Int { Int(exactly: value) ?? -1 }

    private mutating func checkDimensions(count: Int, path: String) throws(NIfTIError) {
        guard (1...7).contains(count) else {
            throw NIfTIError(.damaged, path: path, "dim[0] is not in 1...7")
        }
        dimensions = Array(dimensions.prefix(count))
        guard dimensions.allSatisfy({ $0 >= 1 }) else {
            throw NIfTIError(.damaged, path: path, "a dimension is zero or negative")
        }
        var product = 1
        for size in dimensions {
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            guard !overflow, next <= Self.voxelLimit else {
                throw NIfTIError(.tooLarge, path: path, "more than \(Self.voxelLimit) voxels")
            }
            product = next
        }
    }

    private mutating func checkVoxels(_ reader: ByteReader, path: String) throws(NIfTIError) {
        let code = Int(version == 1 ? reader.integer(70, Int16.self) : reader.integer(12, Int16.self))
        let bits = Int(version == 1 ? reader.integer(72, Int16.self) : reader.integer(14, Int16.self))
        guard let datatype = Datatype(rawValue: code) else {
            throw NIfTIError(.damaged, path: path, "datatype \(code) is not one of nifti1.h")
        }
        // bitpix 0 is common and harmless: datatype says the same.
        guard bits == 0 || bits == datatype.bitsPerVoxel else {
            throw NIfTIError(.damaged, path: path, "bitpix \(bits) contradicts datatype \(datatype)")
        }
        self.datatype = datatype
        let least = isPair ? 0 : Self.lengths[version]!
        guard voxelOffset >= least, voxelOffset <= 1 << 40 else {
            throw NIfTIError(.damaged, path: path, "vox_offset points into the header or is no whole number")
        }
    }
}
