import CKernels
import Parallel
import Volumes

/// A Gaussian filter, axis by axis, in place.
///
/// Weights `exp(-t^2 / (2 sigma^2))` out to `truncate` sigmas, normalised; the image continues as its mirror image, edge voxels
/// twice. As `scipy.ndimage.gaussian_filter` with its mode 'reflect', from which it differs by single precision.
struct GaussianSmoothing: Sendable {
    /// Along x, y, z; of odd length. One weight leaves an axis alone.
    private let weights: [[Float]]
    /// Columns that are filtered together: what they need stays in the processor's cache.
    private static let tile = 128

    /// - Parameters:
    ///   - sigma: voxels along x, y, z; 0 leaves an axis alone.
    init(sigma: SIMD3<Double>, truncate: Double = 4) {
        weights = (0..<3).map { axis in
            let radius = Int(truncate * sigma[axis] + 0.5)
            guard sigma[axis] > 0, radius > 0 else { return [1] }
            let values = (-radius...radius).map { t in
                let share = Double(t) / sigma[axis]
                return hk_exp(-0.5 * share * share)
            }
            let sum = values.reduce(0, +)
            return values.map { Float($0 / sum) }
        }
    }

    /// - Parameter values: `shape.count` values in the order of `Shape`.
    func run(_ values: UnsafeMutablePointer<Float>, _ shape: Shape, _ workers: Workers) {
        let target = Destination(start: values)
        let (height, width) = (shape.height, shape.width)
        workers.forEach(shape.channels * shape.depth) { plane in
            let slice = target.start + plane * shape.sliceCount
            if weights[0].count > 1, width > 1 {
                var room = [Float](repeating: 0, count: width + weights[0].count)
                for row in 0..<height { alongRow(slice + row * width, width, &room) }
            }
            if weights[1].count > 1, height > 1 {
                across(slice, step: width, count: height, columns: width, weights[1])
            }
        }
        guard weights[2].count > 1, shape.depth > 1 else { return }
        workers.forEach(shape.channels * height) { index in
            let (channel, row) = index.quotientAndRemainder(dividingBy: height)
            across(
                target.start + channel * shape.voxelCount + row * width, step: shape.sliceCount, count: shape.depth,
                columns: width, weights[2])
        }
    }

    private func alongRow(_ row: UnsafeMutablePointer<Float>, _ count: Int, _ room: inout [Float]) {
        let radius = weights[0].count / 2
        room.withUnsafeMutableBufferPointer { room in
            let start = room.baseAddress!
            (start + radius).update(from: row, count: count)
            for place in 0..<radius {
                start[place] = row[mirrored(place - radius, count)]
                start[radius + count + place] = row[mirrored(count + place, count)]
            }
            hk_convolve(start, 1, row, count, weights[0], weights[0].count, 0)
        }
    }

    /// Rows `step` apart become weighted sums of themselves, a tile of columns at a time.
    private func across(
        _ start: UnsafeMutablePointer<Float>, step: Int, count: Int, columns: Int, _ weights: [Float]
    ) {
        let (radius, tile) = (weights.count / 2, min(Self.tile, columns))
        let sources = (-radius..<count + radius).map { mirrored($0, count) * step }
        let room = UnsafeMutablePointer<Float>.allocate(capacity: sources.count * tile)
        defer { room.deallocate() }
        for column in stride(from: 0, to: columns, by: tile) {
            let width = min(tile, columns - column)
            for (place, source) in sources.enumerated() {
                (room + place * tile).update(from: start + source + column, count: width)
            }
            for row in 0..<count {
                hk_convolve(
                    room + row * tile, tile, start + row * step + column, width, weights, weights.count, 0)
            }
        }
    }

    /// ... 1 0 | 0 1 2 ... n-1 | n-1 n-2 ...
    private func mirrored(_ place: Int, _ count: Int) -> Int {
        let period = 2 * count
        let within = ((place % period) + period) % period
        return within < count ? within : period - 1 - within
    }
}
