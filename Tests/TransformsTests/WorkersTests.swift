import Parallel
import Testing
import Transforms
import Volumes

@Suite struct ResamplingWorkersTests {
    @Test(arguments: [2, 3, 7]) func threadsDoNotChangeABit(threads: Int) throws {
        let shape = Shape(channels: 2, depth: 9, height: 11, width: 13)
        let volume = Volume(
            voxels: (0..<shape.count).map { Float($0 * 7919 % 1000) }, shape: shape,
            geometry: Geometry(spacing: [0.7, 0.9, 2.5]))
        let alone = try volume.resampled(toSpacing: [1, 1, 1])
        let together = try volume.resampled(toSpacing: [1, 1, 1], workers: Workers(count: threads))
        #expect(alone.voxels == together.voxels)
    }
}
