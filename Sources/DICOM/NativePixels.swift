import CDCMTK
import Files

/// Where uncompressed little-endian pixel data lies in its file, so that frames can be read without parsing it again.
struct NativePixels: Sendable, Hashable {
    /// Of the first byte of (7FE0,0010).
    var offset: Int
    /// Its length as stated; even, so that one byte may be padding.
    var count: Int
    /// The file as it was when this was found out.
    var identity: FileIdentity

    /// Nil for other transfer syntaxes and for whatever does not look exactly as PS3.5 7.1 lays an element out: those
    /// files go the long way, which says what is wrong with them.
    init?(_ file: borrowing OpenFile, bytes: FileReader, transferSyntaxUID uid: String) {
        let isImplicit = uid == "1.2.840.10008.1.2"
        guard isImplicit || uid == "1.2.840.10008.1.2.1" else { return nil }
        offset = Int(clamping: dcmtk_stop_offset(file.handle))
        guard offset >= 12, offset <= bytes.size, let head = try? bytes.bytes(at: offset - 12, count: 12),
            head.count == 12
        else { return nil }
        let tag: [UInt8] = [0xE0, 0x7F, 0x10, 0x00]
        if isImplicit {
            guard Array(head[4..<8]) == tag else { return nil }
        } else {
            guard Array(head[0..<4]) == tag, [Array("OW".utf8), Array("OB".utf8)].contains(Array(head[4..<6])) else {
                return nil
            }
        }
        count = head[8..<12].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard count != 0xFFFF_FFFF, offset + count <= bytes.size else { return nil }
        identity = bytes.identity
    }

    /// There must be as many bytes as the header's 16-bit gray frames take.
    func check(_ header: DICOMHeader) throws(DICOMError) {
        let expected = header.rows * header.columns * header.frames * 2
        guard count >= expected else {
            throw DICOMError(
                .truncated, path: header.path,
                "pixel data has \(count) of \(expected) bytes; copy the file again from its source")
        }
    }
}
