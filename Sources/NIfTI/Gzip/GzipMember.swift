import CDeflate
import CISAL

/// One gzip member (RFC 1952) of a few MiB, complete in itself, with its lengths in an extra field so that `GzipIndex`
/// finds the next one. Every gzip reader takes several members as one stream and passes over the field.
enum GzipMember {
    /// Ten bytes, the length of the extra field, and the field: "HL", 8, the member's length, what it inflates to.
    static let headerLength = 24
    private static let trailerLength = 8

    /// Room that a member of so many bytes needs at most.
    static func bound(_ count: Int) -> Int {
        headerLength + trailerLength + libdeflate_deflate_compress_bound(nil, count)
    }

    /// Writes a member. Modification time and name are left out: the same bytes always give the same member.
    /// - Parameter out: at least `bound(bytes.count)` bytes.
    /// - Returns: the member's length, or nil when memory is short.
    static func deflate(
        _ bytes: UnsafeRawBufferPointer, _ compression: Compression, into out: UnsafeMutableRawBufferPointer
    ) -> Int? {
        let body = UnsafeMutableRawBufferPointer(rebasing: out[headerLength..<out.count - trailerLength])
        var count = 0
        if compression == .fast {
            count = isal_deflate_whole(
                bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count,
                body.bindMemory(to: UInt8.self).baseAddress, body.count)
        }
        if count == 0 {
            guard let compressor = libdeflate_alloc_compressor(compression == .small ? 6 : 1) else { return nil }
            defer { libdeflate_free_compressor(compressor) }
            count = libdeflate_deflate_compress(
                compressor, bytes.baseAddress, bytes.count, body.baseAddress, body.count)
            guard count > 0 else { return nil }
        }
        let length = headerLength + count + trailerLength
        // ID1 ID2, deflate, FEXTRA; no time; XFL 4 = fastest; OS unknown; XLEN 12, "HL", 8 bytes.
        out.copyBytes(from: [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, compression == .fast ? 4 : 0, 255, 12, 0, 0x48, 0x4C, 8, 0])
        out.storeBytes(of: UInt32(length).littleEndian, toByteOffset: 16, as: UInt32.self)
        out.storeBytes(of: UInt32(bytes.count).littleEndian, toByteOffset: 20, as: UInt32.self)
        let checksum = libdeflate_crc32(0, bytes.baseAddress, bytes.count)
        out.storeBytes(of: checksum.littleEndian, toByteOffset: headerLength + count, as: UInt32.self)
        out.storeBytes(of: UInt32(bytes.count).littleEndian, toByteOffset: headerLength + count + 4, as: UInt32.self)
        return length
    }

    /// What the extra field of a member says, or nil when there is none.
    static func sizes(_ head: [UInt8]) -> (length: Int, count: Int)? {
        guard head.count == headerLength, head.starts(with: [0x1F, 0x8B, 8, 4]),
            head[10..<16].elementsEqual([12, 0, 0x48, 0x4C, 8, 0])
        else { return nil }
        let reader = ByteReader(bytes: head[...], isBigEndian: false)
        let (length, count) = (Int(reader.integer(16, UInt32.self)), Int(reader.integer(20, UInt32.self)))
        return length > headerLength + trailerLength ? (length, count) : nil
    }
}
