import Parallel
import Testing
import Volumes

@testable import Transforms

@Suite struct AffineWarpTests {
    let recorded = RecordedRandom.shared

    @Test(arguments: RecordedRandom.shared.warps.indices) func valuesEqualSciPy(index: Int) throws {
        let one = recorded.warps[index]
        let warp = AffineWarp(
            degrees: vector(one.degrees), scale: vector(one.scale), translation: vector(one.translation))
        let ours = try recorded.cube(spacing: vector(one.spacing)).warped(by: warp).voxels
        let known = zip(ours, one.values).compactMap { ours, theirs in theirs.map { abs(ours - $0) } }
        #expect(known.count > 100)
        #expect(known.allSatisfy { $0 < 2e-6 })
    }

    @Test func nothingToDoChangesNothing() throws {
        let cube = recorded.cube(spacing: [0.7, 0.9, 2.3])
        for interpolation in [Interpolation.linear, .nearest] {
            let same = try cube.warped(by: AffineWarp(), interpolation: interpolation)
            #expect(largestDifference(same.voxels, cube.voxels) < 1e-6)
            #expect((same.geometry.origin - cube.geometry.origin).length < 1e-12)
        }
    }

    @Test func aQuarterTurnMovesXTowardsY() throws {
        let shape = Shape(depth: 1, height: 3, width: 3)
        let plane = Volume(voxels: [0, 0, 0, 0, 0, 7, 0, 0, 0], shape: shape, geometry: Geometry(spacing: .one))
        let turned = try plane.warped(by: AffineWarp(degrees: [0, 0, 90]))
        #expect(largestDifference(turned.voxels, [0, 0, 0, 0, 0, 0, 0, 7, 0]) < 1e-6)
    }

    /// What lies at a place in the patient before lies there afterwards: a ramp in patient space stays that ramp.
    @Test func theGeometryFollowsTheContent() throws {
        let geometry = Geometry(
            origin: [5, -3, 11], xStep: [0.8, 0.1, 0], yStep: [-0.1, 0.8, 0.2], zStep: [0, -0.3, 1.9])
        let shape = Shape(depth: 12, height: 20, width: 24)
        func ramp(_ position: SIMD3<Double>) -> Float { Float(position.dot([0.3, -0.2, 0.5])) }
        func places(_ body: (Int, SIMD3<Double>) -> Void) {
            for index in 0..<shape.count {
                body(index, [Double(index % 24), Double(index / 24 % 20), Double(index / 480)])
            }
        }
        var voxels = [Float](repeating: 0, count: shape.count)
        places { voxels[$0] = ramp(geometry.position(ofIndex: $1)) }
        let volume = Volume(voxels: voxels, shape: shape, geometry: geometry)
        let warp = AffineWarp(degrees: [3, -5, 20], scale: [0.9, 1.2, 1], translation: [1, -2, 0.5])
        let moved = try volume.warped(by: warp, fills: [.greatestFiniteMagnitude])
        var compared = 0
        places { index, place in
            let position = moved.geometry.position(ofIndex: place)
            guard let source = geometry.index(ofPosition: position),
                (0..<3).allSatisfy({ source[$0] >= 0 && source[$0] <= Double([23, 19, 11][$0]) })
            else { return }
            compared += 1
            if abs(moved.voxels[index] - ramp(position)) > 2e-5 { Issue.record("voxel \(index)") }
        }
        #expect(compared > 2000)
    }

    @Test func beyondTheImageStandsTheFill() throws {
        let moved = try recorded.cube().warped(by: AffineWarp(translation: [4, 0, 0]), fills: [-9])
        for row in 0..<63 {
            #expect(moved.voxels[row * 11..<row * 11 + 4].allSatisfy { $0 == -9 })
            #expect(moved.voxels[row * 11 + 4] == recorded.volume[row * 11])
        }
    }

    @Test(arguments: [1, 2, 4]) func threadsDoNotShow(workers: Int) throws {
        let volume = pattern(channels: 2, depth: 5, height: 40, width: 300)
        let warp = AffineWarp(degrees: [1, 2, 13], scale: [0.9, 1, 1.1])
        let one = try volume.warped(by: warp)
        #expect(try volume.warped(by: warp, workers: Workers(count: workers)).voxels == one.voxels)
    }

    @Test func whatCannotBeIsRefused() {
        #expect(throws: TransformError.self) { try recorded.slice.warped(by: AffineWarp(degrees: [1, 0, 0])) }
        #expect(throws: TransformError.self) { try recorded.slice.warped(by: AffineWarp(translation: [0, 0, 1])) }
        #expect(throws: TransformError.self) { try recorded.cube().warped(by: AffineWarp(scale: [0, 1, 1])) }
        #expect(throws: TransformError.self) { try recorded.cube().warped(by: AffineWarp(degrees: [0, 0, .nan])) }
    }
}

@Suite struct DisplacementFieldTests {
    let recorded = RecordedRandom.shared
    let random = Philox(seed: 3, item: "elastic", stage: 1)

    @Test func valuesEqualMapCoordinates() throws {
        let field = DisplacementField(shape: recorded.cube().shape, components: recorded.field)
        let linear = try recorded.cube().warped(by: field)
        #expect(largestDifference(linear.voxels, recorded.linear) < 1e-6)
        #expect(try recorded.cube().warped(by: field, interpolation: .nearest).voxels == recorded.nearest)
        #expect(linear.geometry == recorded.cube().geometry)
    }

    @Test(arguments: [1.0, 4, 10]) func alphaIsTheLargestDisplacement(alpha: Double) {
        let field = DisplacementField.elastic(
            Shape(depth: 12, height: 20, width: 30), spacing: [1, 1, 1], alpha: alpha, sigma: 4, random: random)
        let largest = field.components.flatMap { $0 }.map { abs($0) }.max() ?? 0
        #expect(abs(largest - Float(alpha)) < 1e-5 * Float(alpha))
    }

    /// White noise of variance 1/3 smoothed in a plane: its standard deviation falls to 1 / (2 sqrt(pi) sigma) of that.
    @Test func withoutNormalizationItIsSimardsProduct() {
        let shape = Shape(depth: 1, height: 300, width: 300)
        let field = DisplacementField.elastic(
            shape, spacing: .one, alpha: 5, sigma: 4, isNormalized: false, random: random)
        let expected = 5 / 3.0.squareRoot() / (2 * Double.pi.squareRoot() * 4)
        for component in field.components[..<2] {
            let square = component.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(component.count)
            #expect(abs(square.squareRoot() / expected - 1) < 0.1)
        }
        #expect(field.components[2].allSatisfy { $0 == 0 })
    }

    @Test func coarseAxesReachAsManyMillimetres() {
        let field = DisplacementField.elastic(
            Shape(depth: 20, height: 30, width: 30), spacing: [1, 1, 5], alpha: 10, sigma: 4, random: random)
        let largest = field.components.map { $0.map { abs($0) }.max() ?? 0 }
        #expect(largest[2] <= 2.0001 && max(largest[0], largest[1]) > 3)
    }

    @Test(arguments: [1, 2, 4]) func threadsDoNotShow(workers: Int) throws {
        let shape = Shape(depth: 6, height: 70, width: 150)
        func field(_ workers: Workers) -> DisplacementField {
            .elastic(shape, spacing: .one, alpha: 6, sigma: 3, random: random, workers: workers)
        }
        let (one, several) = (field(.single), field(Workers(count: workers)))
        #expect(one.components == several.components)
        let volume = pattern(channels: 2, depth: 6, height: 70, width: 150)
        let moved = try volume.warped(by: several, workers: Workers(count: workers))
        #expect(try volume.warped(by: one).voxels == moved.voxels)
    }

    /// A block of ones through the field, and its box: the box lies around every voxel that is one, and no tighter.
    @Test func boxesLieAroundWhatTheyHeld() throws {
        let shape = Shape(depth: 14, height: 40, width: 44)
        var voxels = [Float](repeating: 0, count: shape.count)
        for z in 4..<9 { for y in 12..<22 { for x in 15..<30 { voxels[(z * 40 + y) * 44 + x] = 1 } } }
        let block = Volume(voxels: voxels, shape: shape, geometry: Geometry(spacing: .one))
        let box = Box(lower: [15, 12, 4], upper: [30, 22, 9])
        let field = DisplacementField.elastic(shape, spacing: .one, alpha: 6, sigma: 4, random: random)
        let moved = Mask(try block.warped(by: field, interpolation: .nearest))
        let expected = try #require(moved.boundingBox)
        #expect(expected != box)
        #expect(field.moved(box) == expected)
        // A box thinner than a voxel does not vanish.
        #expect(field.moved(Box(lower: [20.3, 15.2, 6.1], upper: [20.4, 15.3, 6.2])) != nil)
    }

    /// The image looks no further than its edge, and so does the box.
    @Test(arguments: [38, 43]) func boxesAtTheBorderToo(start: Int) throws {
        let shape = Shape(depth: 14, height: 40, width: 44)
        var voxels = [Float](repeating: 0, count: shape.count)
        for z in 0..<5 { for y in 30..<40 { for x in start..<44 { voxels[(z * 40 + y) * 44 + x] = 1 } } }
        let block = Volume(voxels: voxels, shape: shape, geometry: Geometry(spacing: .one))
        for seed in 0..<4 {
            let field = DisplacementField.elastic(
                shape, spacing: .one, alpha: 8, sigma: 8, random: Philox(seed: UInt64(seed), item: "edge", stage: 1))
            let moved = Mask(try block.warped(by: field, interpolation: .nearest))
            let box = field.moved(Box(lower: [Double(start), 30, 0], upper: [44, 40, 5]))
            #expect(box == moved.boundingBox, "seed \(seed)")
        }
    }

    @Test func otherGridsAreRefused() {
        let field = DisplacementField(shape: recorded.cube().shape, components: recorded.field)
        #expect(throws: TransformError.self) { try recorded.slice.warped(by: field) }
    }
}
