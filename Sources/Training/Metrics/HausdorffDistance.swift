/// The 95th percentile Hausdorff distance of two masks: of the distances from each border to the other the 95th percentile,
/// the greater of both directions (Huttenlocher et al. 1993; percentile and border as in MONAI: a border voxel is set and has
/// a face neighbour, or the edge of the grid, that is not).
///
/// - Parameters:
///   - shape: depth, height and width; x is fastest. Depth 1 for an image.
///   - spacing: of voxels along z, y and x, in the unit of the result.
/// - Returns: nil when either mask is empty: there is no distance then.
public func hausdorffDistance95(
    _ a: [Bool], _ b: [Bool], shape: (depth: Int, height: Int, width: Int),
    spacing: (z: Double, y: Double, x: Double) = (1, 1, 1)
) -> Double? {
    let grid = MaskGrid(shape: [shape.depth, shape.height, shape.width], spacing: [spacing.z, spacing.y, spacing.x])
    precondition(a.count == grid.count && b.count == grid.count, "masks must have \(grid.count) voxels")
    let (borderA, borderB) = (grid.border(a), grid.border(b))
    guard !borderA.isEmpty, !borderB.isEmpty else { return nil }
    func percentile(from: [Int], to: [Int]) -> Double {
        let distances = grid.squaredDistances(to: to)
        return quantile(from.map { distances[$0].squareRoot() }.sorted(), 0.95)
    }
    return max(percentile(from: borderA, to: borderB), percentile(from: borderB, to: borderA))
}

private struct MaskGrid {
    let shape: [Int]
    let spacing: [Double]

    var count: Int { shape.reduce(1, *) }
    private var strides: [Int] { [shape[1] * shape[2], shape[2], 1] }

    /// Set voxels with a face neighbour that is not set, or none; an axis of one voxel has no faces.
    func border(_ mask: [Bool]) -> [Int] {
        mask.indices.filter { index in
            mask[index]
                && (0..<3).contains { axis in
                    guard shape[axis] > 1 else { return false }
                    let place = index / strides[axis] % shape[axis]
                    return place == 0 || place == shape[axis] - 1 || !mask[index - strides[axis]]
                        || !mask[index + strides[axis]]
                }
        }
    }

    /// The exact Euclidean distance transform, one axis after the other (Felzenszwalb and Huttenlocher 2012).
    func squaredDistances(to points: [Int]) -> [Double] {
        var values = [Double](repeating: .infinity, count: count)
        for point in points { values[point] = 0 }
        for axis in 0..<3 where shape[axis] > 1 {
            let (length, step) = (shape[axis], strides[axis])
            var line = [Double](repeating: 0, count: length)
            for start in 0..<count where start / step % length == 0 {
                for i in 0..<length { line[i] = values[start + i * step] }
                lowerEnvelope(&line, spacing[axis])
                for i in 0..<length { values[start + i * step] = line[i] }
            }
        }
        return values
    }

    /// `min over j of line[j] + (spacing (i - j))²`, by the envelope of parabolas.
    private func lowerEnvelope(_ line: inout [Double], _ spacing: Double) {
        var roots: [Int] = []
        var starts: [Double] = []
        for j in line.indices where line[j].isFinite {
            var start = -Double.infinity
            while let root = roots.last {
                let (p, q) = (Double(root) * spacing, Double(j) * spacing)
                start = (line[j] + q * q - line[root] - p * p) / (2 * (q - p))
                if start > starts[starts.count - 1] { break }
                roots.removeLast()
                starts.removeLast()
                start = -.infinity
            }
            roots.append(j)
            starts.append(start)
        }
        guard !roots.isEmpty else { return }
        let heights = roots.map { line[$0] }
        var place = 0
        for i in line.indices {
            let x = Double(i) * spacing
            while place + 1 < roots.count, starts[place + 1] < x { place += 1 }
            let distance = x - Double(roots[place]) * spacing
            line[i] = heights[place] + distance * distance
        }
    }
}
