import CKernels

/// A plane as the network sees it: how far each pixel lies from the mean of its surroundings (40 x 40 pixels), in units
/// of their deviation.
///
/// So that neither bit depth nor window nor the brightness of what lies below matters. The twin of
/// `training/burned-in-text/normalize.py`.
struct LocalContrast {
    /// Part of a frame's range below which differences are noise that nobody sees.
    private static let floor: Float = 0.02
    private static let limit: Float = 4

    /// Sides of the map: the plane's, filled up to multiples of 8 and to at least 64 by repeating the last row and column.
    let height: Int
    let width: Int
    private let image: [Float]
    /// Of blocks of 8 x 8 pixels.
    private let mean, scale: [Float]

    /// - Precondition: the plane is not empty.
    init(of plane: GrayPlane) {
        let (low, span) = Self.range(of: plane)
        let rows = max(8, (plane.height + 7) / 8)
        let columns = max(8, (plane.width + 7) / 8)
        (height, width) = (8 * rows, 8 * columns)
        image = Self.scaled(plane, low: low, span: span, height: height, width: width)
        var mean = [Float](repeating: 0, count: rows * columns)
        var scale = mean
        var scratch = mean
        text_block_moments(image, rows, columns, &mean, &scale)
        text_box(&mean, rows, columns, &scratch)
        text_box(&scale, rows, columns, &scratch)
        for index in scale.indices {
            let variance = max(0, scale[index] - mean[index] * mean[index])
            scale[index] = 1 / (variance.squareRoot() + Self.floor)
        }
        (self.mean, self.scale) = (mean, scale)
    }

    /// Writes some rows of the map into `[count, width]`; rows outside of the map become zeros.
    func write(rows: Range<Int>, to map: inout FeatureMap) {
        let inside = rows.clamped(to: 0..<height)
        let row = map.row
        var line = [Float](repeating: 0, count: width / 4)
        map.write { map in
            for y in rows where !inside.contains(y) {
                (map + (y - rows.lowerBound) * row).update(repeating: 0, count: width)
            }
            text_local_contrast(
                image, height / 8, width / 8, mean, scale, Self.limit, inside.lowerBound, inside.count, &line,
                map + (inside.lowerBound - rows.lowerBound) * row, row)
        }
    }

    /// Between the percentiles 0.5 and 99.5 of up to about 20,000 pixels, and at least a sixteenth of the whole range:
    /// a black frame with one short text has percentiles that are equal.
    private static func range(of plane: GrayPlane) -> (low: Float, span: Float) {
        var (least, greatest): (Float, Float) = (0, 0)
        var sum = 0.0
        _ = hk_extent(plane.values, plane.values.count, &least, &greatest, &sum)
        guard least < greatest else { return (least.isFinite ? least : 0, 1) }
        // A prime step, so that samples do not stand in columns.
        let step = plane.values.count <= 20_000 ? 1 : plane.values.count / 20_000 / 2 * 2 + 1
        var samples = stride(from: 0, to: plane.values.count, by: step).map { plane.values[$0] }.filter(\.isFinite)
        samples.sort()
        guard !samples.isEmpty else { return (least, greatest - least) }
        let low = samples[Int(0.005 * Float(samples.count - 1))]
        let high = samples[Int(0.995 * Float(samples.count - 1))]
        return (low, max(high - low, (greatest - least) / 16))
    }

    /// (value - low) / span, filled up by repeating the last row and column.
    private static func scaled(_ plane: GrayPlane, low: Float, span: Float, height: Int, width: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: height * width) { image, count in
            plane.values.withUnsafeBufferPointer { values in
                let factor = 1 / span
                for y in 0..<plane.height {
                    let (from, to) = (y * plane.width, y * width)
                    for x in 0..<plane.width {
                        let value = values[from + x]
                        image[to + x] = value.isFinite ? (value - low) * factor : 0
                    }
                    for x in plane.width..<width { image[to + x] = image[to + plane.width - 1] }
                }
            }
            for y in plane.height..<height {
                for x in 0..<width { image[y * width + x] = image[(plane.height - 1) * width + x] }
            }
            count = height * width
        }
    }
}
