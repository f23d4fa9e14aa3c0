import Testing
import Volumes

@Suite struct GeometryTests {
    let oblique = Geometry(
        origin: [10, -20, 30], xStep: [0.6, 0.8, 0], yStep: [-1.6, 1.2, 0], zStep: [0, 0.5, 3])

    @Test func indexAndPositionAreInverse() throws {
        let index = SIMD3(3.25, 7, 11.5)
        let back = try #require(oblique.index(ofPosition: oblique.position(ofIndex: index)))
        #expect((back - index).length < 1e-12)
    }

    @Test func spacingIsTheLengthOfTheSteps() {
        #expect((oblique.spacing - [1, 2, 9.25.squareRoot()]).length < 1e-12)
    }

    @Test func degenerateStepsHaveNoInverse() {
        let flat = Geometry(origin: .zero, xStep: [1, 0, 0], yStep: [2, 0, 0], zStep: [0, 0, 1])
        #expect(flat.index(ofPosition: [1, 1, 1]) == nil)
    }

    @Test func scalingKeepsTheOuterFaces() throws {
        // 10 voxels of 1 mm become 4 voxels of 2.5 mm: the first face stays at -0.5 mm, the last at 9.5 mm.
        let fine = Geometry(origin: .zero, spacing: .one)
        let coarse = fine.scaled(by: [2.5, 2.5, 2.5])
        #expect(coarse.position(ofIndex: [-0.5, 0, 0]).x == -0.5)
        #expect(coarse.position(ofIndex: [3.5, 0, 0]).x == 9.5)
    }

    @Test func boxesFollowTheGrid() throws {
        let fine = Geometry(spacing: [0.5, 0.5, 2])
        let box = Box(x: 4...8, y: 2...6, slice: 3)
        let mapped = try #require(box.mapped(from: fine, to: fine.scaled(by: [2, 2, 1])))
        #expect((mapped.lower - [2, 1, 3]).length < 1e-12)
        #expect((mapped.upper - [4, 3, 4]).length < 1e-12)
    }

    @Test func overlapIsIntersectionOverUnion() {
        let a = Box(x: 0...2, y: 0...2, slice: 0)
        #expect(a.overlap(Box(x: 1...3, y: 0...2, slice: 0)) == 1.0 / 3)
        #expect(a.overlap(Box(x: 0...2, y: 0...2, slice: 1)) == 0)
    }

    @Test func maskBoundingBox() throws {
        var labels = [UInt8](repeating: 0, count: 2 * 3 * 4)
        labels[1 * 12 + 2 * 4 + 3] = 1
        labels[1 * 12 + 1 * 4 + 1] = 2
        let mask = Mask(labels: labels, shape: Shape(depth: 2, height: 3, width: 4), geometry: .pixels)
        #expect(mask.boundingBox == Box(lower: [1, 1, 1], upper: [4, 3, 2]))
    }
}
