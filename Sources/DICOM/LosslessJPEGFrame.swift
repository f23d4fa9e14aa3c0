import CLosslessJPEG

/// Gray JPEG lossless (ITU-T T.81, process 14), decoded here: DCMTK's decoder takes most of the time of reading a series.
enum LosslessJPEGFrame {
    /// Decodes a frame into samples of the header's Bits Allocated, in the byte order of this machine.
    ///
    /// - Parameters:
    ///   - stated: the frame's own header, which agrees with the data set's.
    ///   - samples: room for `rows * columns` samples.
    /// - Returns: false, with the samples undefined, for a frame that is of another kind, damaged or odd: DCMTK reads
    ///   it then, or says what is wrong with it.
    static func decode(
        _ bytes: [UInt8], _ stated: JPEGFrameHeader, _ header: DICOMHeader, into samples: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard stated.process == .lossless, stated.components == 1 else { return false }
        let count = header.rows * header.columns
        precondition(samples.count >= count * header.bitsAllocated / 8, "too little room for a frame")
        switch header.bitsAllocated {
        case 16 where stated.precision > 8:
            return decode(bytes, header, into: samples.bindMemory(to: UInt16.self).baseAddress!)
        case 8:
            return withUnsafeTemporaryAllocation(of: UInt16.self, capacity: count) { words in
                guard decode(bytes, header, into: words.baseAddress!) else { return false }
                for index in 0..<count { samples[index] = UInt8(truncatingIfNeeded: words[index]) }
                return true
            }
        default: return false
        }
    }

    private static func decode(
        _ bytes: [UInt8], _ header: DICOMHeader, into words: UnsafeMutablePointer<UInt16>
    ) -> Bool {
        lossless_jpeg_decode(bytes, bytes.count, UInt32(header.columns), UInt32(header.rows), words) != 0
    }
}
