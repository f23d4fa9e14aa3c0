import Volumes

extension VoxelSource {
    /// Voxels that a volume holds as words: the type is chosen, and each voxel converted, by the table of their values.
    init(_ words: [UInt16], _ values: WordValues, _ storage: WritingOptions.Storage) {
        let counts = Voxels.counts(of: words)
        let used = counts.indices.filter { counts[$0] > 0 }
        func all(_ range: ClosedRange<Float>) -> Bool {
            used.allSatisfy {
                let value = values.table[$0]
                return range.contains(value) && value == value.rounded() && (value != 0 || value.sign == .plus)
            }
        }
        if storage == .smallest, all(0...255) {
            let bytes = values.table.map { UInt8(clamping: Int(exactly: $0) ?? 0) }
            self.init(datatype: .uint8) { range, out in
                for (index, word) in words[range].enumerated() { out[index] = bytes[Int(word)] }
            }
        } else if storage != .float32, all(-32768...32767) {
            self.init(
                words, used, .int16, values.table.map { UInt16(bitPattern: Int16(clamping: Int(exactly: $0) ?? 0)) })
        } else if storage != .float32, all(0...65535) {
            self.init(words, used, .uint16, values.table.map { UInt16(clamping: Int(exactly: $0) ?? 0) })
        } else {
            self.init(datatype: .float32) { range, out in
                let floats = out.bindMemory(to: Float.self)
                words.withUnsafeBufferPointer {
                    values.copy(UnsafeBufferPointer(rebasing: $0[range]), to: floats.baseAddress!)
                }
                #if _endian(big)
                    for index in floats.indices {
                        floats[index] = Float(bitPattern: floats[index].bitPattern.byteSwapped)
                    }
                #endif
            }
        }
    }

    /// - Parameter table: the word to write for each word.
    private init(_ words: [UInt16], _ used: [Int], _ datatype: Datatype, _ table: [UInt16]) {
        let isSame = used.allSatisfy { Int(table[$0]) == $0 }
        self.init(datatype: datatype) { range, out in
            let target = out.bindMemory(to: UInt16.self)
            words.withUnsafeBufferPointer { words in
                if isSame && UInt16(1).littleEndian == 1 {
                    _ = target.update(fromContentsOf: words[range])
                } else {
                    for (index, word) in words[range].enumerated() { target[index] = table[Int(word)].littleEndian }
                }
            }
        }
    }
}
