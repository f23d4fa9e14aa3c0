import Parallel
import Testing
import Transforms
import Volumes

@Suite struct EqualizeTests {
    let recorded = RecordedIntensity.shared

    private func plane(height: Int, width: Int) -> Volume {
        let rows = (0..<height).flatMap { recorded.plane[$0 * 67..<$0 * 67 + width] }
        return Volume(voxels: rows, shape: Shape(depth: 1, height: height, width: width), geometry: .pixels)
    }

    /// OpenCV rounds each tile's map and the result to levels: half a level each. Tiles divide neither axis, one axis, or both.
    @Test func equalsOpenCVWithinItsRounding() throws {
        let sizes = [(50, 67), (50, 67), (48, 64), (50, 65), (48, 67)]
        try #require(recorded.equalized.count == sizes.count)
        for (expected, (height, width)) in zip(recorded.equalized, sizes) {
            var volume = plane(height: height, width: width)
            let equalization = Equalization(tiles: [expected.tiles[0], expected.tiles[1]], clipLimit: expected.clip)
            #expect(try volume.equalize(equalization, range: 0...255))
            #expect(largestDifference(volume.voxels.map { $0 * 255 }, expected.values) <= 1.001)
        }
    }

    @Test(arguments: [2, 4]) func threadsDoNotChangeABit(threads: Int) throws {
        var alone = Volume(
            voxels: recorded.plane + recorded.plane.reversed(), shape: Shape(depth: 2, height: 50, width: 67),
            geometry: .pixels)
        var together = alone
        _ = try alone.equalize(Equalization())
        _ = try together.equalize(Equalization(), workers: Workers(count: threads))
        #expect(alone.voxels == together.voxels)
        #expect(alone.voxels.allSatisfy { (0...1).contains($0) })
    }

    @Test func whatCannotBeEqualizedIsTold() throws {
        var flat = Volume(
            voxels: [Float](repeating: 4, count: 64), shape: Shape(depth: 1, height: 8, width: 8), geometry: .pixels)
        #expect(try !flat.equalize(Equalization()))
        #expect(flat.voxels.allSatisfy { $0 == 0 })
        var row = RecordedTransforms.row([1, 2, 3])
        #expect(throws: TransformError.self) { try row.equalize(Equalization()) }
        #expect(try row.equalize(Equalization(tiles: [1, 1])))
        var bad = RecordedTransforms.row([1, .nan, 3])
        #expect(throws: TransformError.self) { try bad.equalize(Equalization(tiles: [1, 1])) }
        #expect(throws: TransformError.self) { try row.equalize(Equalization(tiles: [1, 1], bins: 1)) }
    }
}

@Suite struct RGBTests {
    @Test func oneChannelBecomesThree() throws {
        let volume = RecordedTransforms.row([0, 0.5, 1])
        let imagenet = try volume.rgb(.imagenet)
        #expect(imagenet.shape == Shape(channels: 3, depth: 1, height: 1, width: 3))
        #expect(imagenet.attributes.channelAxis == .color)
        // torchvision's Normalize: (x - mean) / std.
        let expected: [Double] = [
            -2.1179039, 0.0655022, 2.2489083, -2.0357144, 0.1964286, 2.4285715, -1.8044444, 0.4177777, 2.64,
        ]
        #expect(largestDifference(imagenet.voxels, expected.map { Float($0) }) < 1e-6)
        #expect(try volume.rgb(.symmetric).voxels == [-1, 0, 1, -1, 0, 1, -1, 0, 1])
    }

    @Test func coloursStay() throws {
        var volume = Volume(
            voxels: [0, 0.25, 1], shape: Shape(channels: 3, depth: 1, height: 1, width: 1), geometry: .pixels)
        #expect(throws: TransformError.self) { try volume.rgb(.unit) }
        volume.attributes.channelAxis = .color
        #expect(try volume.rgb(.unit).voxels == [0, 0.25, 1])
    }

    @Test(arguments: [[-0.1, 1], [0, 1.1], [0, .nan], [0, .infinity]] as [[Float]])
    func valuesOutsideTheUnitAreRefused(values: [Float]) {
        #expect(throws: TransformError.self) { try RecordedTransforms.row(values).rgb(.imagenet) }
    }
}
