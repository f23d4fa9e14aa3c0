import CPNG

extension PNGFile {
    /// An 8-bit image as the bytes of a PNG file; the same pixels always give the same bytes.
    /// - Parameters:
    ///   - channels: 1 for gray, 3 for RGB.
    ///   - bytes: `[height, width, channels]`, top row first.
    public static func encode(width: Int, height: Int, channels: Int, bytes: [UInt8]) throws(PNGError) -> [UInt8] {
        try encode(width: width, height: height, channels: channels, samples: bytes)
    }

    /// A 16-bit gray image as the bytes of a PNG file.
    /// - Parameter gray16: `[height, width]`, top row first.
    public static func encode(width: Int, height: Int, gray16: [UInt16]) throws(PNGError) -> [UInt8] {
        try encode(width: width, height: height, channels: 1, samples: gray16)
    }

    private static func encode<Sample: FixedWidthInteger>(
        width: Int, height: Int, channels: Int, samples: [Sample]
    ) throws(PNGError) -> [UInt8] {
        guard (1...1_000_000).contains(width), (1...1_000_000).contains(height), [1, 3].contains(channels) else {
            throw PNGError(.invalidImage, path: "", "\(width) x \(height) pixels of \(channels) channels fit no PNG")
        }
        guard samples.count == width * height * channels else {
            throw PNGError(
                .invalidImage, path: "", "\(samples.count) samples for \(height) x \(width) x \(channels)")
        }
        var out: UnsafeMutablePointer<UInt8>?
        var count = 0
        var message = [CChar](repeating: 0, count: 128)
        let done = samples.withUnsafeBytes { raw in
            png_encode(
                raw.bindMemory(to: UInt8.self).baseAddress, UInt32(width), UInt32(height), Int32(channels),
                Int32(Sample.bitWidth), &out, &count, &message, message.count)
        }
        guard done != 0 else { throw PNGError(.invalidImage, path: "", "libpng: \(text(message))") }
        defer { png_release(out) }
        return Array(UnsafeBufferPointer(start: out, count: count))
    }
}
