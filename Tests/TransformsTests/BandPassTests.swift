import Foundation
import Parallel
import Testing
import Volumes

@testable import Transforms

@Suite struct BandPassTests {
    let recorded = RecordedIntensity.shared

    private func volume(spacing: [Double]) -> Volume {
        Volume(
            voxels: recorded.volume, shape: Shape(depth: 5, height: 7, width: 37),
            geometry: Geometry(spacing: [spacing[0], spacing[1], spacing[2]]))
    }

    @Test func equalsTheFormulaBySciPy() throws {
        let range = recorded.volume.max()! - recorded.volume.min()!
        for band in recorded.bands {
            let filter = BandPass(
                low: band.low, high: band.high > 0 ? band.high : nil, order: band.order,
                unit: band.spacing == [1, 1, 1] ? .pixel : .mm, dimensions: band.dimensions, keepsMean: band.keepMean)
            let result = try volume(spacing: band.spacing).bandPassed(filter)
            #expect(largestDifference(result.voxels, band.values) < 1e-5 * range)
        }
    }

    /// Every radix alone and mixed, and lines that fill no vector: there and back is the line times its length, and the
    /// coefficients are those of the sum that defines them.
    @Test(arguments: [1, 2, 3, 4, 5, 6, 9, 12, 15, 16, 20, 25, 30, 36, 60, 64, 100, 7, 11, 37])
    func cosinesAreTheDefiningSum(count: Int) {
        let transform = CosineTransform(count: count)
        let impulse = Volume(
            voxels: (0..<count).map { $0 == count / 2 ? 1 : 0 }, shape: Shape(depth: 1, height: 1, width: count),
            geometry: .pixels)
        // An all-pass filter gives the line back.
        let same = try? impulse.bandPassed(BandPass(low: 0, high: nil, keepsMean: false))
        #expect(largestDifference(same?.voxels ?? [], impulse.voxels) < 1e-6)
        guard count == transform.length, count > 1 else { return }
        // A low-pass of an impulse is the inverse transform of its filtered coefficients.
        let low = try? impulse.bandPassed(BandPass(low: 0, high: 0.2, order: 1, keepsMean: false))
        var expected: [Float] = []
        for index in 0..<count {
            var sum = 1 / Double(count)
            for k in 1..<count {
                let (frequency, angle) = (Double(k) / Double(2 * count), Double.pi * Double(k) / Double(count))
                let gain = 1 / (1 + frequency * frequency / 0.04)
                let waves = cos(angle * (Double(count / 2) + 0.5)) * cos(angle * (Double(index) + 0.5))
                sum += 2 * gain * waves / Double(count)
            }
            expected.append(Float(sum))
        }
        #expect(largestDifference(low?.voxels ?? [], expected) < 1e-6)
    }

    @Test func theMeanIsKept() throws {
        for dimensions in [2, 3] {
            let band = BandPass(low: 0.1, high: 0.3, dimensions: dimensions)
            let result = try volume(spacing: [1, 1, 1]).bandPassed(band).voxels
            let mean = { (values: [Float]) in values.reduce(0.0) { $0 + Double($1) } / Double(values.count) }
            #expect(abs(mean(result) - mean(recorded.volume)) < 1e-4)
        }
    }

    @Test(arguments: [2, 3, 4]) func threadsDoNotChangeABit(threads: Int) throws {
        for dimensions in [2, 3] {
            let band = BandPass(low: 0.05, high: 0.3, dimensions: dimensions)
            let alone = try volume(spacing: [1, 1, 1]).bandPassed(band)
            let together = try volume(spacing: [1, 1, 1]).bandPassed(band, workers: Workers(count: threads))
            #expect(alone.voxels == together.voxels)
        }
    }

    @Test func wordsAreFilteredAsTheirValues() throws {
        let values = Volume(
            voxels: recorded.volume.map { $0.rounded() }, shape: Shape(depth: 5, height: 7, width: 37),
            geometry: .pixels)
        let band = BandPass(low: 0.1, high: 0.4, dimensions: 3)
        #expect(try words(values).bandPassed(band).voxels == values.bandPassed(band).voxels)
    }

    @Test func constantImagesStay() throws {
        let flat = Volume(
            voxels: [Float](repeating: 7, count: 60), shape: Shape(depth: 3, height: 4, width: 5), geometry: .pixels)
        for dimensions in [2, 3] {
            let result = try flat.bandPassed(BandPass(low: 0.1, high: 0.3, dimensions: dimensions))
            #expect(result.voxels == flat.voxels)
        }
    }

    @Test func whatCannotBeFilteredIsRefused() {
        var bad = volume(spacing: [1, 1, 1])
        #expect(throws: TransformError.self) { try bad.bandPassed(BandPass(low: 0.4, high: 0.1)) }
        #expect(throws: TransformError.self) { try bad.bandPassed(BandPass(low: .nan, high: 0.1)) }
        #expect(throws: TransformError.self) { try bad.bandPassed(BandPass(low: -0.1, high: 0.1)) }
        #expect(throws: TransformError.self) { try bad.bandPassed(BandPass(low: 0.1, high: 0.2, order: 0)) }
        bad.withMutableVoxels { $0[3] = .nan }
        #expect(throws: TransformError.self) { try bad.bandPassed(BandPass(low: 0.1, high: 0.4)) }
        let pixels = RecordedTransforms.row([1, 2, 3])
        #expect(throws: TransformError.self) { try pixels.bandPassed(BandPass(low: 0.1, high: 0.4, unit: .mm)) }
    }
}

extension Volume {
    fileprivate func bandPassed(_ band: BandPass, workers: Workers = .single) throws(TransformError) -> Volume {
        var copy = self
        try copy.bandPass(band, workers: workers)
        return copy
    }
}
