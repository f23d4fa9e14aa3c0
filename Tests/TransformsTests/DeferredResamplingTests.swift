import Parallel
import Testing
import Transforms
import Volumes

/// Voxels that are made when they are read are those that are made at once.
@Suite struct DeferredResamplingTests {
    /// Two channels of words that stand for what no line describes, with an odd number of everything.
    private let words: Volume = {
        let shape = Shape(channels: 2, depth: 7, height: 19, width: 23)
        let table = WordValues((0..<65536).map { Float($0 % 977) * 0.25 - 40 })
        return Volume(
            storage: .words((0..<shape.count).map { UInt16(truncatingIfNeeded: $0 &* 40503) }, table), shape: shape,
            geometry: Geometry(spacing: [0.7, 0.8, 1.25]))
    }()

    @Test(arguments: [
        SIMD3(1.0, 1.0, 1.0), SIMD3(0.7, 0.8, 0.5), SIMD3(2.1, 1.9, 3.3), SIMD3(0.7, 0.8, 1.25), SIMD3(1.0, 1.0, 1.25),
    ])
    func everyRangeHasTheBitsOfTheWhole(spacing: SIMD3<Double>) throws {
        let whole = try words.resampled(toSpacing: spacing)
        let deferred = try words.resampled(toSpacing: spacing, mayDefer: true)
        #expect(deferred.shape == whole.shape)
        #expect(deferred.geometry == whole.geometry)
        #expect(deferred.voxels == whole.voxels)
        #expect(deferred.floats(Workers(count: 3)) == whole.voxels)
        // In a row, with ends within rows and slices; then one that lies before them.
        guard case .deferred(let voxels) = deferred.storage else {
            #expect(spacing == words.geometry.spacing)
            return
        }
        let read = voxels.reader()
        var (start, step) = (0, 1)
        var values = [Float](repeating: .nan, count: voxels.count)
        while start < voxels.count {
            let end = min(start + step, voxels.count)
            values.withUnsafeMutableBufferPointer { read(start..<end, $0.baseAddress! + start) }
            (start, step) = (end, step * 3 + 1)
        }
        #expect(values == whole.voxels)
        read(5..<6, &values)
        #expect(values[0] == whole.voxels[5])
        #expect(deferred.storage.value(at: 11) == whole.voxels[11])
    }

    @Test func finiteWordsAreKnownToStayFinite() throws {
        #expect(try words.resampled(toSpacing: [1, 1, 1], mayDefer: true).storage.areKnownFinite)
        var table = words
        table.mapValues { $0[7] = .nan }
        let changed = try table.resampled(toSpacing: [1, 1, 1], mayDefer: true)
        #expect(!changed.storage.areKnownFinite)
        #expect(isMade(changed))
    }

    private func isMade(_ volume: Volume) -> Bool { if case .floats = volume.storage { true } else { false } }

    @Test func wideFiltersAreNotDeferred() throws {
        #expect(isMade(try words.resampled(toSpacing: [1, 1, 1], interpolation: .cubic, mayDefer: true)))
    }

    @Test func laterStepsMakeThem() throws {
        let whole = try words.resampled(toSpacing: [1, 1, 1])
        let deferred = try words.resampled(toSpacing: [1, 1, 1], mayDefer: true)
        let (one, other) = (
            try whole.resampled(toSpacing: [2, 2, 2]).voxels, try deferred.resampled(toSpacing: [2, 2, 2]).voxels
        )
        #expect(one == other)
        #expect(deferred.channel(1).voxels == whole.channel(1).voxels)
        var changed = deferred
        changed.mapValues { span in for index in span.indices { span[index] += 1 } }
        #expect(changed.voxels == whole.voxels.map { $0 + 1 })
    }
}
