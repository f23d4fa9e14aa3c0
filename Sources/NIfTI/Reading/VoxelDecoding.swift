/// What was noticed while voxels became Float32.
struct DecodingNotes: OptionSet, Sendable {
    let rawValue: UInt8
    /// A whole number that Float32 does not hold.
    static let precisionLost = DecodingNotes(rawValue: 1)
    /// An alpha other than 255.
    static let alphaDropped = DecodingNotes(rawValue: 2)
    /// A float64 beyond Float32.
    static let beyondFloat32 = DecodingNotes(rawValue: 4)
}

/// Turns stored voxels into Float32: x fastest, the file's order is ours; colours become planes.
struct VoxelDecoder {
    let datatype: Datatype
    let isBigEndian: Bool
    /// Stored voxels of the image; of colours each has three values.
    let count: Int

    /// - Parameters:
    ///   - bytes: whole voxels from number `first` on. Any alignment.
    ///   - out: the values of the whole image.
    func decode(_ bytes: UnsafeRawBufferPointer, first: Int, into out: UnsafeMutablePointer<Float>) -> DecodingNotes {
        let place = out + first
        switch datatype {
        case .uint8: return convert(bytes, UInt8.self, place) { Float($0) }
        case .int8: return convert(bytes, UInt8.self, place) { Float(Int8(bitPattern: $0)) }
        case .int16: return convert(bytes, UInt16.self, place) { Float(Int16(bitPattern: $0)) }
        case .uint16: return convert(bytes, UInt16.self, place) { Float($0) }
        case .int32: return whole(bytes, UInt32.self, place) { Int32(bitPattern: $0) }
        case .uint32: return whole(bytes, UInt32.self, place) { $0 }
        case .int64: return whole(bytes, UInt64.self, place) { Int64(bitPattern: $0) }
        case .uint64: return whole(bytes, UInt64.self, place) { $0 }
        case .float32: return convert(bytes, UInt32.self, place) { Float(bitPattern: $0) }
        case .float64: return doubles(bytes, place)
        case .rgb24: return colors(bytes, stride: 3, place)
        case .rgba32: return colors(bytes, stride: 4, place)
        case .binary, .complex64, .complex128, .complex256, .float128:
            preconditionFailure("\(datatype) is refused before voxels are read")
        }
    }

    @inline(__always) private func convert<Word: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer, _: Word.Type, _ out: UnsafeMutablePointer<Float>, _ value: (Word) -> Float
    ) -> DecodingNotes {
        let size = MemoryLayout<Word>.size
        guard let start = bytes.baseAddress else { return [] }
        // One loop for each byte order, so that both become vector instructions.
        if isBigEndian {
            for index in 0..<bytes.count / size {
                out[index] = value(Word(bigEndian: start.loadUnaligned(fromByteOffset: index * size, as: Word.self)))
            }
        } else {
            for index in 0..<bytes.count / size {
                out[index] = value(Word(littleEndian: start.loadUnaligned(fromByteOffset: index * size, as: Word.self)))
            }
        }
        return []
    }

    /// Whole numbers of more bits than Float32 has.
    @inline(__always) private func whole<Word: FixedWidthInteger, Value: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer, _ word: Word.Type, _ out: UnsafeMutablePointer<Float>,
        _ value: (Word) -> Value
    ) -> DecodingNotes {
        var notes: DecodingNotes = []
        _ = convert(bytes, word, out) { (word: Word) -> Float in
            let number = value(word)
            if number.magnitude > 1 << 24, Float(exactly: number) == nil { notes.insert(.precisionLost) }
            return Float(number)
        }
        return notes
    }

    private func doubles(_ bytes: UnsafeRawBufferPointer, _ out: UnsafeMutablePointer<Float>) -> DecodingNotes {
        var notes: DecodingNotes = []
        _ = convert(bytes, UInt64.self, out) { word in
            let (double, float) = (Double(bitPattern: word), Float(Double(bitPattern: word)))
            if float.isInfinite && double.isFinite { notes.insert(.beyondFloat32) }
            return float
        }
        return notes
    }

    private func colors(
        _ bytes: UnsafeRawBufferPointer, stride: Int, _ out: UnsafeMutablePointer<Float>
    ) -> DecodingNotes {
        var opaque: UInt8 = 255
        for index in 0..<bytes.count / stride {
            for channel in 0..<3 { out[channel * count + index] = Float(bytes[index * stride + channel]) }
            if stride == 4 { opaque &= bytes[index * stride + 3] }
        }
        return opaque == 255 ? [] : .alphaDropped
    }
}
