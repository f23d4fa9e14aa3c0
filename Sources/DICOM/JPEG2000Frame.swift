import COpenJPEG

/// One frame of JPEG 2000 or HTJ2K (PS3.5 A.4.4, A.4.9), decoded by OpenJPEG.
struct JPEG2000Frame {
    let header: DICOMHeader
    private let bytes: [UInt8]
    private let description: j2k_description

    /// Reads the codestream's main header and compares it with the data set; nothing is decoded yet.
    init(_ bytes: [UInt8], header: DICOMHeader) throws(DICOMError) {
        (self.header, self.bytes) = (header, bytes)
        var (limits, found, status) = (ReadingLimits.jpeg2000, j2k_description(), j2k_status())
        guard j2k_describe(bytes, bytes.count, &limits, &found, &status) != 0 else {
            throw DICOMError(status: status, path: header.path)
        }
        description = found
        let samples = header.rows * header.columns * header.samplesPerPixel
        guard samples <= ReadingLimits.jpeg2000Samples else {
            throw DICOMError(
                .tooLarge, path: header.path,
                "\(samples) samples in a JPEG 2000 frame are more than the limit of \(ReadingLimits.jpeg2000Samples)")
        }
        let size = (Int(found.height), Int(found.width), Int(found.component_count))
        guard size == (header.rows, header.columns, header.samplesPerPixel) else {
            throw DICOMError(
                .malformed, path: header.path,
                "the codestream is \(size.1) x \(size.0) with \(size.2) components, the data set says "
                    + "\(header.columns) x \(header.rows) with \(header.samplesPerPixel); one of them is damaged")
        }
        guard found.precision <= header.bitsAllocated else {
            throw DICOMError(
                .malformed, path: header.path,
                "the codestream has \(found.precision) bits a sample, Bits Allocated \(header.bitsAllocated) are fewer")
        }
    }

    /// What the samples are after decoding, which undoes RCT and ICT (PS3.3 C.7.6.3.1.2 YBR_RCT, YBR_ICT).
    ///
    /// Writers often leave RGB in the header of a transformed codestream; then decoding gives what the header says.
    /// The other contradictions leave it open what the colours are.
    func interpretation() throws(DICOMError) -> String {
        let stated = header.photometricInterpretation
        guard header.samplesPerPixel == 3, stated != "RGB" else { return stated }
        let isTransformed = description.has_color_transform != 0
        switch stated {
        case "YBR_RCT" where isTransformed, "YBR_ICT" where isTransformed: return "RGB"
        case "YBR_FULL" where !isTransformed, "YBR_FULL_422" where !isTransformed: return "YBR_FULL"
        default:
            throw DICOMError(
                .unsupportedPixels, path: header.path,
                "Photometric Interpretation (0028,0004) contradicts the codestream, which is "
                    + (isTransformed ? "colour-transformed" : "not colour-transformed"))
        }
    }

    /// Decodes into planes of 32-bit words, sign and range as the data set has them.
    ///
    /// Where the codestream's sign is not that of Pixel Representation, the sample's bits are taken over and read
    /// with the latter: encoders that knew the bits only wrote such files.
    ///
    /// - Parameter words: `samplesPerPixel * rows * columns` of them.
    func decode(into words: UnsafeMutableBufferPointer<Int32>) throws(DICOMError) {
        precondition(words.count >= header.rows * header.columns * header.samplesPerPixel, "too little room")
        var (limits, expected, status) = (ReadingLimits.jpeg2000, description, j2k_status())
        guard j2k_decode(bytes, bytes.count, &limits, &expected, words.baseAddress, &status) != 0 else {
            throw DICOMError(status: status, path: header.path)
        }
        if (description.is_signed != 0) != header.isSigned {
            let unused = Int32(32 - description.precision)
            for index in words.indices {
                words[index] =
                    header.isSigned
                    ? (words[index] &<< unused) &>> unused
                    : Int32(bitPattern: (UInt32(bitPattern: words[index]) &<< UInt32(unused)) &>> UInt32(unused))
            }
        }
        guard header.bitsStored < Int(description.precision) else { return }
        let least: Int32 = header.isSigned ? -1 << Int32(header.bitsStored - 1) : 0
        let most = Int32((Int64(1) << Int64(header.isSigned ? header.bitsStored - 1 : header.bitsStored)) - 1)
        guard words.allSatisfy({ $0 >= least && $0 <= most }) else {
            throw DICOMError(
                .malformed, path: header.path,
                "the codestream holds values that do not fit into Bits Stored \(header.bitsStored)")
        }
    }
}

extension DICOMError {
    /// The codec's status in this module's words.
    fileprivate init(status: j2k_status, path: String) {
        let detail = withUnsafeBytes(of: status.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        switch status.code {
        case J2K_TRUNCATED:
            self.init(.truncated, path: path, "a JPEG 2000 frame is not whole: \(detail); copy the file again")
        case J2K_UNSUPPORTED: self.init(.unsupportedPixels, path: path, detail)
        case J2K_OUT_OF_MEMORY: self.init(.tooLarge, path: path, "not enough memory to decode this file")
        default:
            self.init(.decodeFailed, path: path, "a JPEG 2000 frame is damaged: \(detail); copy the file again")
        }
    }
}
