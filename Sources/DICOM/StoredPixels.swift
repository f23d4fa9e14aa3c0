/// How a sample lies in its word (PS3.5 8.1.1): `bitsStored` bits whose highest is bit `highBit`.
struct PixelFormat: Sendable, Hashable {
    var bitsAllocated: Int
    var bitsStored: Int
    var highBit: Int
    var isSigned: Bool

    init(bitsAllocated: Int, bitsStored: Int, highBit: Int, isSigned: Bool) {
        (self.bitsAllocated, self.bitsStored, self.highBit) = (bitsAllocated, bitsStored, highBit)
        self.isSigned = isSigned
    }

    /// As the data set describes its pixels.
    init(_ header: DICOMHeader) {
        self.init(
            bitsAllocated: header.bitsAllocated, bitsStored: header.bitsStored, highBit: header.highBit,
            isSigned: header.isSigned)
    }

    /// Single bits, expanded to a byte each.
    static let bytes = PixelFormat(bitsAllocated: 8, bitsStored: 8, highBit: 7, isSigned: false)
    /// What JPEG 2000 decodes to.
    static let words = PixelFormat(bitsAllocated: 32, bitsStored: 32, highBit: 31, isSigned: true)

    var bytesPerSample: Int { bitsAllocated / 8 }

    /// Samples to values, in the byte order of this machine. What lies outside the stored bits (overlays in old
    /// files) is masked away and the sign is extended, both by one shift up and one down.
    ///
    /// - Parameters:
    ///   - bytes: at least `count * stride * bytesPerSample` bytes.
    ///   - stride: samples from one that is taken to the next: 3 for one channel of interleaved colour.
    func decode(
        _ bytes: UnsafeRawBufferPointer, from first: Int = 0, stride: Int = 1, count: Int,
        into values: UnsafeMutablePointer<Float>
    ) {
        switch (bitsAllocated, isSigned) {
        case (8, false): convert(bytes, UInt8.self, first, stride, count, values)
        case (8, true): convert(bytes, Int8.self, first, stride, count, values)
        case (16, false): convert(bytes, UInt16.self, first, stride, count, values)
        case (16, true): convert(bytes, Int16.self, first, stride, count, values)
        case (32, false): convert(bytes, UInt32.self, first, stride, count, values)
        case (32, true): convert(bytes, Int32.self, first, stride, count, values)
        default: preconditionFailure("Bits Allocated \(bitsAllocated) is refused before pixels are read")
        }
    }

    @inline(__always) private func convert<Word: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer, _: Word.Type, _ first: Int, _ stride: Int, _ count: Int,
        _ values: UnsafeMutablePointer<Float>
    ) {
        precondition(bytes.count >= ((count - 1) * stride + first + 1) * bytesPerSample, "too few bytes")
        let words = bytes.bindMemory(to: Word.self)
        let (up, down) = (Word(bitsAllocated - 1 - highBit), Word(bitsAllocated - bitsStored))
        if stride == 1 && first == 0 {
            for index in 0..<count { values[index] = Float((words[index] &<< up) &>> down) }
        } else {
            for index in 0..<count { values[index] = Float((words[first + index * stride] &<< up) &>> down) }
        }
    }
}

/// 32-bit words that were swapped as pairs of 16-bit words, as DCMTK does with big endian OW data, put right.
func exchangeHalves(_ bytes: UnsafeMutableRawBufferPointer) {
    let words = bytes.bindMemory(to: UInt32.self)
    for index in words.indices { words[index] = words[index] << 16 | words[index] >> 16 }
}
