import CDCMTK

/// Frames from the file, through the decoder of their transfer syntax.
extension FrameSource {
    /// Fills `scratch` with a frame.
    mutating func load(_ frame: Int, of file: borrowing OpenFile) throws(DICOMError) -> Loaded {
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

    mutating func loadNative(_ frame: Int, of file: borrowing OpenFile) throws(DICOMError) {
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

    /// JPEG and JPEG-LS, after their own frame header has been compared with the data set.
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
        if !scratch.withUnsafeMutableBytes({ LosslessJPEGFrame.decode(bytes, stated, header, into: $0) }) {
            try loadWithDCMTK(frame, fragments, of: file, &loaded)
        }
        // These codecs know no sign: it stands at the highest bit that was coded.
        if header.isSigned && stated.precision < header.bitsStored {
            loaded.format.bitsStored = stated.precision
            loaded.format.highBit = stated.precision - 1
        }
    }

    /// Fills `scratch`, which has room, by DCMTK's codecs.
    private mutating func loadWithDCMTK(
        _ frame: Int, _ fragments: Range<Int>, of file: borrowing OpenFile, _ loaded: inout Loaded
    ) throws(DICOMError) {
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
    }

    /// Whether bytes begin with the markers that begin a compressed frame.
    static func isStart(_ bytes: UnsafeRawBufferPointer, _ family: TransferSyntax.Family) -> Bool {
        switch family {
        // SOC and SIZ, or the signature box of a JP2 file.
        case .jpeg2000: bytes.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) || bytes.starts(with: [0, 0, 0, 12, 0x6A, 0x50])
        // SOI and the first byte of another marker.
        case .jpeg, .jpegLossless, .jpegLS: bytes.starts(with: [0xFF, 0xD8, 0xFF])
        default: false
        }
    }
}
