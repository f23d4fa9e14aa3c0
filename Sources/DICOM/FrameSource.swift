import CDCMTK

/// The frames of one open file, native or compressed, checked against the header before anything is allocated.
struct FrameSource {
    let header: DICOMHeader
    private let info: dcmtk_pixel_info
    /// Nil for native pixels.
    private let index: FrameIndex?
    private let palette: ColorPalette?
    /// Room for one decoded frame, reused.
    private var scratch: [UInt8] = []

    init(_ file: borrowing OpenFile, header: DICOMHeader) throws(DICOMError) {
        self.header = header
        var (status, info) = (dcmtk_status(), dcmtk_pixel_info())
        guard dcmtk_pixels(file.handle, header.pixelElement.rawValue, &info, &status) != 0 else {
            throw DICOMError(status: status, path: file.path)
        }
        self.info = info
        guard header.transferSyntax.isEncapsulated == (info.is_encapsulated != 0) else {
            throw DICOMError(.malformed, path: file.path, "pixel data contradicts the transfer syntax")
        }
        palette =
            header.isPalette
            ? try file.withDataset { (data) throws(DICOMError) in
                try ColorPalette(data, isSigned: header.isSigned, path: header.path)
            } : nil
        index =
            info.is_encapsulated != 0
            ? try FrameIndex(
                file: file, fragmentCount: Int(clamping: info.fragment_count), frames: header.frames,
                starts: { CodestreamStart.isAt($0, header.transferSyntax.family) }) : nil
        try checkSize()
    }

    /// Native chroma of YBR_FULL_422 comes once for two pixels.
    private var isSubsampled: Bool { index == nil && header.photometricInterpretation == "YBR_FULL_422" }
    private var pixelCount: Int { header.rows * header.columns }
    private var sampleCount: Int { pixelCount * (isSubsampled ? 2 : header.samplesPerPixel) }
    /// One frame with the bits that the header gives each sample. Single bits go on into the next frame (PS3.5 8.2).
    private var frameBits: Int { sampleCount * header.bitsAllocated }
    private var frameBytes: Int { (frameBits + 7) / 8 }

    /// What is stored must be able to make what the header announces.
    private func checkSize() throws(DICOMError) {
        let (path, limit) = (header.path, ReadingLimits.decodedBytes)
        let expected = (frameBits * header.frames + 7) / 8
        guard expected <= limit, frameBytes < UInt32.max else {
            throw DICOMError(.tooLarge, path: path, "\(expected) bytes of pixels are more than the limit of \(limit)")
        }
        guard index == nil else { return }
        guard info.byte_count >= UInt64(expected) else {
            throw DICOMError(
                .truncated, path: path,
                "pixel data has \(info.byte_count) of \(expected) bytes; copy the file again from its source")
        }
        guard !isSubsampled || header.planarConfiguration == 0 else {
            throw DICOMError(.malformed, path: path, "uncompressed YBR_FULL_422 with separate planes")
        }
    }

    /// Reads a frame into channel planes of `rows * columns` values each.
    ///
    /// - Parameters:
    ///   - frame: from 0.
    ///   - planes: one for gray; red, green and blue for colour and for a palette.
    mutating func read(
        _ frame: Int, of file: borrowing OpenFile, into planes: [UnsafeMutablePointer<Float>]
    ) throws(DICOMError) {
        if header.pixelElement != .integers {
            try loadNative(frame, of: file)
            try decodeFloats(into: planes[0])
            return
        }
        let loaded = try load(frame, of: file)
        let count = pixelCount
        scratch.withUnsafeBytes { bytes in
            if isSubsampled {
                withUnsafeTemporaryAllocation(of: Float.self, capacity: sampleCount) { samples in
                    loaded.format.decode(bytes, count: sampleCount, into: samples.baseAddress!)
                    ColorConversion.unpack422(samples.baseAddress!, count: count, planes[0], planes[1], planes[2])
                }
                return
            }
            for channel in 0..<header.samplesPerPixel {
                let (first, stride) = loaded.isPlanar ? (channel * count, 1) : (channel, header.samplesPerPixel)
                loaded.format.decode(bytes, from: first, stride: stride, count: count, into: planes[channel])
            }
        }
        if loaded.interpretation.hasPrefix("YBR") {
            ColorConversion.rgbFromYBR(planes[0], planes[1], planes[2], count: count, bits: header.bitsStored)
        }
        palette?.apply(planes, count: count)
    }

    /// Reads a frame of gray 16-bit integers as words in the header's format, in the byte order of this machine.
    /// - Parameter words: room for `rows * columns` words.
    mutating func readWords(
        _ frame: Int, of file: borrowing OpenFile, into words: UnsafeMutablePointer<UInt16>
    ) throws(DICOMError) {
        precondition(header.isGrayInteger && header.bitsAllocated == 16, "not 16-bit gray")
        let loaded = try load(frame, of: file)
        let count = pixelCount
        scratch.withUnsafeBytes { bytes in
            if loaded.format == PixelFormat(header) {
                words.update(from: bytes.bindMemory(to: UInt16.self).baseAddress!, count: count)
                return
            }
            // Codecs that give values rather than words: back to where the header says that the bits lie.
            let shift = header.highBit + 1 - header.bitsStored
            withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { values in
                loaded.format.decode(bytes, count: count, into: values.baseAddress!)
                for pixel in 0..<count { words[pixel] = UInt16(truncatingIfNeeded: Int(values[pixel])) << shift }
            }
        }
    }

    /// A frame in `scratch` and what is in it, which decoding may change from what the header says.
    private struct Loaded {
        var format: PixelFormat
        var isPlanar: Bool
        var interpretation: String
    }

    private mutating func load(_ frame: Int, of file: borrowing OpenFile) throws(DICOMError) -> Loaded {
        var loaded = Loaded(
            format: PixelFormat(header), isPlanar: header.planarConfiguration == 1,
            interpretation: header.photometricInterpretation)
        guard let index else {
            try loadNative(frame, of: file)
            if header.bitsAllocated == 1 { loaded.format = .bytes }
            return loaded
        }
        let fragments = index.fragments[frame]
        switch header.transferSyntax.family {
        case .rle:
            guard fragments.count == 1 else {
                throw DICOMError(
                    .malformed, path: file.path, "RLE frames of several fragments (PS3.5 A.4.2 allows one)")
            }
            let rle = RLEFrame(
                planes: header.samplesPerPixel, bytesPerSample: header.bitsAllocated / 8, pixelCount: pixelCount)
            let bytes = try file.fragment(fragments.lowerBound)
            try reserve(frameBytes, from: bytes.count)
            try rle.decode(bytes, into: &scratch, path: file.path)
            loaded.isPlanar = true
        case .deflatedFrame:
            let bytes = try file.joined(fragments)
            try reserve(frameBytes, from: bytes.count)
            try DeflatedFrame.decode(bytes, into: &scratch, count: frameBytes, path: file.path)
            if header.bitsAllocated == 1 {
                expandBits(from: 0)
                loaded.format = .bytes
            }
        case .jpeg2000: try loadJPEG2000(fragments, of: file, &loaded)
        default: try loadJPEG(frame, fragments, of: file, &loaded)
        }
        return loaded
    }

    /// Makes room for a frame once its compressed bytes can make that much.
    private mutating func reserve(_ bytes: Int, from compressed: Int) throws(DICOMError) {
        if let expansion = header.transferSyntax.largestExpansion, frameBytes / expansion > compressed {
            throw DICOMError(
                .truncated, path: header.path,
                "\(compressed) compressed bytes cannot make \(frameBytes) bytes of pixels")
        }
        // Even, because DCMTK wants to swap words.
        let room = bytes + bytes % 2
        if scratch.count < room { scratch = [UInt8](repeating: 0, count: room) }
    }

    private mutating func loadNative(_ frame: Int, of file: borrowing OpenFile) throws(DICOMError) {
        let (start, end) = (frame * frameBits / 8, ((frame + 1) * frameBits + 7) / 8)
        try reserve(end - start, from: end - start)
        var status = dcmtk_status()
        let done = scratch.withUnsafeMutableBytes { bytes in
            dcmtk_native_bytes(
                file.handle, header.pixelElement.rawValue, UInt32(start), UInt32(end - start), bytes.baseAddress,
                &status)
        }
        guard done != 0 else { throw DICOMError(status: status, path: file.path) }
        if header.bitsAllocated == 1 { expandBits(from: frame * frameBits % 8) }
        if info.is_big_endian != 0 && header.bitsAllocated == 32 && header.pixelElement == .integers {
            scratch.withUnsafeMutableBytes(exchangeHalves)
        }
    }

    /// Bits, the first in the lowest place of its byte (PS3.5 8.1.1), to a byte for each pixel.
    private mutating func expandBits(from first: Int) {
        let packed = scratch
        scratch = (0..<pixelCount).map { packed[(first + $0) / 8] >> ((first + $0) % 8) & 1 }
    }

    private func decodeFloats(into plane: UnsafeMutablePointer<Float>) throws(DICOMError) {
        let isFinite = scratch.withUnsafeBytes { bytes in
            guard header.pixelElement == .doubles else {
                let words = bytes.bindMemory(to: Float.self)
                for pixel in 0..<pixelCount { plane[pixel] = words[pixel] }
                return true
            }
            var isFinite = true
            let words = bytes.bindMemory(to: Double.self)
            for pixel in 0..<pixelCount {
                plane[pixel] = Float(words[pixel])
                isFinite = isFinite && plane[pixel].isFinite == words[pixel].isFinite
            }
            return isFinite
        }
        guard isFinite else {
            throw DICOMError(.unsupportedPixels, path: header.path, "64-bit values outside the range of 32-bit floats")
        }
    }

    private mutating func loadJPEG2000(
        _ fragments: Range<Int>, of file: borrowing OpenFile, _ loaded: inout Loaded
    ) throws(DICOMError) {
        let codestream = try JPEG2000Frame(try file.joined(fragments), header: header)
        loaded.interpretation = try codestream.interpretation()
        try reserve(sampleCount * 4, from: 0)
        var failure: DICOMError?
        scratch.withUnsafeMutableBytes { room in
            do throws(DICOMError) { try codestream.decode(into: room.bindMemory(to: Int32.self)) } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        loaded.format = .words
        loaded.isPlanar = true
    }

    /// JPEG and JPEG-LS through DCMTK, after their own frame header has been compared with the data set.
    private mutating func loadJPEG(
        _ frame: Int, _ fragments: Range<Int>, of file: borrowing OpenFile, _ loaded: inout Loaded
    ) throws(DICOMError) {
        let bytes = try file.joined(fragments)
        guard let stated = bytes.withUnsafeBytes({ JPEGFrameHeader($0) }) else {
            throw DICOMError(
                .decodeFailed, path: file.path, "compressed pixel data has no frame header; copy the file again")
        }
        try stated.check(header)
        try reserve(frameBytes, from: bytes.count)
        var status = dcmtk_status()
        // Counted with the offset table in front.
        var fragment = UInt32(fragments.lowerBound + 1)
        var model = [CChar](repeating: 0, count: 32)
        let done = scratch.withUnsafeMutableBytes { bytes in
            dcmtk_decode_frame(
                file.handle, UInt32(frame), &fragment, bytes.baseAddress, UInt32(bytes.count), &model, model.count,
                &status)
        }
        guard done != 0 else { throw DICOMError(status: status, path: file.path) }
        guard fragment <= UInt32(fragments.upperBound + 1) else {
            throw DICOMError(.truncated, path: file.path, "a compressed frame ends too early; copy the file again")
        }
        if header.samplesPerPixel == 3 {
            let text = String(decoding: model.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard text == "RGB" || text.hasPrefix("YBR_FULL") else {
                throw DICOMError(.decodeFailed, path: file.path, "decoding gave colours that are not read yet")
            }
            loaded.interpretation = text
        }
        // These codecs know no sign: it stands at the highest bit that was coded.
        if header.isSigned && stated.precision < header.bitsStored {
            loaded.format.bitsStored = stated.precision
            loaded.format.highBit = stated.precision - 1
        }
    }
}

/// The markers that begin a compressed frame.
private enum CodestreamStart {
    static func isAt(_ bytes: UnsafeRawBufferPointer, _ family: TransferSyntax.Family) -> Bool {
        switch family {
        // SOC and SIZ, or the signature box of a JP2 file.
        case .jpeg2000: bytes.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) || bytes.starts(with: [0, 0, 0, 12, 0x6A, 0x50])
        // SOI and the first byte of another marker.
        case .jpeg, .jpegLossless, .jpegLS: bytes.starts(with: [0xFF, 0xD8, 0xFF])
        default: false
        }
    }
}
