import Testing
import Volumes

@testable import DICOM

/// What becomes of uneven and sheared stacks.
@Suite struct IrregularTests {
    private func volumes(_ heights: [Double], _ options: SeriesOptions) throws -> [VolumeLayout] {
        try SeriesReader.group(Synthetic.stack(heights), options: options).map {
            try VolumeLayout($0, options: options)
        }
    }

    @Test func runs() {
        #expect(EvenRuns.runs([0, 3, 6, 9]) == [0..<4])
        #expect(EvenRuns.runs([0, 3, 9, 12, 15]) == [0..<2, 2..<5])
        #expect(EvenRuns.runs([0, 10, 13, 16]) == [0..<1, 1..<4])
        #expect(EvenRuns.runs([0, 3, 6, 9, 14, 19]) == [0..<4, 4..<6])
        #expect(EvenRuns.runs([0, 1]) == [0..<2])
        #expect(EvenRuns.runs([0, 3, 6, 100]) == [0..<3, 3..<4])
    }

    /// Whatever the gaps, every slice is in exactly one run, and every run is an even stack.
    @Test func runsCoverEverySliceOnce() throws {
        for seed in 0..<200 {
            var height = 0.0
            let heights = (0..<9).map { index -> Double in
                height += [1.0, 1, 3, 1.005, 2][(seed * 7 + index * (seed % 11)) % 5]
                return height
            }
            let runs = EvenRuns.runs(heights)
            #expect(runs.flatMap { Array($0) } == Array(heights.indices))
            for run in runs where run.count > 1 {
                _ = try SliceStack(positions: heights[run].map { [0, 0, $0] }, normal: [0, 0, 1], path: "")
            }
        }
    }

    @Test func splitMakesVolumesAndSaysSo() throws {
        let layouts = try volumes([0, 3, 9, 12, 15], SeriesOptions(onIrregular: .split))
        #expect(layouts.map(\.shape.depth) == [2, 3])
        #expect(layouts.allSatisfy { $0.warnings.contains { $0.code == .splitSeries } })
        #expect(try volumes([0, 3, 6], SeriesOptions(onIrregular: .split))[0].warnings.isEmpty)
    }

    @Test func allowStacksAtTheMedianAndSaysHowFarOff() throws {
        let layout = try volumes([0, 3, 6, 10], SeriesOptions(onIrregular: .allow))[0]
        #expect(layout.geometry.steps[2] == [0, 0, 3])
        let warning = try #require(layout.warnings.first { $0.code == .unevenSpacing })
        #expect(warning.message.contains("up to 1.0 mm off"))
    }

    @Test func repeatsOfMostSlicesAreRefusedWhateverTheOption() {
        for option in IrregularSpacing.allCases {
            let headers = Synthetic.stack([0, 3, 6]) + Synthetic.stack([3, 6], number: 1)
            let options = SeriesOptions(onIrregular: option)
            let error = #expect(throws: DICOMError.self) {
                try SeriesReader.layout(SeriesReader.group(headers, options: options)[0], options: options)
            }
            #expect(error?.code == .duplicateSlices)
        }
    }

    @Test func regridPutsSlicesInTheHoles() throws {
        let layout = try volumes([0, 3, 9, 12], SeriesOptions(onIrregular: .regrid))[0]
        let regrid = try #require(layout.finishing.regrid)
        #expect(layout.finishedShape.depth == 5)
        #expect(regrid.slices.map(\.lower) == [0, 1, 1, 2, 3])
        #expect(regrid.slices.map(\.weight) == [0, 0, 0.5, 0, 0])
        #expect(regrid.outside == 0)
        #expect(layout.warnings.contains { $0.code == .interpolated && $0.message.contains("1 of 5 slices") })
    }

    /// A linear image stays what it is on the new grid.
    @Test func regriddedValuesLieWhereTheyShould() throws {
        let heights = [0.0, 3, 7, 8.5, 13]
        let layout = try volumes(heights, SeriesOptions(onIrregular: .regrid))[0]
        let regrid = try #require(layout.finishing.regrid)
        var voxels: [Float] = []
        for z in heights {
            for pixel in 0..<16 { voxels.append(Self.linear([Double(pixel % 4), Double(pixel / 4), z])) }
        }
        let result = regrid.apply(voxels, layout.shape, padding: nil, isInverted: false)
        #expect(result.count == layout.finishedShape.count)
        for (index, value) in result.enumerated() {
            let voxel = SIMD3(Double(index % 4), Double(index / 4 % 4), Double(index / 16))
            let expected = Self.linear(layout.geometry.position(ofIndex: voxel))
            #expect(abs(value - expected) < 1e-3)
        }
    }

    private static func linear(_ place: SIMD3<Double>) -> Float { Float(place.dot([1, 10, 100])) }

    @Test func paddingIsNeverBlended() throws {
        let layout = try volumes([0, 3, 9, 12], SeriesOptions(onIrregular: .regrid))[0]
        let regrid = try #require(layout.finishing.regrid)
        var voxels = [Float](repeating: 100, count: 64)
        voxels[16] = -2000
        let result = regrid.apply(voxels, layout.shape, padding: -2000 ... -2000, isInverted: false)
        #expect(Set(result) == [100, -2000])
    }

    @Test func tiltIsUndoneOnAGridThatHoldsEverySlice() throws {
        let headers = [0.0, 3, 6].map { z in
            Synthetic.slice(z) { $0.imagePositionPatient = [0, z / 4, z] }
        }
        let kept = try VolumeLayout(SeriesReader.group(headers)[0])
        #expect(kept.geometry.steps[2] == [0, 0.75, 3])
        #expect(kept.warnings.map(\.code).contains(.sheared))
        let layout = try VolumeLayout(SeriesReader.group(headers)[0], options: SeriesOptions(tilt: .regrid))
        let regrid = try #require(layout.finishing.regrid)
        #expect(layout.finishedShape == Shape(depth: 3, height: 6, width: 4))
        #expect(layout.geometry.steps[2] == [0, 0, 3])
        #expect(regrid.outside > 0)
        var voxels: [Float] = []
        for slice in 0..<3 {
            for pixel in 0..<16 { voxels.append(Float(pixel / 4) + Float(slice) * 0.75) }
        }
        let result = regrid.apply(voxels, layout.shape, padding: -9 ... -9, isInverted: false)
        for (index, value) in result.enumerated() {
            let y = Double(index / 4 % 6)
            let shift = Double(index / 24) * 0.75
            #expect(value == (y < shift || y > shift + 3 ? -9 : Float(y)))
        }
    }

    @Test func rescalesAreAppliedBeforeBlending() throws {
        let headers = Synthetic.stack([0, 3, 9]) {
            $0.rescale = Rescale(slope: $0.imagePositionPatient!.z + 1, intercept: 5)
        }
        let options = SeriesOptions(onIrregular: .regrid)
        let layout = try VolumeLayout(SeriesReader.group(headers)[0], options: options)
        #expect(layout.rescales.isEmpty)
        var attributes = Attributes()
        attributes.padding = 7...7
        var stored = [Float](repeating: 2, count: 48)
        stored[0] = 7
        let volume = Volume(voxels: stored, shape: layout.shape, geometry: layout.geometry, attributes: attributes)
        let result = layout.finishing.apply(volume, geometry: layout.geometry)
        #expect(result.voxels[1] == 7)  // 1 * 2 + 5 is no padding
        #expect(result.attributes.padding?.contains(result.voxels[0]) == true)
        #expect(result.attributes.padding?.contains(7) == false)
        #expect(result.voxels[16 + 1] == 13)
    }

    @Test func driftIsIrregular() {
        let heights = (0..<40).reduce(into: [0.0]) { list, index in
            list.append(list.last! + (index < 20 ? 2.985 : 3.015))
        }
        let error = #expect(throws: DICOMError.self) {
            try SliceStack(positions: heights.map { [0, 0, $0] }, normal: [0, 0, 1], path: "")
        }
        #expect(error?.code == .irregularSpacing)
    }

    /// Damaged headers hold numbers that no grid can: refused, under every option, without a crash.
    @Test(arguments: [1e3, 1e5, 9e5, 1e9, 1e300, -1e308]) func absurdPlacesAreRefused(place: Double) {
        for spacing in [1e-30, 1e-6, 1, 1e30] {
            for option in IrregularSpacing.allCases {
                let options = SeriesOptions(onIrregular: option, tilt: .regrid)
                let headers = [SIMD3(0, 0, 0), SIMD3(place, 0, 0.01), SIMD3(0, place, place)].enumerated().map {
                    index, position in
                    Synthetic.slice(Double(index)) { header in
                        header.imagePositionPatient = position
                        header.pixelSpacing = PixelSpacing(betweenRows: spacing, betweenColumns: 1)
                    }
                }
                for series in SeriesReader.group(headers, options: options) {
                    do throws(DICOMError) {
                        let layout = try SeriesReader.layout(series, options: options)
                        #expect(layout.shape.count <= ReadingLimits.voxels)
                        #expect(layout.geometry.origin.length.isFinite)
                    } catch {
                        #expect([.tooLarge, .malformed, .irregularSpacing].contains(error.code))
                    }
                }
            }
        }
    }

    @Test func volumesCanBeRequired() {
        let options = SeriesOptions(requiresVolume: true)
        let picture = Synthetic.slice(0) { $0.imagePositionPatient = nil }
        for header in [picture, Synthetic.slice(0)] {
            let error = #expect(throws: DICOMError.self) {
                try SeriesReader.layout(SeriesReader.group([header])[0], options: options)
            }
            #expect(error?.code == .noVolume)
        }
    }
}
