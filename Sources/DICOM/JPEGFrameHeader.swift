import Glibc

/// What a JPEG or JPEG-LS frame says of itself (ITU-T T.81 B.2.2, T.87 C.2.2), read before a decoder sees it.
///
/// A decoder trusts this header: a changed byte in it makes minutes of work or gigabytes of memory out of a small
/// file. So the data set, whose sizes are bounded, must say the same.
struct JPEGFrameHeader: Equatable {
    enum Process: Equatable {
        case sequential
        case progressive
        case lossless
        case jpegLS
        /// Hierarchical or arithmetic coding, which no decoder here knows.
        case other
    }

    var process: Process
    /// Bits of a sample.
    var precision: Int
    var rows: Int
    var columns: Int
    var components: Int
    /// SOS markers: how often the coded data goes over the image.
    var scans: Int
    /// Whether three components are red, green and blue, or Y, Cb and Cr; nil when the frame does not say.
    var isRGB: Bool?

    /// Nil when the bytes are no JPEG, end before the first scan, or hold several frame headers.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
        var frame: (marker: UInt8, at: Int)?
        var position = 2
        var scans = 0
        var (adobeTransform, isJFIF): (UInt8?, Bool) = (nil, false)
        while position + 4 <= bytes.count {
            guard bytes[position] == 0xFF else { break }
            let marker = bytes[position + 1]
            // Fill bytes (B.1.1.2) and markers without parameters.
            if marker == 0xFF || marker == 0x01 || (0xD0...0xD7).contains(marker) {
                position += marker == 0xFF ? 1 : 2
                continue
            }
            guard marker != 0xD9 else { break }
            let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
            guard length >= 2, position + 2 + length <= bytes.count else { break }
            if Self.isFrame(marker) {
                guard frame == nil, length >= 8 else { return nil }
                frame = (marker, position + 4)
            }
            let segment = UnsafeRawBufferPointer(rebasing: bytes[(position + 4)..<(position + 2 + length)])
            if marker == 0xE0, segment.starts(with: "JFIF".utf8) { isJFIF = true }
            if marker == 0xEE, segment.count >= 12, segment.starts(with: "Adobe".utf8) { adobeTransform = segment[11] }
            position += 2 + length
            guard marker == 0xDA else { continue }
            scans += 1
            position = Self.endOfScan(bytes, from: position, isLS: frame?.marker == 0xF7)
        }
        guard let frame, scans > 0 else { return nil }
        switch frame.marker {
        case 0xC0, 0xC1: process = .sequential
        case 0xC2: process = .progressive
        case 0xC3: process = .lossless
        case 0xF7: process = .jpegLS
        default: process = .other
        }
        precision = Int(bytes[frame.at])
        rows = Int(bytes[frame.at + 1]) << 8 | Int(bytes[frame.at + 2])
        columns = Int(bytes[frame.at + 3]) << 8 | Int(bytes[frame.at + 4])
        components = Int(bytes[frame.at + 5])
        self.scans = scans
        guard components == 3, frame.marker != 0xF7, frame.at + 15 <= bytes.count else { return }
        let identifiers = [0, 3, 6].map { bytes[frame.at + 6 + $0] }
        if identifiers.elementsEqual("RGB".utf8) || adobeTransform == 0 {
            isRGB = true
        } else if adobeTransform == 1 || isJFIF {
            isRGB = false
        }
    }

    /// SOF0 to SOF15 without DHT, JPG and DAC; SOF55 of JPEG-LS.
    private static func isFrame(_ marker: UInt8) -> Bool {
        ((0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)) || marker == 0xF7
    }

    /// Coded data goes on until 0xFF comes with anything but a stuffed zero or a restart marker (T.81 B.1.1.5); in
    /// JPEG-LS a stuffed bit stands there, so that any byte below 0x80 is data (T.87 A.1).
    private static func endOfScan(_ bytes: UnsafeRawBufferPointer, from start: Int, isLS: Bool) -> Int {
        var position = start
        while position + 1 < bytes.count,
            let found = memchr(bytes.baseAddress! + position, 0xFF, bytes.count - 1 - position)
        {
            position = UnsafeRawPointer(found) - bytes.baseAddress!
            let next = bytes[position + 1]
            let isData = (isLS ? next < 0x80 : next == 0) || (0xD0...0xD7).contains(next) || next == 0xFF
            if !isData { return position }
            position += 1
        }
        return bytes.count
    }

    /// The data set and the frame must say the same, and the process must be the transfer syntax's.
    func check(_ header: DICOMHeader) throws(DICOMError) {
        guard (rows, columns, components) == (header.rows, header.columns, header.samplesPerPixel) else {
            throw DICOMError(
                .malformed, path: header.path,
                "the compressed frame is \(columns) x \(rows) with \(components) components, the data set says "
                    + "\(header.columns) x \(header.rows) with \(header.samplesPerPixel); one of them is damaged")
        }
        guard precision >= 1, precision <= header.bitsAllocated else {
            throw DICOMError(
                .malformed, path: header.path,
                "the compressed frame has \(precision) bits a sample, Bits Allocated \(header.bitsAllocated) are fewer")
        }
        let isExpected =
            switch header.transferSyntax.family {
            case .jpeg: process == .sequential
            case .jpegLossless: process == .lossless
            case .jpegLS: process == .jpegLS
            default: false
            }
        guard isExpected else {
            throw DICOMError(
                .unsupportedPixels, path: header.path,
                "the compressed frame is \(processName), which \(header.transferSyntax.name) does not allow; "
                    + "compress the file again")
        }
        // Writers that copy JPEG files into DICOM often leave RGB in the data set. Which of both is wrong cannot be
        // known, and to guess would exchange colours in silence.
        if header.samplesPerPixel == 3, let isRGB, isRGB != (header.photometricInterpretation == "RGB") {
            throw DICOMError(
                .unsupportedPixels, path: header.path,
                "the JPEG frame says that its colours are \(isRGB ? "RGB" : "YCbCr"), which contradicts Photometric "
                    + "Interpretation (0028,0004); correct the attribute")
        }
        // Each component may have a scan of its own; more would be work without end.
        guard scans <= components else {
            throw DICOMError(.malformed, path: header.path, "\(scans) scans for \(components) components")
        }
    }

    private var processName: String {
        switch process {
        case .sequential: "sequential JPEG"
        case .progressive: "progressive JPEG"
        case .lossless: "lossless JPEG"
        case .jpegLS: "JPEG-LS"
        case .other: "hierarchical or arithmetic JPEG"
        }
    }
}
