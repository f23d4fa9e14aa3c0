import Parallel
import Testing
import Volumes

@testable import Transforms

@Suite struct HidingTests {
    let random = Philox(seed: 9, item: "hide", stage: 4)

    @Test(arguments: [0.0, 0.1, 0.5, 1]) func theShareOfPatchesIsExact(ratio: Double) throws {
        var random = random
        // 3 x 4 x 5 patches, those at the ends cut off.
        let shape = Shape(depth: 9, height: 30, width: 37)
        let hidden = PatchMask.draw(ratio, of: shape, size: [8, 8, 4], &random)
        #expect(PatchMask.grid(shape, size: [8, 8, 4]) == [5, 4, 3])
        #expect(hidden.hidden.count == Int((60 * ratio).rounded()))
        let mask = hidden.mask(on: shape, geometry: .pixels)
        var patches = Set<Int>()
        for (place, label) in mask.labels.enumerated() where label != 0 {
            patches.insert(place % 37 / 8 + 5 * (place / 37 % 30 / 8) + 20 * (place / 1110 / 4))
        }
        #expect(patches.sorted() == hidden.hidden)
    }

    @Test(arguments: Covering.allCases) func onlyHiddenVoxelsChange(covering: Covering) throws {
        var random = random
        let before = pattern(channels: 2, depth: 4, height: 33, width: 40)
        let mask = CutOut.draw(3, share: 0.2...0.5, of: before.shape, &random).mask(
            on: before.shape, geometry: before.geometry)
        var results: [[Float]] = []
        for workers in [1, 2, 4] {
            var volume = before
            try volume.cover(mask, with: covering, field: random.field(1), workers: .init(count: workers))
            results.append(volume.voxels)
        }
        #expect(results[0] == results[1] && results[0] == results[2])
        let hidden = before.voxels.indices.filter { mask.labels[$0 % mask.labels.count] != 0 }
        #expect(!hidden.isEmpty && hidden.count < before.shape.count)
        let changed = Set(before.voxels.indices.filter { results[0][$0] != before.voxels[$0] })
        #expect(changed.isSubset(of: Set(hidden)))
        let mean = Float(try before.mean())
        switch covering {
        case .zero: #expect(hidden.allSatisfy { results[0][$0] == 0 })
        case .mean: #expect(hidden.allSatisfy { results[0][$0] == mean })
        case .noise:
            let average = hidden.reduce(0) { $0 + results[0][$1] } / Float(hidden.count)
            #expect(abs(average - mean) < 0.1 && Set(hidden.map { results[0][$0] }).count > hidden.count / 2)
        }
    }

    @Test func cutBlocksLieWithin() {
        var random = random
        let shape = Shape(depth: 1, height: 20, width: 30)
        for _ in 0..<200 {
            for block in CutOut.draw(2, share: 0.01...1, of: shape, &random).blocks {
                #expect(all(block.from .>= .zero) && all(block.to .<= SIMD3(30, 20, 1)))
                #expect(all(block.from .< block.to))
            }
        }
    }

    @Test func aMaskOfAnotherGridIsRefused() {
        var volume = pattern(depth: 2, height: 5, width: 5)
        let mask = Mask(labels: [1], shape: Shape(depth: 1, height: 1, width: 1), geometry: .pixels)
        #expect(throws: TransformError.self) { try volume.cover(mask, with: .zero, field: random.field(1)) }
    }
}

@Suite struct LesionTests {
    let shape = Shape(depth: 11, height: 31, width: 33)

    func image() -> Volume {
        Volume(
            voxels: [Float](repeating: 100, count: shape.count), shape: shape,
            geometry: Geometry(spacing: [0.5, 0.5, 2]))
    }

    /// A ball of 5 mm: voxels within it gain more than half, its box ends where it does, and nothing beyond its edge changes.
    @Test func boxAndMaskAreExact() throws {
        var volume = image()
        var labels = [UInt8](repeating: 0, count: shape.count)
        let lesion = Lesion(center: [16, 15, 5], radii: [5, 5, 5], edge: 1, contrasts: [80])
        let box = try volume.add(lesion, label: 7, to: &labels)
        #expect(box == Box(lower: [6, 5, 3], upper: [27, 26, 8]))
        #expect(Mask(labels: labels, shape: shape, geometry: volume.geometry).boundingBox == box)
        for (place, label) in labels.enumerated() {
            let offset = SIMD3<Double>(
                Double(place % 33 - 16) * 0.5, Double(place / 33 % 31 - 15) * 0.5, Double(place / 1023 - 5) * 2)
            #expect(label == (offset.length <= 5 ? 7 : 0))
            let gain = volume.voxels[place] - 100
            #expect(offset.length <= 5 ? gain >= 40 : gain < 40)
            if offset.length >= 5.5 { #expect(gain == 0) }
            if offset.length <= 4.5 { #expect(gain == 80) }
        }
    }

    @Test func anEdgeOfMillimetresBlendsOverThem() throws {
        var volume = image()
        var labels = [UInt8](repeating: 0, count: shape.count)
        _ = try volume.add(
            Lesion(center: [16, 15, 5], radii: [4, 4, 4], edge: 6, contrasts: [-60]), label: 1, to: &labels)
        let row = (0..<33).map { volume.voxels[(5 * 31 + 15) * 33 + $0] }
        #expect(row[16] < 45)
        #expect(Set(row).count > 10)
        #expect(zip(row[16...], row[17...]).allSatisfy { $0 <= $1 })
    }

    @Test func lobesChangeTheSurfaceWithinTheirBound() throws {
        let lobes = [0.03, -0.03, 0.03, 0.02, -0.03, 0.03]
        let lesion = Lesion(center: .zero, radii: [10, 8, 9], edge: 1, contrasts: [1], lobes: lobes)
        var radii: [Double] = []
        for step in 0..<500 {
            var random = Philox(seed: UInt64(step), item: "direction", stage: 0)
            let direction = SIMD3(
                random.uniform(in: -1...1), random.uniform(in: -1...1), random.uniform(in: -1...1))
            let unit = direction / direction.length
            radii.append(lesion.depth(unit * 1e-9) * (unit / lesion.radii).length)
        }
        let sum = lobes.reduce(0) { $0 + abs($1) }
        #expect(radii.allSatisfy { abs($0 - 1) <= sum + 1e-6 })
        #expect((radii.max() ?? 0) - (radii.min() ?? 0) > 0.03)
    }

    @Test func whatCannotBeIsRefused() {
        var volume = image()
        var labels = [UInt8](repeating: 0, count: shape.count)
        for lesion in [
            Lesion(center: [40, 0, 0], radii: .one, edge: 1, contrasts: [1]),
            Lesion(center: .zero, radii: [0, 1, 1], edge: 1, contrasts: [1]),
            Lesion(center: .zero, radii: .one, edge: 0, contrasts: [1]),
        ] {
            #expect(throws: TransformError.self) { try volume.add(lesion, label: 1, to: &labels) }
        }
        let loud = Lesion(center: .zero, radii: .one, edge: 1, contrasts: [1e308])
        #expect {
            try volume.add(loud, label: 1, to: &labels)
        } throws: {
            "\($0)".contains("a contrast of 1e+308")
        }
    }
}
