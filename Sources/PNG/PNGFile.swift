import CPNG
import Files
public import Volumes

/// Reading PNG images (W3C PNG, third edition) as volumes of depth 1.
///
/// Palettes and 1-, 2- and 4-bit gray become 8-bit; 16-bit samples keep their values. Colour profiles, gamma and
/// resolution are not applied, transparency is left out: pixels are measurements here, not colours on a screen.
public enum PNGFile {
    /// Pixels of an image at most, all channels counted.
    static let sampleLimit = 1 << 28

    public static func isPNG(prefix: [UInt8]) -> Bool {
        prefix.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    }

    /// Size and kind of an image; reads the start of the file only.
    public static func header(path: String) throws(PNGError) -> PNGHeader {
        // Chunks of text may stand before the pixels; 64 KiB hold all but the oddest.
        let start = try bytes { () throws(FileError) in try FileBytes.prefix(path, count: 1 << 16) }
        if let header = try? describe(start, path: path) { return header }
        return try describe(try bytes { () throws(FileError) in try FileBytes.read(path) }, path: path)
    }

    /// Reads an image. Colour becomes luma of Rec. 601 unless `keepsColor`, which gives channels red, green, blue.
    ///
    /// Voxels are the stored samples, 0...255 or 0...65535; the luma of colours is not rounded.
    public static func read(path: String, keepsColor: Bool = false) throws(PNGError) -> Volume {
        try decode(try bytes { () throws(FileError) in try FileBytes.read(path) }, path: path, keepsColor: keepsColor)
    }

    /// The same from bytes in memory; `path` is for messages.
    public static func decode(
        _ bytes: [UInt8], path: String = "", keepsColor: Bool = false
    ) throws(PNGError) -> Volume {
        let header = try describe(bytes, path: path)
        let pixels = try samples(bytes, header, keepsAlpha: false, path: path)
        let voxels =
            header.bitDepth == 16
            ? pixels.withUnsafeBytes { planes($0.bindMemory(to: UInt16.self), header, keepsColor) }
            : pixels.withUnsafeBytes { planes($0.bindMemory(to: UInt8.self), header, keepsColor) }
        var attributes = Attributes()
        attributes.bitsStored = header.bitDepth
        if keepsColor, header.channels == 3 { attributes.channelAxis = .color }
        return Volume(
            voxels: voxels,
            shape: Shape(
                channels: keepsColor ? header.channels : 1, depth: 1, height: header.height, width: header.width),
            geometry: .pixels, attributes: attributes)
    }

    /// Whether nothing shines through any pixel. Where it does, a viewer shows what `decode` leaves out: transparency can
    /// draw letters on pixels of one colour.
    public static func isOpaque(_ bytes: [UInt8], path: String = "") throws(PNGError) -> Bool {
        let header = try describe(bytes, path: path)
        guard header.hasAlpha else { return true }
        let pixels = try samples(bytes, header, keepsAlpha: true, path: path)
        let width = header.bitDepth / 8
        let stride = width * (header.channels + 1)
        return (0..<header.width * header.height).allSatisfy { pixel in
            (1...width).allSatisfy { pixels[(pixel + 1) * stride - $0] == 0xFF }
        }
    }

    /// As `png_decode` gives them.
    private static func samples(
        _ bytes: [UInt8], _ header: PNGHeader, keepsAlpha: Bool, path: String
    ) throws(PNGError) -> [UInt8] {
        let channels = header.channels + (keepsAlpha ? 1 : 0)
        // Deflate makes at most 1032 bytes of one; a byte of 1-bit gray makes 8 samples.
        let stored = header.width * header.height * (header.bitDepth / 8)
        guard header.width * header.height * channels <= sampleLimit, stored / 1032 / 8 <= bytes.count else {
            throw PNGError(
                .tooLarge, path: path,
                "\(header.width) x \(header.height) pixels are more than the limit or the file holds")
        }
        var pixels = [UInt8](repeating: 0, count: stored * channels)
        var message = [CChar](repeating: 0, count: 128)
        let isDecoded = png_decode(
            bytes, bytes.count, keepsAlpha ? 1 : 0, &pixels, pixels.count, &message, message.count)
        guard isDecoded != 0 else { throw damaged(message, path: path) }
        return pixels
    }

    /// Interleaved samples to planes. The weights 0.299, 0.587, 0.114 of Rec. 601 in units of 2^-16 add up to exactly 1,
    /// so that gray stored as colour keeps its value.
    private static func planes<Sample: FixedWidthInteger>(
        _ samples: UnsafeBufferPointer<Sample>, _ header: PNGHeader, _ keepsColor: Bool
    ) -> [Float] {
        let count = header.width * header.height
        guard header.channels == 3 else { return samples.map { Float($0) } }
        guard keepsColor else {
            return (0..<count).map { pixel in
                let (r, g, b) = (samples[pixel * 3], samples[pixel * 3 + 1], samples[pixel * 3 + 2])
                return Float(Double(Int(r) * 19595 + Int(g) * 38470 + Int(b) * 7471) / 65536)
            }
        }
        return (0..<3).flatMap { channel in (0..<count).map { Float(samples[$0 * 3 + channel]) } }
    }

    private static func describe(_ bytes: [UInt8], path: String) throws(PNGError) -> PNGHeader {
        guard isPNG(prefix: bytes) else {
            throw PNGError(.notPNG, path: path, bytes.isEmpty ? "the file is empty" : "not a PNG image")
        }
        var description = png_description()
        var message = [CChar](repeating: 0, count: 128)
        guard png_describe(bytes, bytes.count, &description, &message, message.count) != 0 else {
            throw damaged(message, path: path)
        }
        return PNGHeader(
            width: Int(description.width), height: Int(description.height), bitDepth: Int(description.bit_depth),
            channels: Int(description.channels), hasAlpha: description.has_alpha != 0)
    }

    private static func bytes(_ read: () throws(FileError) -> [UInt8]) throws(PNGError) -> [UInt8] {
        do throws(FileError) {
            return try read()
        } catch {
            throw PNGError(.unreadable, path: error.path, error.reason)
        }
    }

    private static func damaged(_ message: [CChar], path: String) -> PNGError {
        PNGError(.damaged, path: path, "damaged PNG image: \(text(message)); copy the file again from its source")
    }

    static func text(_ message: [CChar]) -> String {
        String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// What the start of a PNG file says.
public struct PNGHeader: Sendable, Hashable {
    public var width: Int
    public var height: Int
    /// 8 or 16, after expansion of palettes and shallow gray.
    public var bitDepth: Int
    /// 1 for gray, 3 for colour; alpha is not counted.
    public var channels: Int
    /// The file has transparency, which is left out.
    public var hasAlpha: Bool
}
