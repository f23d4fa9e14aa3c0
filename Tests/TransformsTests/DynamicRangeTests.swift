import Testing
import Transforms
import Volumes

@Suite struct DynamicRangeTests {
    let recorded = RecordedIntensity.shared

    @Test func percentilesAreNumpysToTheLastBit() throws {
        for isWords in [false, true] {
            var volume = RecordedTransforms.row(recorded.ct)
            if isWords { volume = words(volume) }
            var masked = volume
            let range = try volume.normalizeDynamicRange()
            #expect([range.lower, range.upper] == recorded.dynamicRange.all)
            #expect(volume.voxels.min() == 0 && volume.voxels.max() == 1)
            let valid = try masked.normalizeDynamicRange(invalid: recorded.foregroundMask)
            #expect([valid.lower, valid.upper] == recorded.dynamicRange.valid)
        }
    }

    /// Padding counts neither where dran rescales itself nor where a mask is kept; it comes out 0.
    @Test func paddingIsLeftOut() throws {
        let values = (0...1000).map { Float($0) } + [Float](repeating: -2000, count: 500)
        for isWords in [false, true] {
            var volume = RecordedTransforms.row(values)
            if isWords { volume = words(volume) }
            volume.attributes.padding = -2000 ... -2000
            volume.attributes.rescales = [Rescale(slope: 2, intercept: -1024)]
            var rescaled = volume
            let mask = try #require(rescaled.paddingMask)
            #expect(mask.labels.count { $0 != 0 } == 500)
            try rescaled.applyRescale()
            #expect(rescaled.attributes.isPaddingFilled)
            let range = try volume.normalizeDynamicRange()
            // Ranks 10 and 998 of 0...1000, rescaled.
            #expect(range.lower == -1004)
            #expect(range.upper == 972)
            #expect(volume.voxels.last == 0 && volume.voxels[1000] == 1)
            #expect(try rescaled.normalizeDynamicRange(invalid: mask) == range)
            #expect(rescaled.voxels == volume.voxels)
        }
    }

    @Test func withoutARangeAllIsZero() throws {
        // One bright voxel of a thousand is beyond the 99.8 percentile.
        var volume = RecordedTransforms.row([Float](repeating: 3, count: 999) + [500])
        #expect(try volume.normalizeDynamicRange().isEmpty)
        #expect(volume.voxels.allSatisfy { $0 == 0 })
    }

    @Test func whatCannotBeMeasuredIsRefused() {
        var volume = RecordedTransforms.row([1, 2, 3])
        #expect(throws: TransformError.self) { try volume.normalizeDynamicRange(lower: 90, upper: 10) }
        let all = Mask(labels: [1, 1, 1], shape: volume.shape, geometry: .pixels)
        #expect(throws: TransformError.self) { try volume.normalizeDynamicRange(invalid: all) }
        let other = Mask(labels: [1, 1], shape: Shape(depth: 1, height: 1, width: 2), geometry: .pixels)
        #expect(throws: TransformError.self) { try volume.normalizeDynamicRange(invalid: other) }
        var bad = RecordedTransforms.row([1, .nan, 3])
        #expect(throws: TransformError.self) { try bad.normalizeDynamicRange() }
    }
}
