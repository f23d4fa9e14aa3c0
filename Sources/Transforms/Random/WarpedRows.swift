import CKernels
import Parallel
import Volumes

/// One row of a moved image, and what it is made from.
struct WarpedRow {
    /// The channel that it is of: `[depth, height, width]`, as `grid` says.
    let input: UnsafePointer<Float>
    var grid: hk_grid
    /// Room for a row.
    let output: UnsafeMutablePointer<Float>
    /// Its place in the image.
    let channel: Int
    let y: Int
    let z: Int
}

extension Volume {
    /// New voxels on the grid of these, row by row, by several threads.
    func warpedRows(_ workers: Workers, _ body: @Sendable (inout WarpedRow) -> Void) -> [Float] {
        let (shape, input) = (shape, floats(workers))
        return [Float](unsafeUninitializedCapacity: shape.count) { output, initialized in
            adviseHugePages(output.baseAddress!, byteCount: shape.count * 4)
            let target = Destination(start: output.baseAddress!)
            workers.forEach(shape.channels * shape.depth) { plane in
                let (channel, z) = plane.quotientAndRemainder(dividingBy: shape.depth)
                input.withUnsafeBufferPointer { input in
                    for y in 0..<shape.height {
                        var row = WarpedRow(
                            input: input.baseAddress! + channel * shape.voxelCount, grid: hk_grid(shape),
                            output: target.start + (plane * shape.height + y) * shape.width, channel: channel,
                            y: y, z: z)
                        body(&row)
                    }
                }
            }
            initialized = shape.count
        }
    }
}

extension hk_grid {
    /// Sizes of one channel.
    init(_ shape: Shape) {
        self.init(width: Int64(shape.width), height: Int64(shape.height), depth: Int64(shape.depth))
    }
}
