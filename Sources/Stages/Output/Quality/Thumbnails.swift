import Volumes

/// Slices through the middle of a volume side by side, each within `side` pixels: along z, and for volumes along y and x.
/// Proportions are those in the patient; where slices are stacked upwards, up is up.
struct Thumbnails: Sendable {
    /// Pixels of a slice's longer side, at most.
    static let side = 72

    let width: Int
    let height: Int
    /// 1, or 3 for colours.
    let channels: Int
    /// `[height, width, channels]`
    private(set) var pixels: [UInt8]

    private struct Plane {
        /// Voxels across and down, and the distance in the volume from one to the next.
        var columns: (count: Int, step: Int)
        var rows: (count: Int, step: Int)
        var start: Int
        /// Across and down.
        var spacing: (Double, Double)
        var isUpsideDown = false

        /// Pixels across and down.
        var size: (Int, Int) {
            let extent = (Double(columns.count) * spacing.0, Double(rows.count) * spacing.1)
            let scale = Double(side) / max(extent.0, extent.1)
            return (max(1, Int((extent.0 * scale).rounded())), max(1, Int((extent.1 * scale).rounded())))
        }
    }

    /// - Parameters low, high: values that become black and white.
    init(_ volume: Volume, from low: Float, to high: Float) {
        let planes = Self.planes(of: volume)
        let gap = 4
        width = planes.map { $0.size.0 }.reduce(0, +) + gap * (planes.count - 1)
        height = planes.map { $0.size.1 }.max() ?? 1
        channels = volume.attributes.channelAxis == .color && volume.shape.channels == 3 ? 3 : 1
        pixels = [UInt8](repeating: 0, count: width * height * channels)
        // In Double, where the difference of two Floats is never infinite.
        let (black, range) = (Double(low), Double(high) - Double(low))
        let scale = range > 0 && range.isFinite ? 255 / range : 0
        var left = 0
        for plane in planes {
            for channel in 0..<channels { draw(plane, of: volume, channel, at: left) { (Double($0) - black) * scale } }
            left += plane.size.0 + gap
        }
    }

    private static func planes(of volume: Volume) -> [Plane] {
        let (shape, spacing) = (volume.shape, volume.geometry.spacing)
        let (row, slice) = (shape.width, shape.sliceCount)
        let isUpwards = volume.geometry.isPhysical && volume.geometry.steps[2].z > 0
        let alongZ = Plane(
            columns: (shape.width, 1), rows: (shape.height, row), start: shape.depth / 2 * slice,
            spacing: (spacing.x, spacing.y))
        guard shape.depth > 1 else { return [alongZ] }
        return [
            alongZ,
            Plane(
                columns: (shape.width, 1), rows: (shape.depth, slice), start: shape.height / 2 * row,
                spacing: (spacing.x, spacing.z), isUpsideDown: isUpwards),
            Plane(
                columns: (shape.height, row), rows: (shape.depth, slice), start: shape.width / 2,
                spacing: (spacing.y, spacing.z), isUpsideDown: isUpwards),
        ]
    }

    /// Each pixel is the mean of at most 4 x 4 voxels of those that it covers.
    private mutating func draw(
        _ plane: Plane, of volume: Volume, _ channel: Int, at left: Int, _ brightness: (Float) -> Double
    ) {
        let (across, down) = plane.size
        let start = channel * volume.shape.voxelCount + plane.start
        for y in 0..<down {
            let rows = Self.voxels(under: plane.isUpsideDown ? down - 1 - y : y, of: down, plane.rows.count)
            for x in 0..<across {
                var (sum, count) = (0.0, 0.0)
                for row in rows {
                    for column in Self.voxels(under: x, of: across, plane.columns.count) {
                        let value = volume.storage.value(
                            at: start + row * plane.rows.step + column * plane.columns.step)
                        if value.isFinite { (sum, count) = (sum + brightness(value), count + 1) }
                    }
                }
                let value = count > 0 ? min(max(sum / count, 0), 255) : 0
                pixels[(y * width + left + x) * channels + channel] = UInt8(value.rounded())
            }
        }
    }

    /// Voxels that a pixel covers, thinned to four.
    private static func voxels(under pixel: Int, of pixels: Int, _ count: Int) -> StrideTo<Int> {
        let first = pixel * count / pixels
        let end = max(first + 1, (pixel + 1) * count / pixels)
        return stride(from: first, to: end, by: max(1, (end - first + 3) / 4))
    }
}
