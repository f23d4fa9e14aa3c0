import Testing
import Transforms
import Volumes

@Suite struct MaskedNormalizationTests {
    let recorded = RecordedIntensity.shared

    private func volumes() -> [Volume] {
        let floats = RecordedTransforms.row(recorded.ct)
        return [floats, words(floats)]
    }

    @Test func foregroundEqualsNnUNet() throws {
        for var volume in volumes() {
            let properties = try IntensityProperties(of: volume, foreground: recorded.foregroundMask)
            let expected = recorded.nnunet
            #expect([properties.lower, properties.upper] == [expected.lower, expected.upper])
            #expect(
                abs(properties.mean - expected.mean) < 1e-9 && abs(properties.deviation - expected.deviation) < 1e-9)
            #expect(try volume.normalize(.foreground(properties)))
            #expect(largestDifference(volume.voxels, expected.values) < 1e-5)
        }
    }

    @Test func zScoreOverAMask() throws {
        for var volume in volumes() {
            #expect(try volume.normalize(.zScore, within: recorded.foregroundMask))
            #expect(largestDifference(volume.voxels, recorded.zScore) < 1e-5)
        }
    }

    @Test func leastAndGreatestOverAMask() throws {
        let mask = Mask(labels: [0, 1, 5, 0], shape: Shape(depth: 1, height: 1, width: 4), geometry: .pixels)
        var volume = RecordedTransforms.row([-100, 10, 20, 100])
        #expect(try volume.normalize(.minMax, within: mask))
        #expect(volume.voxels == [0, 0, 1, 1])
        volume = RecordedTransforms.row([-100, 10, 10, 100])
        #expect(try !volume.normalize(.minMax, within: mask))
    }

    @Test func rangeOfHU() throws {
        var volume = RecordedTransforms.row([-3000, -1000, -500, 0, 3000])
        #expect(try volume.normalize(.range(lower: -1000, upper: 0)))
        #expect(volume.voxels == [0, 0, 0.5, 1, 1])
        #expect(throws: TransformError.self) { try volume.normalize(.range(lower: 5, upper: 5)) }
        #expect(throws: TransformError.self) { try volume.normalize(.range(lower: .nan, upper: 5)) }
    }

    @Test func sixteenBitsAreDividedBy65535() throws {
        var volume = RecordedTransforms.row([0, 13107, 65535])
        volume.attributes.bitsStored = 12
        #expect(try volume.normalize(.radiograph(bits: 16)))
        #expect(largestDifference(volume.voxels, [0, 0.2, 1]) < 1e-7)
    }

    @Test func masksThatDoNotFitAreRefused() {
        var volume = RecordedTransforms.row([1, 2, 3])
        let shape = Shape(depth: 1, height: 1, width: 3)
        let empty = Mask(labels: [0, 0, 0], shape: shape, geometry: .pixels)
        let turned = Mask(labels: [1, 1, 1], shape: Shape(depth: 1, height: 3, width: 1), geometry: .pixels)
        for mask in [empty, turned] {
            #expect { try volume.normalize(.zScore, within: mask) } throws: {
                ($0 as? TransformError)?.code == .unusableMask
            }
        }
    }

    /// Finite values in the mask do not excuse what is outside.
    @Test func valuesOutsideTheMaskMustBeFiniteToo() {
        var volume = RecordedTransforms.row([1, 2, .infinity])
        let mask = Mask(labels: [1, 1, 0], shape: Shape(depth: 1, height: 1, width: 3), geometry: .pixels)
        #expect(throws: TransformError.self) { try volume.normalize(.zScore, within: mask) }
    }

    /// The extremes go over blocks of 4,096 values and over their bits.
    @Test func extremesAreThoseOfAPlainLoop() throws {
        for count in [1, 15, 16, 4095, 4096, 4097, 9000] {
            let values = (0..<count).map { index -> Float in Float((index * 7919) % 1009 - 600) / 8 }
            var volume = RecordedTransforms.row(values)
            _ = try volume.normalize(.minMax)
            let (least, greatest) = (values.min()!, values.max()!)
            let range = greatest - least
            let expected = values.map { value -> Float in range > 0 ? (value - least) / range : 0 }
            #expect(largestDifference(volume.voxels, expected) < 1e-6)
        }
    }
}
