extension NIfTIHeader {
    /// Stored voxels as Float32, x fastest; the file's order is ours.
    /// - Parameter bytes: exactly the voxels.
    func decode(_ bytes: ArraySlice<UInt8>) -> [Float] {
        switch datatype {
        case .uint8: convert(bytes, UInt8.self) { Float($0) }
        case .int8: convert(bytes, UInt8.self) { Float(Int8(bitPattern: $0)) }
        case .int16: convert(bytes, UInt16.self) { Float(Int16(bitPattern: $0)) }
        case .uint16: convert(bytes, UInt16.self) { Float($0) }
        case .int32: convert(bytes, UInt32.self) { Float(Int32(bitPattern: $0)) }
        case .uint32: convert(bytes, UInt32.self) { Float($0) }
        case .int64: convert(bytes, UInt64.self) { Float(Int64(bitPattern: $0)) }
        case .uint64: convert(bytes, UInt64.self) { Float($0) }
        case .float32: convert(bytes, UInt32.self) { Float(bitPattern: $0) }
        case .float64: convert(bytes, UInt64.self) { Float(Double(bitPattern: $0)) }
        case .binary, .complex64, .complex128, .complex256, .rgb24, .rgba32, .float128:
            preconditionFailure("\(datatype) is refused before voxels are read")
        }
    }

    @inline(__always) private func convert<Word: FixedWidthInteger>(
        _ bytes: ArraySlice<UInt8>, _: Word.Type, _ value: (Word) -> Float
    ) -> [Float] {
        let count = bytes.count / MemoryLayout<Word>.size
        // The offset of the voxels may be any number, so that words need not be aligned.
        return bytes.withUnsafeBytes { raw in
            [Float](unsafeUninitializedCapacity: count) { out, filled in
                for index in 0..<count {
                    let word = raw.loadUnaligned(fromByteOffset: index * MemoryLayout<Word>.size, as: Word.self)
                    out[index] = value(isBigEndian ? Word(bigEndian: word) : Word(littleEndian: word))
                }
                filled = count
            }
        }
    }

    /// Whether Float32 cannot hold every value of this type that the voxels have.
    func losesPrecision(_ voxels: [Float]) -> Bool {
        guard let bits = datatype.integerBits, bits > 24 else { return false }
        return voxels.contains { abs($0) >= 16_777_216 }
    }
}
