import Volumes

extension Regrid {
    /// - Parameters:
    ///   - voxels: `[channels, depth, height, width]` of the stored slices, in one unit.
    ///   - padding: values that mark no data; they are never blended: the nearest voxel is taken there.
    ///   - isInverted: low output values are stored high, so that "least" is the highest value.
    /// - Returns: voxels on the new grid; outside every slice the padding value, or the least value without one.
    func apply(_ voxels: [Float], _ stored: Shape, padding: ClosedRange<Float>?, isInverted: Bool) -> [Float] {
        let fill = padding?.lowerBound ?? (isInverted ? voxels.max() : voxels.min()) ?? 0
        return [Float](unsafeUninitializedCapacity: shape.count) { out, count in
            voxels.withUnsafeBufferPointer { source in
                for channel in 0..<shape.channels {
                    for (index, slice) in slices.enumerated() {
                        let start = (channel * shape.depth + index) * shape.sliceCount
                        let target = UnsafeMutableBufferPointer(rebasing: out[start..<start + shape.sliceCount])
                        let planes = [slice.lower, slice.upper].map { plane in
                            let first = (channel * stored.depth + plane) * stored.sliceCount
                            return UnsafeBufferPointer(rebasing: source[first..<first + stored.sliceCount])
                        }
                        fillSlice(target, slice, planes, stored, padding, fill)
                    }
                }
            }
            count = shape.count
        }
    }

    private func fillSlice(
        _ target: UnsafeMutableBufferPointer<Float>, _ slice: Slice, _ planes: [UnsafeBufferPointer<Float>],
        _ stored: Shape, _ padding: ClosedRange<Float>?, _ fill: Float
    ) {
        let whole = slice.shift.rounded(.down)
        let part = slice.shift - whole
        let (left, top) = (Int(whole.x), Int(whole.y))
        // The voxels that contribute, as plane, columns to the right, rows down, and share.
        var corners: [(plane: Int, right: Int, down: Int, share: Float)] = []
        for plane in 0..<2 {
            for down in 0..<2 {
                for right in 0..<2 {
                    let share =
                        (plane == 0 ? 1 - slice.weight : slice.weight) * (down == 0 ? 1 - part.y : part.y)
                        * (right == 0 ? 1 - part.x : part.x)
                    if share > 0 { corners.append((plane, right, down, Float(share))) }
                }
            }
        }
        corners.sort { $0.share > $1.share }
        let (right, down) = (part.x > 0 ? 1 : 0, part.y > 0 ? 1 : 0)
        for row in 0..<shape.height {
            let y = row + top
            for column in 0..<shape.width {
                let x = column + left
                let place = row * shape.width + column
                guard x >= 0, y >= 0, x + right < stored.width, y + down < stored.height else {
                    target[place] = fill
                    continue
                }
                var sum: Float = 0
                var isPadded = false
                for corner in corners {
                    let value = planes[corner.plane][(y + corner.down) * stored.width + x + corner.right]
                    if let padding, padding.contains(value) { isPadded = true }
                    sum += corner.share * value
                }
                if isPadded || corners.count == 1 {
                    let nearest = corners[0]
                    sum = planes[nearest.plane][(y + nearest.down) * stored.width + x + nearest.right]
                }
                target[place] = sum
            }
        }
    }
}
