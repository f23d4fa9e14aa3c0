import CJPEG
import Files
public import Volumes

/// Reading JPEG images (ITU-T T.81) as volumes of depth 1.
///
/// Colour images give their luma (the Y of JFIF, Rec. 601), or channels red, green, blue where colours are to be kept. The orientation in EXIF is not applied, but told.
public enum JPEGFile {
    static let pixelLimit = 1 << 28

    public static func isJPEG(prefix: [UInt8]) -> Bool { prefix.starts(with: [0xFF, 0xD8, 0xFF]) }

    /// Size and kind of an image.
    public static func header(path: String) throws(JPEGError) -> JPEGHeader {
        // The frame header may stand behind thumbnails and profiles; most files have it in their first 64 KiB.
        let start = try bytes { () throws(FileError) in try FileBytes.prefix(path, count: 1 << 16) }
        let decoder = try Decoder(path: path)
        if let header = try? decoder.header(start) { return header }
        return try decoder.header(try bytes { () throws(FileError) in try FileBytes.read(path) })
    }

    /// Reads an image as gray values 0...255, or as red, green and blue ones where it has colours and `keepsColor`.
    public static func read(path: String, keepsColor: Bool = false) throws(JPEGError) -> Volume {
        try decode(try bytes { () throws(FileError) in try FileBytes.read(path) }, path: path, keepsColor: keepsColor)
    }

    /// The same from bytes in memory; `path` is for messages.
    public static func decode(
        _ bytes: [UInt8], path: String = "", keepsColor: Bool = false
    ) throws(JPEGError) -> Volume {
        let decoder = try Decoder(path: path)
        let header = try decoder.header(bytes)
        let channels = keepsColor ? header.channels : 1
        let (pixels, count) = (try decoder.pixels(bytes, header, channels: channels), header.width * header.height)
        var attributes = Attributes()
        attributes.bitsStored = 8
        if channels == 3 { attributes.channelAxis = .color }
        return Volume(
            voxels: channels == 1
                ? pixels.map { Float($0) }
                : (0..<channels).flatMap { channel in (0..<count).map { Float(pixels[$0 * channels + channel]) } },
            shape: Shape(channels: channels, depth: 1, height: header.height, width: header.width),
            geometry: .pixels, attributes: attributes)
    }

    private static func bytes(_ read: () throws(FileError) -> [UInt8]) throws(JPEGError) -> [UInt8] {
        do throws(FileError) {
            return try read()
        } catch {
            throw JPEGError(.unreadable, path: error.path, error.reason)
        }
    }
}

/// What the frame header of a JPEG file says.
public struct JPEGHeader: Sendable, Hashable {
    public var width: Int
    public var height: Int
    /// 1 for gray, 3 for colour.
    public var channels: Int
    /// EXIF says that the image is to be turned or mirrored for display.
    public var isTurned: Bool
}

/// TurboJPEG's decompressor, which is used and destroyed inside one function.
private struct Decoder: ~Copyable {
    let handle: tjhandle
    let path: String

    init(path: String) throws(JPEGError) {
        guard let handle = tjInitDecompress() else {
            throw JPEGError(.unsupported, path: path, "TurboJPEG did not start")
        }
        (self.handle, self.path) = (handle, path)
    }

    deinit { tjDestroy(handle) }

    borrowing func header(_ bytes: [UInt8]) throws(JPEGError) -> JPEGHeader {
        guard JPEGFile.isJPEG(prefix: bytes) else {
            throw JPEGError(.notJPEG, path: path, bytes.isEmpty ? "the file is empty" : "not a JPEG image")
        }
        var (width, height, subsampling, colorspace): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        guard
            tjDecompressHeader3(handle, bytes, UInt(bytes.count), &width, &height, &subsampling, &colorspace) == 0
        else { throw damaged() }
        guard width > 0, height > 0, Int(width) * Int(height) <= JPEGFile.pixelLimit else {
            throw JPEGError(.tooLarge, path: path, "\(width) x \(height) pixels are more than the limit")
        }
        let color = TJCS(rawValue: UInt32(bitPattern: colorspace))
        guard [TJCS_GRAY, TJCS_YCbCr, TJCS_RGB].contains(color) else {
            throw JPEGError(.unsupported, path: path, "CMYK JPEG is not read; save the image as gray or RGB")
        }
        return JPEGHeader(
            width: Int(width), height: Int(height), channels: color == TJCS_GRAY ? 1 : 3,
            isTurned: (2...8).contains(EXIFOrientation.value(in: bytes) ?? 1))
    }

    /// Every warning of the library (premature end, corrupt data) is an error here: it would fill with gray instead.
    ///
    /// - Parameter channels: 1 for gray, 3 for red, green, blue, pixel by pixel.
    borrowing func pixels(_ bytes: [UInt8], _ header: JPEGHeader, channels: Int) throws(JPEGError) -> [UInt8] {
        var pixels = [UInt8](repeating: 0, count: header.width * header.height * channels)
        let format = channels == 1 ? TJPF_GRAY : TJPF_RGB
        let flags = TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS
        guard
            tjDecompress2(
                handle, bytes, UInt(bytes.count), &pixels, Int32(header.width),
                Int32(header.width * channels), Int32(header.height), Int32(format.rawValue), flags) == 0
        else { throw damaged() }
        return pixels
    }

    private borrowing func damaged() -> JPEGError {
        let text = tjGetErrorStr2(handle).map { String(cString: $0) } ?? "unknown"
        if text.contains("Unsupported") || text.contains("precision") {
            return JPEGError(.unsupported, path: path, "this kind of JPEG is not read: \(text)")
        }
        return JPEGError(
            .damaged, path: path, "damaged JPEG image: \(text); copy the file again from its source")
    }
}
