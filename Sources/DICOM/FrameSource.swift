import CDCMTK

/// The frames of one open file, native or compressed, checked against the header before anything is allocated.
struct FrameSource {
    let header: DICOMHeader
    let info: dcmtk_pixel_info
    /// Nil for native pixels.
    let index: FrameIndex?
    private let palette: ColorPalette?
    /// Room for one decoded frame, reused.
    var scratch: [UInt8] = []

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
                starts: { Self.isStart($0, header.transferSyntax.family) }) : nil
        try checkSize()
    }

    /// Native chroma of YBR_FULL_422 comes once for two pixels.
    private var isSubsampled: Bool { index == nil && header.photometricInterpretation == "YBR_FULL_422" }
    var pixelCount: Int { header.rows * header.columns }
    var sampleCount: Int { pixelCount * (isSubsampled ? 2 : header.samplesPerPixel) }
    /// One frame with the bits that the header gives each sample. Single bits go on into the next frame (PS3.5 8.2).
    var frameBits: Int { sampleCount * header.bitsAllocated }
    var frameBytes: Int { (frameBits + 7) / 8 }

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
            var values = [Float](repeating: 0, count: count)
            loaded.format.decode(bytes, count: count, into: &values)
            for pixel in 0..<count { words[pixel] = UInt16(truncatingIfNeeded: Int(values[pixel])) << shift }
        }
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

    /// A frame in `scratch` and what is in it, which decoding may change from what the header says.
    struct Loaded {
        var format: PixelFormat
        var isPlanar: Bool
        var interpretation: String
    }
}
