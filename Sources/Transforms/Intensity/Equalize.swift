import CKernels
public import Parallel
public import Volumes

/// Contrast-limited adaptive histogram equalisation of each slice.
///
/// Zuiderveld, "Contrast limited adaptive histogram equalization", Graphics Gems IV (1994), with the choices of OpenCV's
/// `createCLAHE`: the slice is divided into tiles, each tile's histogram is cut at `clipLimit` times its mean, what was cut
/// off is given to all bins alike, and each pixel goes through the cumulated histograms of the four nearest tiles, linear
/// between their centres. Where the tiles do not divide both axes, the slice is continued at its right and its lower border,
/// by reflection without the edge pixel, to tiles of one pixel more than fit. Unlike OpenCV, the maps are not rounded to
/// levels.
public struct Equalization: Sendable {
    /// Tiles along y and x.
    public var tiles: SIMD2<Int>
    /// Highest bin of a tile's histogram, as a multiple of its mean bin.
    public var clipLimit: Double
    /// Levels that values are told apart by.
    public var bins: Int

    public init(tiles: SIMD2<Int> = [8, 8], clipLimit: Double = 2, bins: Int = 256) {
        (self.tiles, self.clipLimit, self.bins) = (tiles, clipLimit, bins)
    }
}

extension Volume {
    /// Equalises each slice of each channel; the result is in [0, 1].
    ///
    /// - Parameter range: values that become the lowest and the highest level; nil takes those of the whole volume, so that
    ///   slices stay comparable.
    /// - Returns: false when the range is empty; every voxel is 0 then and a warning is due.
    /// - Throws: `TransformError` for NaN or infinite voxels, fewer than 2 or more than 65,536 bins, or more tiles than
    ///   pixels.
    public mutating func equalize(
        _ equalization: Equalization, range: ClosedRange<Float>? = nil, workers: Workers = .single
    ) throws(TransformError) -> Bool {
        let (tiles, bins) = (equalization.tiles, equalization.bins)
        guard (2...65536).contains(bins), equalization.clipLimit > 0, tiles.x > 0, tiles.y > 0 else {
            throw TransformError(.invalidOption, "needs 2 to 65536 bins, a clip limit above 0 and at least one tile")
        }
        guard tiles.x <= shape.height, tiles.y <= shape.width else {
            throw TransformError(
                .invalidOption,
                "\(tiles.x) x \(tiles.y) tiles need slices of as many pixels, and these have \(shape.height) x \(shape.width)"
            )
        }
        let sample = try Sample(storage)
        let (lower, upper) = (range?.lowerBound ?? sample.least, range?.upperBound ?? sample.greatest)
        guard upper > lower, lower.isFinite, upper.isFinite else { return scale(from: 0, to: 0) }
        let slice = SliceEqualization(shape, equalization, lower: lower, upper: upper)
        let count = shape.sliceCount
        withMutableVoxels { span in
            span.withUnsafeMutableBufferPointer { buffer in
                let voxels = Destination(start: buffer.baseAddress!)
                workers.forEach(buffer.count / count) { slice.run(voxels.start + $0 * count) }
            }
        }
        attributes.forgetScale()
        return true
    }
}

/// The work on one slice.
private struct SliceEqualization: Sendable {
    let height: Int
    let width: Int
    let lower: Float
    let scale: Float
    let bins: Int
    let clipLimit: Double
    let y: TileAxis
    let x: TileAxis

    init(_ shape: Shape, _ equalization: Equalization, lower: Float, upper: Float) {
        (height, width) = (shape.height, shape.width)
        (bins, clipLimit) = (equalization.bins, equalization.clipLimit)
        self.lower = lower
        scale = Float(Double(bins - 1) / (Double(upper) - Double(lower)))
        let tiles = equalization.tiles
        // As OpenCV has it, both axes are continued as soon as one has a remainder, by a whole tile's share if it has none.
        let isWhole = height % tiles.x == 0 && width % tiles.y == 0
        func size(_ count: Int, _ tiles: Int) -> Int { count / tiles + (isWhole ? 0 : 1) }
        y = TileAxis(count: height, tiles: tiles.x, size: size(height, tiles.x))
        x = TileAxis(count: width, tiles: tiles.y, size: size(width, tiles.y))
    }

    func run(_ slice: UnsafeMutablePointer<Float>) {
        // Row by row: levels of the slice, continued to whole tiles.
        let stride = x.tiles * x.size
        var levels = [UInt16](repeating: 0, count: y.tiles * y.size * stride)
        levels.withUnsafeMutableBufferPointer { levels in
            for row in 0..<y.tiles * y.size {
                let start = levels.baseAddress! + row * stride
                hk_quantize(
                    slice + reflected(row, height) * width, width, lower, scale, UInt16(bins - 1), start)
                for column in width..<stride { start[column] = start[reflected(column, width)] }
            }
            // Of the two rows of tiles that a line lies between: all of them could be many GB.
            var maps = [[Float]](repeating: [], count: y.tiles)
            for line in 0..<height {
                let (before, after) = (Int(y.before[line]), Int(y.after[line]))
                if before > 0 { maps[before - 1] = [] }
                for row in before...after where maps[row].isEmpty {
                    maps[row] = self.maps(ofRow: row, levels.baseAddress!, stride)
                }
                hk_map_tiles(
                    levels.baseAddress! + line * stride, width, maps[before], maps[after], y.share[line], bins,
                    x.before, x.after, x.share, slice + line * width)
            }
        }
    }

    /// Each tile's map from level to [0, 1], of one row of tiles.
    private func maps(ofRow row: Int, _ levels: UnsafePointer<UInt16>, _ stride: Int) -> [Float] {
        let area = y.size * x.size
        let limit = max(Int(clipLimit * Double(area) / Double(bins)), 1)
        var maps = [Float](repeating: 0, count: x.tiles * bins)
        for tile in 0..<x.tiles {
            var counts = [UInt32](repeating: 0, count: bins)
            let start = row * y.size * stride + tile * x.size
            hk_count_levels(levels + start, stride, y.size, x.size, &counts)
            var excess = 0
            for bin in 0..<bins where Int(counts[bin]) > limit {
                excess += Int(counts[bin]) - limit
                counts[bin] = UInt32(limit)
            }
            let (each, rest) = excess.quotientAndRemainder(dividingBy: bins)
            let step = rest > 0 ? max(bins / rest, 1) : 1
            var sum = 0
            for bin in 0..<bins {
                sum += Int(counts[bin]) + each + (bin % step == 0 && bin / step < rest ? 1 : 0)
                maps[tile * bins + bin] = Float(sum) / Float(area)
            }
        }
        return maps
    }
}

/// Tiles along one axis, and for each pixel the tiles whose centres are before and after it.
private struct TileAxis: Sendable {
    let tiles: Int
    /// Pixels a tile.
    let size: Int
    let before: [UInt32]
    let after: [UInt32]
    /// Weight of the tile after.
    let share: [Float]

    init(count: Int, tiles: Int, size: Int) {
        let places = (0..<count).map { Float($0) / Float(size) - 0.5 }
        (self.tiles, self.size) = (tiles, size)
        before = places.map { UInt32(max(Int($0.rounded(.down)), 0)) }
        after = places.map { UInt32(min(Int($0.rounded(.down)) + 1, tiles - 1)) }
        share = places.map { $0 - $0.rounded(.down) }
    }
}

/// Continued beyond the end by reflection about the last pixel, which is not repeated; back and forth where that is not
/// enough.
private func reflected(_ index: Int, _ count: Int) -> Int {
    guard count > 1 else { return 0 }
    let place = index % (2 * count - 2)
    return place < count ? place : 2 * count - 2 - place
}
