import CDCMTK

/// The frames of one open file, native or compressed, checked against the header before anything is allocated.
struct FrameSource {
    let header: DICOMHeader
    private let info: dcmtk_pixel_info
    /// Next fragment of encapsulated pixel data; DCMTK finds frames without an offset table only in order.
    private var fragment: UInt32 = 0
    /// The frame that `fragment` begins.
    private var upcoming = 0

    /// Bytes of one frame after decoding.
    private var frameBytes: Int
    /// Room for one frame, reused; its size is even because DCMTK wants to swap words.
    private var scratch: [UInt8]

    init(_ file: borrowing OpenFile, header: DICOMHeader) throws(DICOMError) {
        self.header = header
        var status = dcmtk_status()
        var info = dcmtk_pixel_info()
        guard dcmtk_pixels(file.handle, &info, &status) != 0 else {
            let hasFloats = file.withDataset { $0.has(.floatPixelData) || $0.has(.doubleFloatPixelData) }
            if hasFloats {
                throw DICOMError(.unsupportedPixels, path: file.path, "Float Pixel Data is not read yet")
            }
            throw DICOMError(status: status, path: file.path)
        }
        self.info = info
        let isSubsampled = info.is_encapsulated == 0 && header.photometricInterpretation == "YBR_FULL_422"
        let samples = header.rows * header.columns * (isSubsampled ? 2 : header.samplesPerPixel)
        frameBytes = samples * header.bitsAllocated / 8
        scratch = []
        try checkSize(isSubsampled: isSubsampled)
        scratch = [UInt8](repeating: 0, count: frameBytes + frameBytes % 2)
    }

    private var isRLE: Bool { header.transferSyntax.family == .rle }

    /// What is stored must be able to make what the header announces.
    private func checkSize(isSubsampled: Bool) throws(DICOMError) {
        let expected = frameBytes * header.frames
        let stored = Int(clamping: info.byte_count)
        let path = header.path
        guard expected <= 4 << 30 else {
            throw DICOMError(.tooLarge, path: path, "\(expected) bytes of pixels are more than the limit of 4 GiB")
        }
        guard header.transferSyntax.isEncapsulated == (info.is_encapsulated != 0) else {
            throw DICOMError(.malformed, path: path, "pixel data contradicts the transfer syntax")
        }
        if info.is_encapsulated == 0 {
            guard stored >= expected else {
                throw DICOMError(
                    .truncated, path: path,
                    "pixel data has \(stored) of \(expected) bytes; copy the file again from its source")
            }
            guard !isSubsampled || (header.columns % 2 == 0 && header.planarConfiguration == 0) else {
                throw DICOMError(.malformed, path: path, "YBR_FULL_422 with an odd width or separate planes")
            }
        } else {
            guard info.fragment_count >= header.frames else {
                throw DICOMError(
                    .truncated, path: path,
                    "\(info.fragment_count) compressed fragments for \(header.frames) frames; copy the file again")
            }
            guard !isRLE || info.fragment_count == header.frames else {
                throw DICOMError(.malformed, path: path, "RLE frames of several fragments (PS3.5 A.4.2 allows one)")
            }
            if let expansion = header.transferSyntax.largestExpansion, expected / expansion > stored {
                throw DICOMError(
                    .truncated, path: path, "\(stored) compressed bytes cannot make \(expected) bytes of pixels")
            }
        }
    }

    /// Reads a frame into channel planes of `rows * columns` values each.
    ///
    /// - Parameters:
    ///   - index: from 0; compressed frames must be asked for in ascending order.
    ///   - planes: one for gray, red, green and blue for colour.
    mutating func read(
        _ index: Int, of file: borrowing OpenFile, into planes: [UnsafeMutablePointer<Float>]
    ) throws(DICOMError) {
        let interpretation = try load(index, of: file)
        let count = header.rows * header.columns
        let format = PixelFormat(
            bitsAllocated: header.bitsAllocated, bitsStored: header.bitsStored, highBit: header.highBit,
            isSigned: header.isSigned)
        let isSubsampled = info.is_encapsulated == 0 && interpretation == "YBR_FULL_422"
        let isPlanar = isRLE || header.planarConfiguration == 1
        scratch.withUnsafeBytes { bytes in
            if isSubsampled {
                ColorConversion.unpack422(bytes, count: count, planes[0], planes[1], planes[2])
            } else {
                for (channel, plane) in planes.enumerated() {
                    let (first, stride) = isPlanar ? (channel * count, 1) : (channel, planes.count)
                    format.decode(bytes, from: first, stride: stride, count: count, into: plane)
                }
            }
        }
        if interpretation.hasPrefix("YBR") {
            ColorConversion.rgbFromYBR(planes[0], planes[1], planes[2], count: count)
        }
    }

    /// Reads a frame of one 16-bit sample per pixel as the words that are stored, in the byte order of this machine.
    /// - Parameter words: room for `rows * columns` words.
    mutating func readWords(
        _ index: Int, of file: borrowing OpenFile, into words: UnsafeMutablePointer<UInt16>
    ) throws(DICOMError) {
        precondition(header.bitsAllocated == 16 && header.samplesPerPixel == 1, "not 16-bit gray")
        _ = try load(index, of: file)
        let count = header.rows * header.columns
        scratch.withUnsafeBytes { words.update(from: $0.bindMemory(to: UInt16.self).baseAddress!, count: count) }
    }

    /// Fills `scratch` with a decoded frame and returns its photometric interpretation, which decoding may change.
    private mutating func load(_ index: Int, of file: borrowing OpenFile) throws(DICOMError) -> String {
        var status = dcmtk_status()
        guard info.is_encapsulated != 0 else {
            let done = scratch.withUnsafeMutableBytes { bytes in
                dcmtk_native_bytes(
                    file.handle, UInt32(index * frameBytes), UInt32(frameBytes), bytes.baseAddress, &status)
            }
            guard done != 0 else { throw DICOMError(status: status, path: file.path) }
            if info.is_big_endian != 0 && header.bitsAllocated == 32 {
                scratch.withUnsafeMutableBytes(exchangeHalves)
            }
            return header.photometricInterpretation
        }
        if isRLE {
            var count = 0
            guard let bytes = dcmtk_fragment(file.handle, UInt32(index), &count, &status) else {
                throw DICOMError(status: status, path: file.path)
            }
            let frame = RLEFrame(
                planes: header.samplesPerPixel, bytesPerSample: header.bitsAllocated / 8,
                pixelCount: header.rows * header.columns)
            try frame.decode(UnsafeRawBufferPointer(start: bytes, count: count), into: &scratch, path: file.path)
            return header.photometricInterpretation
        }
        // An object of several volumes is read with gaps; the fragment of the next frame is not that of this one.
        if index != upcoming && info.fragment_count == header.frames {
            fragment = UInt32(index + 1)
        } else {
            while upcoming < index { _ = try decode(upcoming, of: file) }
        }
        return try decode(index, of: file)
    }

    /// Lets a codec of DCMTK fill `scratch`; frames come in ascending order unless each is one fragment.
    private mutating func decode(_ index: Int, of file: borrowing OpenFile) throws(DICOMError) -> String {
        var status = dcmtk_status()
        var model = [CChar](repeating: 0, count: 32)
        let done = scratch.withUnsafeMutableBytes { bytes in
            dcmtk_decode_frame(
                file.handle, UInt32(index), &fragment, bytes.baseAddress, UInt32(bytes.count), &model, model.count,
                &status)
        }
        guard done != 0 else { throw DICOMError(status: status, path: file.path) }
        upcoming = index + 1
        let text = String(decoding: model.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let isColor = header.samplesPerPixel == 3
        guard isColor ? text == "RGB" || (text.hasPrefix("YBR_FULL") && header.bitsAllocated == 8) : true else {
            throw DICOMError(.decodeFailed, path: file.path, "decoding gave colours that are not read yet")
        }
        return isColor ? text : header.photometricInterpretation
    }
}
