import TestSupport
import Testing
import Transforms
import Volumes

/// Whatever is done to words and their table gives what it gives on floats.
@Suite struct WordsTests {
    private let shape = Shape(depth: 5, height: 6, width: 7)

    private func volumes(padding: ClosedRange<Float>? = nil, rescales: [Rescale] = []) -> (
        words: Volume, floats: Volume
    ) {
        var random = SeededGenerator(seed: 7)
        let words = (0..<shape.count).map { _ in UInt16.random(in: 0...4095, using: &random) }
        var attributes = Attributes()
        attributes.padding = padding
        attributes.rescales = rescales
        attributes.bitsStored = 12
        let geometry = Geometry(spacing: [0.7, 0.7, 1.25])
        let storage = Voxels.words(words, WordValues((0...UInt16.max).map { Float($0) }))
        return (
            Volume(storage: storage, shape: shape, geometry: geometry, attributes: attributes),
            Volume(voxels: storage.floats, shape: shape, geometry: geometry, attributes: attributes)
        )
    }

    @Test(arguments: [
        [Rescale(slope: 1, intercept: -1024)], [], (0..<5).map { Rescale(slope: Double($0) + 0.5, intercept: 3) },
    ])
    func rescaleWithPadding(rescales: [Rescale]) throws {
        var (words, floats) = volumes(padding: 0...200, rescales: rescales)
        try words.applyRescale()
        try floats.applyRescale()
        #expect(words.voxels == floats.voxels)
        #expect(words.attributes.padding == nil)
    }

    @Test(arguments: VOIFunction.allCases) func window(function: VOIFunction) throws {
        var (words, floats) = volumes()
        let window = Window(center: 1800, width: 2000, function: function)
        try words.apply(window)
        try floats.apply(window)
        #expect(words.voxels == floats.voxels)
    }

    @Test func normalizations() throws {
        for method in [Normalization.minMax, .percentile(lower: 1, upper: 99.8), .radiograph(bits: nil)] {
            var (words, floats) = volumes()
            let both = (try words.normalize(method), try floats.normalize(method))
            #expect(both.0 && both.1)
            #expect(words.voxels == floats.voxels)
        }
        var (words, floats) = volumes()
        _ = try words.normalize(.zScore)
        _ = try floats.normalize(.zScore)
        #expect(zip(words.voxels, floats.voxels).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test func spatialTransforms() throws {
        let (words, floats) = volumes()
        let spacing = SIMD3<Double>(1, 1, 1)
        #expect(try words.resampled(toSpacing: spacing).voxels == floats.resampled(toSpacing: spacing).voxels)
        #expect(words.flipped(.x).voxels == floats.flipped(.x).voxels)
        #expect(words.flipped(.z).voxels == floats.flipped(.z).voxels)
        let (cutWords, cutFloats) = (
            words.centered(depth: 3, height: 9, width: 4, fill: -1),
            floats.centered(depth: 3, height: 9, width: 4, fill: -1)
        )
        #expect(cutWords.voxels == cutFloats.voxels)
    }
}
