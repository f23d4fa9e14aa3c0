import Parallel
import Testing
import Volumes

@testable import Transforms

@Suite struct IntensityAugmentationTests {
    let recorded = RecordedRandom.shared
    let field = Philox(seed: 1, item: "noise", stage: 0).field(1)

    @Test(arguments: RecordedRandom.shared.gamma.indices) func gammaEqualsNumpy(index: Int) throws {
        var volume = recorded.cube()
        #expect(try volume.applyGamma(recorded.gamma[index].exponent))
        #expect(largestDifference(volume.voxels, recorded.gamma[index].values) < 2e-7)
    }

    @Test func theBiasFieldIsTorchIOs() throws {
        var volume = recorded.cube()
        try volume.multiply(by: BiasField(order: 3, coefficients: recorded.bias.coefficients))
        #expect(largestDifference(volume.voxels, recorded.bias.values) < 1e-6)
    }

    @Test(arguments: RecordedRandom.shared.blurs.indices) func blurEqualsSciPy(index: Int) throws {
        var volume = recorded.cube()
        try volume.blur(sigma: vector(recorded.blurs[index].sigma))
        #expect(largestDifference(volume.voxels, recorded.blurs[index].values) < 1e-6)
    }

    @Test func blurLeavesAConstantAndAxesOfOneVoxel() throws {
        var one = Volume(voxels: [3], shape: Shape(depth: 1, height: 1, width: 1), geometry: .pixels)
        try one.blur(sigma: [4, 4, 4])
        #expect(one.voxels == [3])
        var row = RecordedTransforms.row([Float](repeating: 2, count: 40))
        try row.blur(sigma: [3, 3, 3])
        #expect(row.voxels.allSatisfy { abs($0 - 2) < 1e-6 })
    }

    /// Padding of the header, padding that rescale has filled, and what is too low to be anything.
    @Test func densityShiftLeavesPadding() throws {
        let stored: [Float] = [-2000, 0, 1024, 1064, 3000]
        var volume = RecordedTransforms.row(stored)
        volume.attributes.rescales = [Rescale(slope: 2, intercept: -1024)]
        volume.attributes.padding = -2000 ... -2000
        var before = volume
        try before.shiftDensity(by: 40)
        #expect(before.voxels == [-2000, 20, 1044, 1084, 3020])

        try volume.applyRescale(paddingFill: -1200)
        try volume.shiftDensity(by: 40, least: -2000)
        #expect(volume.voxels == [-1200, -984, 1064, 1144, 5016])

        var plain = RecordedTransforms.row([-3024, -1025, -1024, 0])
        try plain.shiftDensity(by: -50)
        #expect(plain.voxels == [-3024, -1025, -1074, -50])
    }

    @Test func wordsAndValuesAreShiftedAlike() throws {
        let words: [UInt16] = [0, 5, 1000, 65535]
        var table = Volume(
            storage: .words(words, WordValues((0...UInt16.max).map { Float(Int16(bitPattern: $0)) })),
            shape: Shape(depth: 1, height: 1, width: 4), geometry: .pixels)
        var values = RecordedTransforms.row(table.voxels)
        try table.shiftDensity(by: 12.5)
        try values.shiftDensity(by: 12.5)
        #expect(table.voxels == values.voxels)
    }

    @Test func brightnessAddsAndContrastKeepsTheMean() throws {
        var volume = recorded.cube()
        let mean = try volume.mean()
        try volume.brighten(by: 0.25)
        #expect(largestDifference(volume.voxels, recorded.volume.map { $0 + 0.25 }) == 0)
        volume = recorded.cube()
        try volume.changeContrast(by: 0.5)
        let (after, deviation, before) = try (volume.mean(), volume.deviation(), recorded.cube().deviation())
        #expect(abs(after - mean) < 1e-6)
        #expect(abs(deviation - 0.5 * before) < 1e-6)
        try volume.changeContrast(by: 0)
        #expect(volume.voxels.allSatisfy { abs(Double($0) - mean) < 1e-6 })
    }

    @Test(arguments: [1, 2, 4]) func noiseIsTheFieldTimesItsDeviation(workers: Int) throws {
        var volume = pattern(depth: 3, height: 150, width: 200)
        let before = volume.voxels
        try volume.addNoise(deviation: 0.5, field: field, workers: Workers(count: workers))
        let normal = [Float](unsafeUninitializedCapacity: before.count) { values, initialized in
            field.normal(before.count, into: values.baseAddress!, .single)
            initialized = before.count
        }
        #expect(volume.voxels == zip(before, normal).map { $0 + 0.5 * $1 })
    }

    @Test func constantImagesAreToldOrLeft() throws {
        var constant = RecordedTransforms.row([4, 4, 4])
        #expect(try !constant.applyGamma(2))
        #expect(constant.voxels == [4, 4, 4])
        #expect(try constant.spread() == 0)
        // An image that is nearly all background still has a range.
        var voxels = [Float](repeating: 0, count: 1000)
        voxels[7] = 5
        #expect(try RecordedTransforms.row(voxels).spread() == 5)
    }

    @Test(arguments: [Float.nan, .infinity]) func whatIsNoNumberIsRefused(value: Float) {
        let bad = Volume(
            voxels: [0, 1, value, 2, 3, 1, 2, 0], shape: Shape(depth: 2, height: 2, width: 2), geometry: .pixels)
        func refuses(_ body: (inout Volume) throws -> Void) {
            var volume = bad
            #expect(throws: TransformError.self) { try body(&volume) }
        }
        refuses { try $0.shiftDensity(by: 1) }
        refuses { try $0.brighten(by: 1) }
        refuses { try $0.changeContrast(by: 2) }
        refuses { _ = try $0.applyGamma(2) }
        refuses { try $0.addNoise(deviation: 1, field: field) }
        refuses { try $0.blur(sigma: .one) }
        refuses { try $0.multiply(by: BiasField(order: 1, coefficients: [0, 0, 0, 1])) }
        refuses { try $0.apply(Ghosting(axis: .x, ghosts: 2, intensity: 1)) }
        refuses { try $0.apply(Motion(axis: .x, times: [], movements: [])) }
        refuses { $0 = try $0.warped(by: AffineWarp()) }
        refuses { volume in
            let zeros = [Float](repeating: 0, count: 8)
            volume = try volume.warped(by: DisplacementField(shape: bad.shape, components: [zeros, zeros, zeros]))
        }
        refuses { _ = try $0.spread() }
    }

    @Test func parametersOutOfRangeAreRefused() {
        var volume = recorded.cube()
        #expect(throws: TransformError.self) { try volume.applyGamma(0) }
        #expect(throws: TransformError.self) { try volume.addNoise(deviation: -1, field: field) }
        #expect(throws: TransformError.self) { try volume.addNoise(deviation: 1e308, field: field) }
        #expect(throws: TransformError.self) { try volume.blur(sigma: [-1, 0, 0]) }
        #expect(throws: TransformError.self) { try BiasField(order: 2, coefficients: [1]) }
        #expect(throws: TransformError.self) { try BiasField(order: 1, coefficients: [900, 0, 0, 0]) }
    }
}
