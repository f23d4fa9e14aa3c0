import CDeflate

/// One frame of the transfer syntax Deflated Image Frame Compression (PS3.5 A.4.13): a raw deflate stream (RFC 1951)
/// of the frame's native little-endian bytes.
enum DeflatedFrame {
    /// Inflates into exactly `count` bytes; more or fewer are an error, so that no bomb inflates.
    static func decode(
        _ bytes: [UInt8], into output: inout [UInt8], count: Int, path: String
    ) throws(DICOMError) {
        precondition(output.count >= count, "too little room")
        guard let decompressor = libdeflate_alloc_decompressor() else {
            throw DICOMError(.tooLarge, path: path, "not enough memory to decode this file")
        }
        defer { libdeflate_free_decompressor(decompressor) }
        var produced = 0
        let result = libdeflate_deflate_decompress(
            decompressor, bytes, bytes.count, &output, count, &produced)
        switch result {
        case LIBDEFLATE_SUCCESS where produced == count: return
        case LIBDEFLATE_SUCCESS:
            throw DICOMError(
                .truncated, path: path, "a deflated frame has \(produced) of \(count) bytes; copy the file again")
        case LIBDEFLATE_INSUFFICIENT_SPACE:
            throw DICOMError(.malformed, path: path, "a deflated frame has more than its \(count) bytes")
        default:
            throw DICOMError(.decodeFailed, path: path, "a deflated frame is damaged; copy the file again")
        }
    }
}
