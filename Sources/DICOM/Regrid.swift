import Volumes

/// Linear interpolation of a stack of slices onto an even grid (`onIrregular: regrid`) or an orthogonal one
/// (`tilt: regrid`).
///
/// Each new slice is a blend of the two slices around it, along the line between their first pixels, moved within its
/// plane. Both are the same all over a slice, so that linear images stay as they are up to rounding.
struct Regrid {
    struct Slice {
        /// Stored slices on either side; the same when one lies here.
        var lower: Int
        var upper: Int
        /// Share of `upper`, in [0, 1].
        var weight: Double
        /// Columns and rows from a pixel of the new slice to its place in the stored ones.
        var shift: SIMD2<Double>

        var nearest: Int { weight < 0.5 ? lower : upper }
    }

    let shape: Shape
    let geometry: Geometry
    let slices: [Slice]
    /// Share of the new voxels that lie in no stored slice.
    let outside: Double

    /// - Parameters:
    ///   - stack: not longer than 65,536 of its steps.
    ///   - geometry: of the stack as it is; its z step tells the shear that stays unless `isUpright`.
    init(_ stack: SliceStack, _ geometry: Geometry, _ shape: Shape, normal: SIMD3<Double>, isUpright: Bool) {
        let (depths, positions) = (stack.depths, stack.positions)
        let extent = depths[depths.count - 1]
        let median = geometry.steps[2].dot(normal)
        // The median gap, or as near to it as lets first and last slice stay where they are.
        let count = Int(max((extent / median).rounded(), 1)) + 1
        let gap = extent / Double(count - 1)
        let step = isUpright ? normal * gap : (positions[positions.count - 1] - positions[0]) / Double(count - 1)

        // Where the stored slices lie at the depths of the new ones.
        var lower = 0
        var places: [(lower: Int, weight: Double, position: SIMD3<Double>)] = []
        for index in 0..<count {
            let depth = min(gap * Double(index), extent)
            while lower < depths.count - 2 && depths[lower + 1] <= depth { lower += 1 }
            var weight = (depth - depths[lower]) / (depths[lower + 1] - depths[lower])
            // Rounded positions must not blend what lies in place.
            if weight < 1e-3 { weight = 0 } else if weight > 1 - 1e-3 { weight = 1 }
            places.append((lower, weight, positions[lower] * (1 - weight) + positions[lower + 1] * weight))
        }
        let axes = [geometry.steps[0], geometry.steps[1]]
        func pixels(_ offset: SIMD3<Double>) -> SIMD2<Double> {
            let steps = axes.map { offset.dot($0) / $0.dot($0) }
            return [Self.snapped(steps[0]), Self.snapped(steps[1])]
        }
        var offsets = places.enumerated().map { index, place in
            pixels(positions[0] + step * Double(index) - place.position)
        }
        // The grid grows by whole pixels until it holds every slice; sizes that are absurd are refused afterwards.
        let first = SIMD2(-(offsets.map(\.x).max() ?? 0), -(offsets.map(\.y).max() ?? 0)).rounded(.down)
        let last = SIMD2(-(offsets.map(\.x).min() ?? 0), -(offsets.map(\.y).min() ?? 0)).rounded(.up)
        for index in offsets.indices { offsets[index] += first }
        var grid = Shape(channels: shape.channels, depth: count, height: shape.height, width: shape.width)
        grid.width += Int(min(last.x - first.x, 1e6))
        grid.height += Int(min(last.y - first.y, 1e6))
        var result = geometry
        result.origin += axes[0] * first.x + axes[1] * first.y
        result.steps[2] = step
        (self.shape, self.geometry) = (grid, result)
        slices = zip(places, offsets).map { place, shift in
            let upper = place.weight > 0 ? place.lower + 1 : place.lower
            return place.weight == 1
                ? Slice(lower: upper, upper: upper, weight: 0, shift: shift)
                : Slice(lower: place.lower, upper: upper, weight: place.weight, shift: shift)
        }
        let covered = offsets.reduce(0.0) { sum, shift in
            let columns = shape.width - (shift.x == shift.x.rounded() ? 0 : 1)
            let rows = shape.height - (shift.y == shift.y.rounded() ? 0 : 1)
            return sum + Double(columns * rows)
        }
        outside = 1 - covered / Double(grid.voxelCount)
    }

    /// A whole number of pixels when a thousandth is all that it lacks.
    private static func snapped(_ pixels: Double) -> Double {
        abs(pixels - pixels.rounded()) < 1e-3 ? pixels.rounded() : pixels
    }

    /// What was done, for the item's warnings.
    func summary(_ stack: SliceStack, isUneven: Bool, isUpright: Bool) -> String {
        var parts: [String] = []
        if isUneven, let irregularity = stack.irregularity {
            let blended = slices.count { $0.lower != $0.upper }
            parts.append(
                "\(irregularity.message); \(blended) of \(slices.count) slices interpolated"
                    + (irregularity.missing > 0 ? ", \(irregularity.missing) of them in holes" : ""))
        }
        if isUpright { parts.append("tilt undone by interpolation in the slices") }
        if outside > 0 {
            parts.append(
                "\(rounded(outside * 100)) % of the voxels lie outside every slice and hold the padding value, "
                    + "or the least value where there is none")
        }
        return parts.joined(separator: "; ")
    }
}
