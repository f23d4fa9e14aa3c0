import Foundation
import Testing
import Transforms
import Volumes

@Suite struct IntensityTests {
    let recorded = RecordedTransforms.shared

    @Test func windowsEqualPydicomToTheLastBit() throws {
        let functions: [String: VOIFunction] = ["LINEAR": .linear, "LINEAR_EXACT": .linearExact, "SIGMOID": .sigmoid]
        for expected in recorded.windows {
            let window = Window(
                center: expected.center, width: expected.width, function: try #require(functions[expected.function]))
            let output = -32768.0...32767.0
            let doubles = recorded.stored.map { window(Double($0), output: output) }
            // exp differs by an ulp between libraries.
            let tolerance = window.function == .sigmoid ? 1e-11 : 0
            for (ours, theirs) in zip(doubles, expected.values) { #expect(abs(ours - theirs) <= tolerance) }
            var volume = RecordedTransforms.row(recorded.stored)
            try volume.apply(window, output: output)
            #expect(volume.voxels == doubles.map { Float($0) })
        }
    }

    @Test(arguments: [
        (WindowPreset.brain, 40, 80), (.subdural, 75, 215), (.stroke, 40, 40), (.bone, 400, 2000), (.lung, -600, 1500),
        (.softTissue, 40, 400), (.mediastinum, 40, 350), (.liver, 60, 160),
    ]) func presetsAreThoseOfTheField(preset: WindowPreset, center: Double, width: Double) {
        #expect(preset.window == Window(center: center, width: width, function: .linear))
        #expect(WindowPreset.allCases.count == 8)
    }

    @Test func rescaleEqualsPydicom() throws {
        for expected in recorded.rescales {
            var volume = RecordedTransforms.row(recorded.stored)
            volume.attributes.rescales = [Rescale(slope: expected.slope, intercept: expected.intercept)]
            try volume.applyRescale()
            #expect(volume.voxels == expected.values)
            #expect(volume.attributes.rescales.isEmpty)
        }
    }

    @Test func eachSliceHasItsOwnSlope() throws {
        var volume = Volume(voxels: [1, 2, 3, 4], shape: Shape(depth: 2, height: 1, width: 2), geometry: .pixels)
        volume.attributes.rescales = [Rescale(slope: 2, intercept: 0), Rescale(slope: 10, intercept: 1)]
        try volume.applyRescale()
        #expect(volume.voxels == [2, 4, 31, 41])
        volume.attributes.rescales = Array(repeating: Rescale(slope: 1, intercept: 1), count: 3)
        #expect(throws: TransformError.self) { try volume.applyRescale() }
    }

    @Test func paddingIsFilledAndNotRescaled() throws {
        var volume = RecordedTransforms.row([-2000, 0, 100])
        volume.attributes.rescales = [Rescale(slope: 1, intercept: -1024)]
        volume.attributes.padding = -2000 ... -2000
        var filled = volume
        try volume.applyRescale()
        #expect(volume.voxels == [-1024, -1024, -924])
        try filled.applyRescale(paddingFill: -3000)
        #expect(filled.voxels == [-3000, -1024, -924])
    }

    /// Padding must come out least: under a negative slope that is the highest stored value.
    @Test(arguments: [(1.0, Float(0)), (-1, 100)]) func paddingFilledAsStoredComesOutLeast(
        slope: Double, expected: Float
    ) throws {
        var floats = RecordedTransforms.row([-2000, 0, 100])
        floats.attributes.rescales = [Rescale(slope: slope, intercept: -1024)]
        floats.attributes.padding = -2000 ... -2000
        let table = WordValues((0...UInt16.max).map { Float(Int16(bitPattern: $0)) })
        let stored = [UInt16(bitPattern: -2000), 0, 100]
        var words = floats.with(storage: .words(stored, table), shape: floats.shape, geometry: floats.geometry)
        floats.fillPadding()
        words.fillPadding()
        for volume in [floats, words] {
            #expect(volume.voxels == [expected, 0, 100])
            #expect(volume.attributes.padding == nil && volume.attributes.rescales.count == 1)
        }
    }

    /// High values of MONOCHROME1 are dark, as "no data" is displayed.
    @Test func paddingOfMonochrome1IsFilledDark() throws {
        var volume = RecordedTransforms.row([4095, 200, 3000])
        volume.attributes.polarity = .brightIsLow
        volume.attributes.padding = 4095...4095
        for slope in [1.0, -2] {
            volume.attributes.rescales = [Rescale(slope: slope, intercept: 0)]
            let dark = Float(slope > 0 ? 3000 : 200)
            var (rescaled, stored, inverted) = (volume, volume, volume)
            try rescaled.applyRescale()
            #expect(rescaled.voxels[0] == dark * Float(slope))
            stored.fillPadding()
            #expect(stored.voxels[0] == dark)
            _ = try inverted.normalizeDynamicRange()
            inverted.invertIfMonochrome1()
            #expect(inverted.voxels[0] == 0)
        }
    }

    /// Below the first entry and above the last, theirs; padding is found among stored values and takes no entry.
    @Test func modalityLUTStandsInPlaceOfSlopes() throws {
        var volume = RecordedTransforms.row([-5, -2, -1, 0, 1, 9])
        volume.attributes.modalityLUT = ModalityLUT(firstMapped: -2, values: [100, 250, 70, 1])
        volume.attributes.padding = -1 ... -1
        var changed = volume
        try volume.applyRescale()
        #expect(volume.voxels == [100, 100, 1, 70, 1, 1])
        #expect(volume.attributes.modalityLUT == nil)
        changed.withMutableVoxels { $0[3] = 0.5 }
        #expect(throws: TransformError.self) { try changed.applyRescale() }
    }

    @Test func percentilesEqualNumpy() throws {
        let ours = try percentiles(recorded.percents, of: recorded.values)
        #expect(ours == recorded.percentiles)
    }

    @Test func zScoreHasMeanZeroAndDeviationOne() throws {
        var volume = RecordedTransforms.row(recorded.values)
        #expect(try volume.normalize(.zScore))
        let expected = recorded.values.map {
            Float((Double($0) - recorded.deviation.mean) / recorded.deviation.std)
        }
        #expect(largestDifference(volume.voxels, expected) < 1e-5)
    }

    /// Differences of Float32 would have lost what deviates.
    @Test(arguments: [1e4, 1e5, 1e7]) func smallDeviationsFromALargeMeanStay(offset: Double) throws {
        var volume = RecordedTransforms.row((0..<10).map { Float(offset + Double($0)) })
        #expect(try volume.normalize(.zScore))
        let expected = (0..<10).map { Float((Double($0) - 4.5) / 8.25.squareRoot()) }
        #expect(largestDifference(volume.voxels, expected) < 1e-6)
    }

    @Test(arguments: [Float(3e38), 0x1p-131]) func extremeRangesAreScaled(end: Float) throws {
        var volume = RecordedTransforms.row([-end, -end / 2, 0, end])
        #expect(try volume.normalize(.minMax))
        #expect(largestDifference(volume.voxels, [0, 0.25, 0.5, 1]) < 1e-5)
    }

    @Test func minMaxAndPercentileStayWithinZeroAndOne() throws {
        var volume = RecordedTransforms.row([2, 4, 6, 10])
        #expect(try volume.normalize(.minMax))
        #expect(volume.voxels == [0, 0.25, 0.5, 1])
        volume = RecordedTransforms.row((0...100).map { Float($0) })
        #expect(try volume.normalize(.percentile(lower: 10, upper: 90)))
        #expect(volume.voxels.min() == 0 && volume.voxels.max() == 1 && volume.voxels[50] == 0.5)
    }

    @Test func radiographsGoByBitsStoredAndPolarity() throws {
        var volume = RecordedTransforms.row([0, 2047.5, 4095])
        volume.attributes.bitsStored = 12
        volume.attributes.polarity = .brightIsLow
        #expect(try volume.normalize(.radiograph(bits: nil)))
        #expect(largestDifference(volume.voxels, [1, 0.5, 0]) < 1e-6)
        #expect(volume.attributes.polarity == .brightIsHigh)
        volume.attributes.bitsStored = nil
        #expect(throws: TransformError.self) { try volume.normalize(.radiograph(bits: nil)) }
    }

    /// The range of the bits goes through the same rescale as the values.
    @Test(arguments: [(4.0, 0.0), (1, -1024), (-2, 100)]) func radiographsGoByBitsAfterARescaleToo(
        slope: Double, intercept: Double
    ) throws {
        var volume = RecordedTransforms.row([0, 1000, 4095])
        volume.attributes.bitsStored = 12
        volume.attributes.rescales = [Rescale(slope: slope, intercept: intercept)]
        try volume.applyRescale()
        #expect(try volume.normalize(.radiograph(bits: nil)))
        let expected = [0, 1000.0 / 4095, 1].map { Float(slope > 0 ? $0 : 1 - $0) }
        #expect(largestDifference(volume.voxels, expected) < 1e-6)
        // Of what a table or another normalisation made, bits tell nothing.
        #expect(throws: TransformError.self) { try volume.normalize(.radiograph(bits: nil)) }
        var table = RecordedTransforms.row([0, 1])
        table.attributes.modalityLUT = ModalityLUT(firstMapped: 0, values: [1, 2])
        try table.applyRescale()
        #expect(throws: TransformError.self) { try table.normalize(.radiograph(bits: 16)) }
    }

    /// A slope that is due for stored values must not meet what they were normalised to.
    @Test func normalisedValuesAreNotRescaled() throws {
        for method in [Normalization.minMax, .percentile(lower: 1, upper: 99), .range(lower: 0, upper: 5)] {
            var volume = RecordedTransforms.row([0, 1, 5])
            volume.attributes.rescales = [Rescale(slope: 1, intercept: -1024)]
            volume.attributes.padding = 0...0
            _ = try volume.normalize(method)
            let normalized = volume.voxels
            try volume.applyRescale()
            #expect(volume.voxels == normalized)
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func voxelsThatAreNotNumbersAreRefused(bad: Float) {
        var volume = RecordedTransforms.row([1, bad, 3])
        for method in [Normalization.minMax, .zScore, .percentile(lower: 1, upper: 99)] {
            #expect(throws: TransformError.self) { try volume.normalize(method) }
        }
        #expect(throws: TransformError.self) { try volume.apply(Window(center: 0, width: 10)) }
        var table = (0...UInt16.max).map { Float($0) }
        table[2] = bad
        var words = volume.with(
            storage: .words([1, 2, 3], WordValues(table)), shape: volume.shape, geometry: volume.geometry)
        #expect(throws: TransformError.self) { try words.apply(Window(center: 0, width: 10)) }
    }

    @Test func constantImagesBecomeZeroAndAreReported() throws {
        for method in [Normalization.minMax, .zScore, .percentile(lower: 1, upper: 99)] {
            var volume = RecordedTransforms.row([7, 7, 7])
            #expect(try !volume.normalize(method))
            #expect(volume.voxels == [0, 0, 0])
        }
    }

    @Test func impossibleOptionsAreRefused() {
        var volume = RecordedTransforms.row([1, 2])
        #expect(throws: TransformError.self) { try volume.normalize(.percentile(lower: 90, upper: 10)) }
        #expect(throws: TransformError.self) { try volume.apply(Window(center: 0, width: 0.5)) }
        #expect(throws: TransformError.self) { try volume.apply(Window(center: 0, width: 0, function: .sigmoid)) }
        #expect(throws: TransformError.self) { try volume.apply(Window(center: .nan, width: 10)) }
        #expect(throws: TransformError.self) { _ = try percentiles([50], of: []) }
    }
}
