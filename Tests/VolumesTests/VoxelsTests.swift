import Testing
import Volumes

@Suite struct VoxelsTests {
    private let shape = Shape(depth: 2, height: 2, width: 3)
    private let words: [UInt16] = [0, 1, 2, 65535, 4, 5, 6, 7, 32768, 9, 10, 11]

    /// Two's complement: 65535 is -1.
    private var signed: Voxels {
        .words(words, WordValues((0...UInt16.max).map { Float(Int16(bitPattern: $0)) }))
    }

    @Test func wordsHaveTheValuesOfTheirTable() {
        let volume = Volume(storage: signed, shape: shape, geometry: .pixels)
        #expect(volume.voxels == [0, 1, 2, -1, 4, 5, 6, 7, -32768, 9, 10, 11])
        #expect(Array(volume.slice(1)) == [6, 7, -32768, 9, 10, 11])
    }

    @Test func mappingValuesChangesTheTableAndNothingElse() {
        var volume = Volume(storage: signed, shape: shape, geometry: .pixels)
        volume.mapValues { span in for index in span.indices { span[index] = span[index] * 2 + 1 } }
        #expect(volume.voxels == [1, 3, 5, -1, 9, 11, 13, 15, -65535, 19, 21, 23])
        guard case .words(let kept, _) = volume.storage else {
            Issue.record("words became floats")
            return
        }
        #expect(kept == words)
    }

    @Test func changingSingleVoxelsMakesFloats() {
        var volume = Volume(storage: signed, shape: shape, geometry: .pixels)
        volume.withMutableVoxels { $0[3] = 0.5 }
        #expect(volume.voxels == [0, 1, 2, 0.5, 4, 5, 6, 7, -32768, 9, 10, 11])
    }

    @Test func rowsCanBeRearrangedEitherWay() {
        let reversed: (Int) -> (start: Int, step: Int) = { row in (row * 3 + 2, -1) }
        let fromWords = signed.rearranged(rows: 4, length: 3, reversed)
        let fromFloats = Voxels.floats(signed.floats).rearranged(rows: 4, length: 3, reversed)
        #expect(fromWords.floats == [2, 1, 0, 5, 4, -1, -32768, 7, 6, 11, 10, 9])
        #expect(fromWords.floats == fromFloats.floats)
    }

    @Test func occurringValuesAreCounted() {
        let voxels = Voxels.words([7, 7, 3, 7, 3], WordValues((0...UInt16.max).map { Float($0) }))
        let counts = voxels.occurring?.sorted { $0.value < $1.value }
        #expect(counts?.map(\.value) == [3, 7])
        #expect(counts?.map(\.count) == [2, 3])
    }
}

@Suite struct WordValuesTests {
    static let rules: [@Sendable (UInt16) -> Float] = [
        { Float($0) * 0.1 + 3 },
        { Float(Int16(bitPattern: $0)) - 1024 },
        { Float($0 & 0xFFF) },
        { Float($0 >> 4) },
        { min(max(Float($0) / 400, 0), 1) },
        { _ in 7 },
    ]

    /// Values come from a line where one holds and from the table where it does not; nobody can tell.
    @Test(arguments: rules.indices) func copyingEqualsLookingUp(rule: Int) {
        let table = (0...UInt16.max).map(Self.rules[rule])
        let values = WordValues(table)
        let sets: [[UInt16]] = [(0...4095).map { $0 }, (0...UInt16.max).map { $0 }, [65535, 0, 32768, 5], [9]]
        for words in sets {
            var out = [Float](repeating: -1, count: words.count)
            words.withUnsafeBufferPointer { values.copy($0, to: &out) }
            #expect(out == words.map { table[Int($0)] })
        }
    }
}
