/// One frame of RLE Lossless (PS3.5 Annex G).
///
/// DCMTK's decoder fills a frame that ends too early with zeros and calls it a success; this one refuses it.
struct RLEFrame {
    var planes: Int
    var bytesPerSample: Int
    var pixelCount: Int

    /// Decodes a fragment into colour by plane, words in little-endian order as this machine has them.
    /// - Parameter output: at least `planes * pixelCount * bytesPerSample` bytes.
    func decode(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8], path: String) throws(DICOMError) {
        let segments = planes * bytesPerSample
        // Header: the number of segments and fifteen offsets, all 32-bit little endian (G.5).
        guard bytes.count >= 64, word(bytes, 0) == segments else {
            throw DICOMError(.decodeFailed, path: path, "the RLE header does not have \(segments) segments")
        }
        for segment in 0..<segments {
            let start = word(bytes, segment + 1)
            let end = segment + 1 < segments ? word(bytes, segment + 2) : bytes.count
            guard start >= 64, start <= end, end <= bytes.count else {
                throw DICOMError(.decodeFailed, path: path, "RLE segment \(segment + 1) lies outside its frame")
            }
            // Segments hold the most significant byte of a sample first (G.2).
            let (plane, significance) = segment.quotientAndRemainder(dividingBy: bytesPerSample)
            let first = plane * pixelCount * bytesPerSample + bytesPerSample - 1 - significance
            let produced = unpack(bytes[start..<end], into: &output, first: first)
            guard produced == pixelCount else {
                throw DICOMError(
                    .truncated, path: path,
                    "RLE segment \(segment + 1) ends after \(produced) of \(pixelCount) pixels; copy the file again")
            }
        }
    }

    private func word(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Int {
        Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
    }

    /// PackBits (G.3.2). Stops when the plane is full: what follows is padding. Returns how many bytes came out.
    private func unpack(_ bytes: Slice<UnsafeRawBufferPointer>, into output: inout [UInt8], first: Int) -> Int {
        var (position, produced) = (bytes.startIndex, 0)
        return output.withUnsafeMutableBufferPointer { out in
            while produced < pixelCount, position < bytes.endIndex {
                let control = Int(Int8(bitPattern: bytes[position]))
                position += 1
                if control >= 0 {
                    let count = min(control + 1, bytes.endIndex - position, pixelCount - produced)
                    for index in 0..<count {
                        out[first + (produced + index) * bytesPerSample] = bytes[position + index]
                    }
                    produced += count
                    position += control + 1
                } else if control != -128, position < bytes.endIndex {
                    let count = min(1 - control, pixelCount - produced)
                    for index in 0..<count { out[first + (produced + index) * bytesPerSample] = bytes[position] }
                    produced += count
                    position += 1
                }
            }
            return produced
        }
    }
}
