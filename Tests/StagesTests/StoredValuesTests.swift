import Pipelines
import Testing
import Transforms
import Volumes

@testable import Stages

/// Stages before `rescale`: what they make must still be rescaled right, or be refused.
@Suite struct StoredValuesTests {
    private func item(slopes: [Double] = [], padding: Float? = nil) -> Item {
        var item = RandomStagesTests.item(depth: 6)
        item.volume.withMutableVoxels { if let padding { $0[0] = padding } }
        item.volume.attributes.rescales = slopes.map { Rescale(slope: $0, intercept: 0) }
        item.volume.attributes.padding = padding.map { $0...$0 }
        return item
    }

    private func isRefused(_ stage: String, _ item: Item) throws -> Bool {
        var item = item
        do {
            try RandomStagesTests.stage(stage).run(&item, RandomStagesTests.context())
            return false
        } catch let error as TransformError {
            #expect("\(error)".contains("put `rescale` before"), "\(error)")
            return true
        }
    }

    /// Which slope is whose must still be known where slices were mixed or turned.
    @Test(arguments: [
        ("reorient: { to: SPL }", true), ("reorient: { to: LPI }", false), ("resample", true),
        ("resize: { size: [32, 32] }", false), ("resize: { size: [4, 32, 32] }", true), ("bandpass", false),
        ("bandpass: { dimensions: 3 }", true), ("n4", true), ("rotate", true), ("brightness: { probability: 0 }", true),
        ("flip: { axis: z, probability: 1 }", false),
    ]) func slopesOfSlices(stage: String, isRefused: Bool) throws {
        #expect(try self.isRefused(stage, item(slopes: [1, 2, 3, 4, 5, 6])) == isRefused)
        #expect(try !self.isRefused(stage, item(slopes: [2])))
    }

    /// The same picture stored as a negative is the same picture, clipped at the same ends.
    @Test func percentilesAreOfWhatIsDisplayed() throws {
        func normalized(_ polarity: Polarity, _ value: (Float) -> Float) throws -> [Float] {
            var item = item(slopes: [1])
            let count = item.volume.shape.count
            item.volume.withMutableVoxels { for index in 0..<count { $0[index] = value(Float(index * index % 4096)) } }
            item.volume.attributes.polarity = polarity
            try RandomStagesTests.stage("normalize: { upper: 90, polarity: display }").run(
                &item, RandomStagesTests.context())
            return item.volume.voxels
        }
        let (plain, negative) = (try normalized(.brightIsHigh) { $0 }, try normalized(.brightIsLow) { 4095 - $0 })
        #expect(zip(plain, negative).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(plain.contains(0) && plain.contains(1))
    }

    /// What is blended with padding is neither padding nor tissue.
    @Test(arguments: [
        ("resize: { size: [32, 32] }", true), ("resize: { size: [32, 32], interpolation: nearest }", false),
        ("resample", true), ("bandpass", true), ("n4", true), ("blur", true), ("elastic", true), ("noise", true),
        ("density-shift", false), ("reorient: { to: SPL }", false), ("flip", false),
        ("crop-pad: { size: [8, 8] }", false),
    ]) func padding(stage: String, isRefused: Bool) throws {
        #expect(try self.isRefused(stage, item(padding: -2000)) == isRefused)
        var unused = item(padding: -2000)
        unused.volume.attributes.padding = -3000 ... -3000
        #expect(try !self.isRefused(stage, unused))
    }
}
