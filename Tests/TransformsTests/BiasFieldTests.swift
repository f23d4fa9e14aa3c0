import Foundation
import Parallel
import TestSupport
import Testing
import Volumes

@testable import Transforms

@Suite struct BiasFieldTests {
    private let shape = Shape(depth: 20, height: 24, width: 28)

    /// Two tissues in a pattern of cells inside a ball, and a smooth field over both.
    private func phantom(hasBias: Bool) -> (image: Volume, field: [Float], mask: Mask) {
        var random = SeededGenerator(seed: 3)
        var (voxels, field, labels): ([Float], [Float], [UInt8]) = ([], [], [])
        for z in 0..<shape.depth {
            for y in 0..<shape.height {
                for x in 0..<shape.width {
                    let p = SIMD3<Double>(Double(x) / 13.5 - 1, Double(y) / 11.5 - 1, Double(z) / 9.5 - 1)
                    let isInside = (p * p).sum() < 1
                    let tissue = (x / 5 + y / 4 + z / 3) % 2 == 0 ? 200.0 : 120
                    let bias = hasBias ? exp(0.3 * p.x - 0.2 * p.y + 0.2 * p.x * p.z) : 1
                    field.append(Float(bias))
                    labels.append(isInside ? 1 : 0)
                    let noise = 1 + Double.random(in: -0.03...0.03, using: &random)
                    voxels.append(isInside ? Float(tissue * bias * noise) : 0)
                }
            }
        }
        let geometry = Geometry(spacing: [1, 1, 1])
        return (
            Volume(voxels: voxels, shape: shape, geometry: geometry, modality: .mr), field,
            Mask(labels: labels, shape: shape, geometry: geometry)
        )
    }

    /// Standard deviation over mean of what is left of a field.
    private func variation(_ field: [Float], _ mask: Mask) -> Double {
        let inside = zip(field, mask.labels).filter { $1 != 0 }.map { Double($0.0) }
        let mean = inside.reduce(0, +) / Double(inside.count)
        return (inside.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(inside.count)).squareRoot() / mean
    }

    @Test func aPlantedFieldIsFound() throws {
        let (image, field, mask) = phantom(hasBias: true)
        var corrected = image
        let report = try corrected.correctBias(BiasFieldCorrection(shrink: 1, levels: 2, iterations: 30))
        let left = image.voxels.indices.map { index -> Float in
            let (after, before) = (corrected.voxels[index], image.voxels[index])
            return before > 0 ? after / before * field[index] : 1
        }
        let before = variation(field, mask)
        #expect(before > 0.15)
        #expect(variation(left, mask) < before / 5)
        #expect(report.least < 0.9 && report.greatest > 1.1 && report.iterations.count == 2)
    }

    @Test func withoutAFieldLittleChanges() throws {
        let (image, _, mask) = phantom(hasBias: false)
        var corrected = image
        _ = try corrected.correctBias(BiasFieldCorrection(shrink: 1, levels: 2, iterations: 30), mask: mask)
        let factor = zip(corrected.voxels, image.voxels).map { after, before -> Float in before > 0 ? after / before : 1
        }
        #expect(variation(factor, mask) < 0.02)
    }

    @Test(arguments: [2, 4]) func threadsDoNotChangeABit(threads: Int) throws {
        let correction = BiasFieldCorrection(shrink: 2, levels: 1, iterations: 3)
        var alone = phantom(hasBias: true).image
        var together = alone
        _ = try alone.correctBias(correction)
        _ = try together.correctBias(correction, workers: Workers(count: threads))
        #expect(alone.voxels == together.voxels)
    }

    /// Slices are volumes of one voxel along an axis.
    @Test func aSliceIsCorrectedToo() throws {
        let (image, _, _) = phantom(hasBias: true)
        var slice = image.cropped(to: Box(lower: [0, 0, 10], upper: [28, 24, 11]))
        let before = slice.voxels
        _ = try slice.correctBias(BiasFieldCorrection(shrink: 2, levels: 2, iterations: 5))
        #expect(slice.voxels.allSatisfy(\.isFinite) && slice.voxels != before)
    }

    @Test func whatHasNoFieldIsRefused() {
        var flat = Volume(
            voxels: [Float](repeating: 4, count: 1000), shape: Shape(depth: 10, height: 10, width: 10),
            geometry: .pixels)
        let all = Mask(labels: [UInt8](repeating: 1, count: 1000), shape: flat.shape, geometry: .pixels)
        #expect(throws: TransformError.self) { try flat.correctBias() }
        #expect(throws: TransformError.self) { try flat.correctBias(mask: all) }
        var negative = flat
        negative.withMutableVoxels { for index in $0.indices { $0[index] = -Float(index) } }
        #expect(throws: TransformError.self) { try negative.correctBias(mask: all) }
        flat.withMutableVoxels { $0[5] = .nan }
        #expect(throws: TransformError.self) { try flat.correctBias() }
    }

    /// A cubic spline holds every cubic, and twice the spans hold the same function.
    @Test func refinementKeepsTheFunction() {
        var lattice = SplineLattice(controls: [4, 4, 4])
        let coarse = (0..<3).map { SplineAxis(samples: [9, 7, 1][$0], spans: 1) }
        let values = (0..<63).map { Float(sin(Double($0))) }
        lattice.add(LatticeFit(coarse, isKnown: [Float](repeating: 1, count: 63)).lattice(for: values))
        let fine = (0..<3).map { SplineAxis(samples: [9, 7, 1][$0], spans: 2) }
        #expect(largestDifference(lattice.values(coarse), lattice.refined.values(fine)) < 1e-6)
    }

    /// The sums by axes are Lee's sums over all control points of all samples.
    @Test func theFitIsLeesFormula() {
        let sizes = [6, 5, 4]
        let axes = sizes.map { SplineAxis(samples: $0, spans: 2) }
        let values = (0..<120).map { Float(cos(Double($0) * 0.7)) }
        let isKnown = (0..<120).map { Float($0 % 3 == 0 ? 0 : 1) }
        let lattice = LatticeFit(axes, isKnown: isKnown).lattice(for: zip(values, isKnown).map { $0 * $1 })
        var (sum, weight) = ([Double](repeating: 0, count: 125), [Double](repeating: 0, count: 125))
        for sample in 0..<120 where isKnown[sample] != 0 {
            let place = [sample % 6, sample / 6 % 5, sample / 30]
            var entries: [(control: Int, weight: Double)] = []
            for tap in 0..<64 {
                let taps = [tap % 4, tap / 4 % 4, tap / 16]
                let controls = (0..<3).map { axis -> Int in Int(axes[axis].first[place[axis]]) + taps[axis] }
                var product = 1.0
                for axis in 0..<3 { product *= Double(axes[axis].weights[4 * place[axis] + taps[axis]]) }
                entries.append(((controls[2] * 5 + controls[1]) * 5 + controls[0], product))
            }
            let squares = entries.reduce(0) { $0 + $1.weight * $1.weight }
            for (control, b) in entries {
                sum[control] += b * b * (Double(values[sample]) * b / squares)
                weight[control] += b * b
            }
        }
        let expected = zip(sum, weight).map { Float($1 > 0 ? $0 / $1 : 0) }
        #expect(largestDifference(lattice.points, expected) < 1e-5)
    }
}
