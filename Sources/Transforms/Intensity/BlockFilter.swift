import CKernels
import Parallel
import Volumes

/// A band-pass of one slice or one volume: cosine transforms along x and y slice by slice, then along the last axis there,
/// times the filter, and back while each line is in the processor's cache, then back along y and x.
struct BlockFilter: Sendable {
    private let band: BandPass
    private let x: CosineTransform
    private let y: CosineTransform
    /// nil when slices are filtered by themselves.
    private let z: CosineTransform?
    /// Voxels per unit of frequency, squared, along x, y, z.
    private let density: SIMD3<Double>

    init(_ band: BandPass, _ shape: Shape, _ spacing: SIMD3<Double>) {
        self.band = band
        (x, y) = (CosineTransform(count: shape.width), CosineTransform(count: shape.height))
        z = band.dimensions == 3 ? CosineTransform(count: shape.depth) : nil
        density = 1 / (spacing * spacing)
    }

    private var depth: Int { z?.count ?? 1 }
    /// Coefficients of a slice.
    private var area: Int { x.length * y.length }

    /// - Parameter voxels: of the block, which are filtered in place.
    func run(_ voxels: UnsafeMutablePointer<Float>, _ workers: Workers) {
        // Coefficients go where the voxels are, unless there are more of them.
        guard area > x.count * y.count else { return run(voxels, in: voxels, workers) }
        let space = UnsafeMutablePointer<Float>.allocate(capacity: depth * area)
        defer { space.deallocate() }
        adviseHugePages(space, byteCount: depth * area * 4)
        run(voxels, in: space, workers)
    }

    private func run(
        _ voxels: UnsafeMutablePointer<Float>, in space: UnsafeMutablePointer<Float>, _ workers: Workers
    ) {
        let size = x.count * y.count
        let (slices, block) = (Destination(start: space), Destination(start: voxels))
        let mean = sums(depth, workers) { hk_sum(block.start + $0 * size, size) } / Double(depth * size)
        workers.forEach(depth) { slice in
            let (first, given) = (slices.start + slice * area, block.start + slice * size)
            hk_affine_clamp(given, size, mean, 1, -.infinity, .infinity)
            if first != given {
                for row in 0..<y.count { (first + row * x.length).update(from: given + row * x.count, count: x.count) }
            }
            forward(first)
        }
        if let z { filter(along: z, space, workers) }
        let offset = band.keepsMean || band.low == 0 ? mean : 0
        let sum = sums(depth, workers) { slice in
            let (first, result) = (slices.start + slice * area, block.start + slice * size)
            backward(first)
            if first != result {
                for row in 0..<y.count { (result + row * x.count).update(from: first + row * x.length, count: x.count) }
            }
            hk_affine_clamp(result, size, -offset, 1, -.infinity, .infinity)
            return hk_sum(result, size)
        }
        // What was cut off at the end of lines had a share in the mean.
        let difference = offset - sum / Double(depth * size)
        guard band.keepsMean, abs(difference) > Double(Float(offset).ulp) else { return }
        workers.forEach(depth) { slice in
            hk_affine_clamp(block.start + slice * size, size, -difference, 1, -.infinity, .infinity)
        }
    }

    /// Along x and y, or, where slices are filtered by themselves, along x and then y with the filter and back.
    private func forward(_ slice: UnsafeMutablePointer<Float>) {
        let scratch = CosineScratch(length: max(x.length, y.length))
        x.withPlan { plan in
            forBlocks(y.count) { row, rows in
                hk_cosine_rows(plan, slice + row * x.length, x.length, rows, x.count, 0, scratch.start)
            }
        }
        if z == nil { return filter(along: y, row: 0, slice, scratch) }
        y.withPlan { plan in
            forBlocks(x.length) { column, columns in
                hk_cosine_columns(plan, slice + column, x.length, columns, y.count, 0, scratch.start)
            }
        }
    }

    private func backward(_ slice: UnsafeMutablePointer<Float>) {
        let scratch = CosineScratch(length: max(x.length, y.length))
        if z != nil {
            y.withPlan { plan in
                forBlocks(x.length) { column, columns in
                    hk_cosine_columns(plan, slice + column, x.length, columns, y.count, 1, scratch.start)
                }
            }
        }
        x.withPlan { plan in
            forBlocks(y.count) { row, rows in
                hk_cosine_rows(plan, slice + row * x.length, x.length, rows, x.count, 1, scratch.start)
            }
        }
    }

    private func filter(along z: CosineTransform, _ slices: UnsafeMutablePointer<Float>, _ workers: Workers) {
        let slices = Destination(start: slices)
        workers.forEach(y.length) { row in
            filter(along: z, row: row, slices.start + row * x.length, CosineScratch(length: z.length))
        }
    }

    /// The last transform, the filter and the way back for one row of coefficients along x.
    private func filter(
        along last: CosineTransform, row: Int, _ data: UnsafeMutablePointer<Float>, _ scratch: CosineScratch
    ) {
        let isVolume = z != nil
        var filter = hk_butterworth(
            low2: Float(band.low * band.low), high2: band.high.map { Float($0 * $0) } ?? 0,
            scale: Float(1 / Double(area * (z?.length ?? 1))), order: band.order)
        let beside = isVolume ? y.squaredFrequency(row) * density.y : 0
        let step = last.squaredFrequency(1) * (isVolume ? density.z : density.y)
        last.withPlan { plan in
            forBlocks(x.length) { column, columns in
                let across = (0..<Int(HK_LINES)).map {
                    Float(x.squaredFrequency(column + $0) * density.x + beside)
                }
                hk_butterworth_columns(
                    plan, data + column, isVolume ? area : x.length, columns, last.count, &filter, across, Float(step),
                    scratch.start)
            }
        }
    }

    /// Calls `body` with the first line and the number of lines of each block.
    private func forBlocks(_ count: Int, _ body: (Int, Int) -> Void) {
        for first in stride(from: 0, to: count, by: Int(HK_LINES)) { body(first, min(Int(HK_LINES), count - first)) }
    }

    /// The sum of what `body` gives for each number, added in their order whatever the number of threads.
    private func sums(_ count: Int, _ workers: Workers, _ body: @Sendable (Int) -> Double) -> Double {
        var parts = [Double](repeating: 0, count: count)
        parts.withUnsafeMutableBufferPointer { parts in
            let target = Destination(start: parts.baseAddress!)
            workers.forEach(count) { target.start[$0] = body($0) }
        }
        return parts.reduce(0, +)
    }
}
