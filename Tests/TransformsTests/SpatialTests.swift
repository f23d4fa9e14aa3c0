import Testing
import Transforms
import Volumes

@Suite struct SpatialTests {
    let recorded = RecordedTransforms.shared

    @Test func antialiasedResizeEqualsPyTorch() throws {
        for expected in recorded.resized {
            let ours = try recorded.plane.resampled(depth: 1, height: expected.size[0], width: expected.size[1])
            #expect(largestDifference(ours.voxels, expected.values) < 1e-6)
        }
    }

    @Test func linearAndNearestEqualPyTorch() throws {
        for (cases, interpolation) in [(recorded.linear, Interpolation.linear), (recorded.nearest, .nearest)] {
            for expected in cases {
                let ours = try recorded.cube().resampled(
                    depth: expected.size[0], height: expected.size[1], width: expected.size[2],
                    interpolation: interpolation, antialias: false)
                #expect(largestDifference(ours.voxels, expected.values) < (interpolation == .linear ? 1e-6 : 1e-9))
            }
        }
    }

    @Test func resamplingToASpacingEqualsSimpleITK() throws {
        for expected in recorded.resampled {
            let volume = recorded.cube(spacing: [expected.spacing[0], expected.spacing[1], expected.spacing[2]])
            let ours = try volume.resampled(
                toSpacing: [expected.target[0], expected.target[1], expected.target[2]], antialias: false)
            #expect([ours.shape.depth, ours.shape.height, ours.shape.width] == expected.shape)
            #expect(
                (ours.geometry.origin - [expected.origin[0], expected.origin[1], expected.origin[2]]).length < 1e-12)
            let inside = zip(ours.voxels, expected.values).compactMap { ours, theirs in theirs.map { (ours, $0) } }
            #expect(inside.count > ours.voxels.count / 3)
            #expect(inside.allSatisfy { abs($0 - $1) < 1e-5 })
        }
    }

    /// A voxel whose value is a linear function of its position must keep that value at its new place.
    @Test func valuesStayAtTheirPlaceInThePatient() throws {
        let geometry = Geometry(
            origin: [5, -3, 10], xStep: [0, 0.9, 0.1], yStep: [0.1, 0, -0.8], zStep: [-2, 0.1, 0])
        let shape = Shape(depth: 6, height: 8, width: 10)
        func value(_ position: SIMD3<Double>) -> Float { Float(position.dot([1, 2, 3]) + 50) }
        var voxels: [Float] = []
        for z in 0..<6 {
            for y in 0..<8 {
                for x in 0..<10 { voxels.append(value(geometry.position(ofIndex: [Double(x), Double(y), Double(z)]))) }
            }
        }
        let volume = Volume(voxels: voxels, shape: shape, geometry: geometry)
        let results: [(String, Volume, margin: Int)] = [
            ("reorient", volume.reorientedToLPS(), 0), ("flip x", volume.flipped(.x), 0),
            ("flip y", volume.flipped(.y), 0), ("flip z", volume.flipped(.z), 0),
            ("crop", volume.cropped(offset: [2, 1, 3], depth: 2, height: 4, width: 5, fill: 0), 0),
            ("resample", try volume.resampled(toSpacing: [0.5, 0.7, 1.1], antialias: false), 3),
            ("resize", try volume.resampled(depth: 9, height: 16, width: 7, antialias: false), 3),
        ]
        for (name, result, margin) in results {
            let s = result.shape
            var checked = 0
            for z in margin..<max(s.depth - margin, margin) {
                for y in margin..<max(s.height - margin, margin) {
                    for x in margin..<max(s.width - margin, margin) {
                        let expected = value(result.geometry.position(ofIndex: [Double(x), Double(y), Double(z)]))
                        let found = result.voxels[(z * s.height + y) * s.width + x]
                        #expect(abs(found - expected) < 1e-3, "\(name) at \(x), \(y), \(z)")
                        checked += 1
                    }
                }
            }
            #expect(checked > 0, "\(name)")
        }
    }

    @Test func reorientationMakesAxesRunLeftPosteriorSuperior() {
        let geometry = Geometry(origin: .zero, xStep: [0, 0, -1], yStep: [0, 2, 0], zStep: [-3, 0, 0])
        let shape = Shape(depth: 2, height: 3, width: 4)
        let volume = Volume(voxels: (0..<24).map { Float($0) }, shape: shape, geometry: geometry).reorientedToLPS()
        #expect(volume.shape == Shape(depth: 4, height: 3, width: 2))
        #expect(volume.geometry.direction == [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
        #expect(volume.geometry.spacing == [3, 2, 1])
        #expect(volume.geometry.origin == [-3, 0, -3])
    }

    /// Thick slices stay what they are, and stand upright; thin ones become axial.
    @Test(
        arguments: [
            // Steps along x, y, z; sizes; then the directions wanted.
            ([[0, 1, 0], [0, 0, -1], [5, 0, 0]], [8, 6, 4], [[0, 1, 0], [0, 0, -1], [-1, 0, 0]], [8, 6, 4]),
            ([[1, 0, 0], [0, 0, 1], [0, 5, 0]], [8, 6, 4], [[1, 0, 0], [0, 0, -1], [0, 1, 0]], [8, 6, 4]),
            ([[-5, 0, 0], [0, -1, 0], [0, 0, 1]], [4, 8, 6], [[0, 1, 0], [0, 0, -1], [-1, 0, 0]], [8, 6, 4]),
            ([[0, 1, 0], [0, 0, -1], [1, 0, 0]], [8, 6, 1], [[0, 1, 0], [0, 0, -1], [-1, 0, 0]], [8, 6, 1]),
            ([[0, 1, 0], [0, 0, -1], [1.5, 0, 0]], [8, 6, 4], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [4, 8, 6]),
            ([[-1, 0, 0], [0, -1, 0], [0, 0, 5]], [8, 6, 4], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [8, 6, 4]),
        ] as [([SIMD3<Double>], [Int], [SIMD3<Double>], [Int])])
    func thickSlicesStayAsAcquired(
        steps: [SIMD3<Double>], sizes: [Int], wanted: [SIMD3<Double>], after: [Int]
    ) {
        let shape = Shape(depth: sizes[2], height: sizes[1], width: sizes[0])
        let volume = Volume(
            voxels: (0..<shape.count).map(Float.init), shape: shape,
            geometry: Geometry(origin: .zero, xStep: steps[0], yStep: steps[1], zStep: steps[2])
        ).reorientedAsAcquired()
        #expect(volume.geometry.direction == wanted)
        #expect(volume.shape == Shape(depth: after[2], height: after[1], width: after[0]))
        #expect(Set(volume.voxels).count == shape.count)
    }

    @Test func paddingSurroundsAndCroppingUndoesIt() {
        let volume = recorded.cube()
        let padded = volume.centered(depth: 10, height: 9, width: 14, fill: -1)
        #expect(padded.shape == Shape(depth: 10, height: 9, width: 14))
        #expect(padded.voxels.filter { $0 == -1 }.count == padded.shape.count - volume.shape.count)
        let back = padded.centered(depth: 7, height: 9, width: 11, fill: 0)
        #expect(back.voxels == volume.voxels)
        #expect(back.geometry == volume.geometry)
    }

    @Test func letterboxKeepsTheProportions() throws {
        let volume = Volume(
            voxels: [Float](repeating: 1, count: 200), shape: Shape(depth: 1, height: 10, width: 20), geometry: .pixels)
        let boxed = try volume.letterboxed(height: 40, width: 40, fill: 0)
        #expect(boxed.shape == Shape(depth: 1, height: 40, width: 40))
        for row in 0..<40 {
            let expected: Float = (10..<30).contains(row) ? 1 : 0
            #expect(boxed.voxels[row * 40..<row * 40 + 40].allSatisfy { $0 == expected })
        }
        let box = try #require(Box(x: 0...20, y: 0...10, slice: 0).mapped(from: volume.geometry, to: boxed.geometry))
        #expect((box.lower - [0, 10, 0]).length < 1e-9 && (box.upper - [40, 30, 1]).length < 1e-9)
    }

    /// What is twice as high as wide in pixels of half the height is square.
    @Test func letterboxMakesPixelsSquare() throws {
        let volume = Volume(
            voxels: [Float](repeating: 1, count: 800), shape: Shape(depth: 1, height: 40, width: 20),
            geometry: Geometry(spacing: [1, 0.5, 5]))
        let boxed = try volume.letterboxed(height: 40, width: 40, fill: 0)
        #expect(boxed.voxels.allSatisfy { $0 == 1 })
        #expect(boxed.geometry.spacing == [0.5, 0.5, 5])
    }

    @Test func sizesOfOneAndEnlargementsOfOneVoxelWork() throws {
        let one = Volume(voxels: [5], shape: Shape(depth: 1, height: 1, width: 1), geometry: Geometry(spacing: .one))
        let large = try one.resampled(depth: 3, height: 2, width: 4)
        #expect(large.voxels == [Float](repeating: 5, count: 24))
        #expect(try recorded.cube().resampled(depth: 1, height: 1, width: 1).shape.count == 1)
    }

    /// One voxel that is no number would make its neighbours none; picked alone it harms nothing else.
    @Test(arguments: [Float.nan, .infinity]) func whatIsNoNumberIsNotBlended(value: Float) throws {
        var volume = pattern(depth: 4, height: 6, width: 8)
        volume.geometry = Geometry(spacing: .one)
        volume.withMutableVoxels { $0[50] = value }
        let target = Grid(shape: Shape(depth: 2, height: 3, width: 4), geometry: Geometry(spacing: [2, 2, 2]))
        for interpolation in [Interpolation.linear, .area, .cubic] {
            for spacing in [0.5, 2.0] {
                let error = #expect(throws: TransformError.self) {
                    try volume.resampled(toSpacing: SIMD3(repeating: spacing), interpolation: interpolation)
                }
                #expect(error?.code == .notFinite)
            }
        }
        #expect(throws: TransformError.self) { try volume.letterboxed(height: 9, width: 9, fill: 0) }
        #expect(throws: TransformError.self) { try volume.resampled(onto: target) }
        let finer = try volume.resampled(toSpacing: [0.5, 0.5, 0.5], interpolation: .nearest)
        #expect(finer.voxels.count { !$0.isFinite } == 8)
        _ = try volume.resampled(onto: target, isNearest: true)
        #expect(try volume.resampled(toSpacing: .one).voxels.count { !$0.isFinite } == 1)
    }

    @Test func impossibleGridsAreRefused() {
        #expect(throws: TransformError.self) { try recorded.plane.resampled(toSpacing: [1, 1, 1]) }
        #expect(throws: TransformError.self) { try recorded.cube().resampled(toSpacing: [0, 1, 1]) }
        #expect(throws: TransformError.self) { try recorded.cube().resampled(toSpacing: [1, -1, 1]) }
        #expect(throws: TransformError.self) { try recorded.cube().resampled(toSpacing: [1e-9, 1e-9, 1e-9]) }
    }
}

@Suite struct AreaTests {
    @Test func wholeFactorsGiveMeans() throws {
        let shape = Shape(depth: 1, height: 4, width: 6)
        let image = Volume(voxels: (0..<24).map { Float($0 * $0 % 17) }, shape: shape, geometry: .pixels)
        let small = try image.resampled(depth: 1, height: 2, width: 2, interpolation: .area)
        for row in 0..<2 {
            for column in 0..<2 {
                var sum: Float = 0
                for y in 0..<2 { for x in 0..<3 { sum += image.voxels[(row * 2 + y) * 6 + column * 3 + x] } }
                #expect(abs(small.voxels[row * 2 + column] - sum / 6) < 1e-5)
            }
        }
    }

    @Test func otherFactorsKeepTheMeanOfTheImage() throws {
        let shape = Shape(depth: 1, height: 7, width: 10)
        let image = Volume(voxels: (0..<70).map { Float($0 * 31 % 23) }, shape: shape, geometry: .pixels)
        let small = try image.resampled(depth: 1, height: 3, width: 4, interpolation: .area)
        let means = [image, small].map { $0.voxels.reduce(0, +) / Float($0.shape.count) }
        #expect(abs(means[0] - means[1]) < 1e-4)
    }

    static let rules: [@Sendable (UInt16) -> Float] = [
        { Float($0) }, { Float(Int16(bitPattern: $0)) }, { Float($0 & 0xFFF) }, { Float($0) * 0.5 },
        { Float(Int16(bitPattern: $0)) - 1024 },
    ]

    /// Signed and unsigned words, some outside the stretch that stands for itself, against values.
    @Test(arguments: rules.indices, [65535, 0xFFF]) func wordsEqualValues(rule: Int, mask: Int) throws {
        let shape = Shape(depth: 2, height: 33, width: 40)
        let words = (0..<shape.count).map { UInt16(truncatingIfNeeded: $0 * 7919 & mask) }
        let table = (0...UInt16.max).map(Self.rules[rule])
        let storage = Voxels.words(words, WordValues(table))
        let image = Volume(storage: storage, shape: shape, geometry: .pixels)
        let floats = Volume(voxels: image.voxels, shape: shape, geometry: .pixels)
        for interpolation in Interpolation.allCases {
            let ours = try image.resampled(depth: 2, height: 9, width: 11, interpolation: interpolation)
            let theirs = try floats.resampled(depth: 2, height: 9, width: 11, interpolation: interpolation)
            #expect(ours.voxels == theirs.voxels)
        }
    }
}

@Suite struct DisplayFlipTests {
    /// Axial RAS and LPS, coronal and sagittal slices: what lies to the right, front and top comes first.
    @Test(
        arguments: [
            ([1, 1, 1], false, false), ([-1, -1, 1], true, true), ([1, -1, 1], false, true), ([-1, 1, 1], true, false),
        ] as [(SIMD3<Double>, Bool, Bool)])
    func picturesBeginAtTheRightAndInFront(spacing: SIMD3<Double>, flipsX: Bool, flipsY: Bool) {
        let shape = Shape(depth: 1, height: 2, width: 3)
        let image = Volume(voxels: [0, 1, 2, 3, 4, 5], shape: shape, geometry: Geometry(spacing: spacing))
        var expected = image
        if flipsX { expected = expected.flipped(.x) }
        if flipsY { expected = expected.flipped(.y) }
        #expect(image.flippedForDisplay().voxels == expected.voxels)
    }

    @Test func coronalRowsRunDown() {
        let shape = Shape(depth: 1, height: 2, width: 2)
        let upwards = Geometry(origin: .zero, xStep: [1, 0, 0], yStep: [0, 0, 1], zStep: [0, 1, 0])
        let image = Volume(voxels: [0, 1, 2, 3], shape: shape, geometry: upwards)
        #expect(image.flippedForDisplay().voxels == [2, 3, 0, 1])
    }
}
