public import Volumes

/// A simulated lesion: an ellipsoid with a lobed surface, blended into the image over a soft edge.
///
/// At distance `d` mm from its centre in direction `n`, with `s = r(n) - d` the depth below its surface, the image gains
/// `contrast * w(s / edge + 1/2)`, where `w(t) = t^2 (3 - 2 t)` rises from 0 to 1 over the edge. `r(n)` is the ellipsoid's
/// radius times `1 + sum of lobes`. What lies below the surface, where half of the contrast is reached, belongs to the lesion.
public struct Lesion: Sendable {
    /// Voxel that holds the centre.
    public var center: SIMD3<Int>
    /// mm along x, y, z of the grid (voxels for images without physical spacing).
    public var radii: SIMD3<Double>
    /// mm over which it blends into its surroundings, above 0: 1 for a sharp nodule, 20 for ground glass.
    public var edge: Double
    /// What it adds, in the image's unit, to all channels or to each its own; negative darkens.
    public var contrasts: [Double]
    /// Factors of `xy`, `yz`, `zx`, `x^2 - y^2`, `xyz * 5` and `x (5 z^2 - 1) / 4` of the direction; their magnitudes sum to
    /// less than 1.
    public var lobes: [Double]

    public init(center: SIMD3<Int>, radii: SIMD3<Double>, edge: Double, contrasts: [Double], lobes: [Double] = []) {
        (self.center, self.radii, self.edge, self.contrasts, self.lobes) = (center, radii, edge, contrasts, lobes)
    }

    /// mm that it reaches from its centre, edge and all.
    public var reach: Double {
        max(radii.x, radii.y, radii.z) * (1 + lobes.reduce(0) { $0 + abs($1) }) + edge / 2
    }

    /// mm below the surface at an offset from the centre in mm; negative outside.
    func depth(_ offset: SIMD3<Double>) -> Double {
        let distance = offset.length
        guard distance > 0 else { return min(radii.x, radii.y, radii.z) }
        let n = offset / distance
        let shapes = [
            n.x * n.y, n.y * n.z, n.z * n.x, n.x * n.x - n.y * n.y, 5 * n.x * n.y * n.z, n.x * (5 * n.z * n.z - 1) / 4,
        ]
        let lobed = zip(lobes, shapes).reduce(1) { $0 + $1.0 * $1.1 }
        return lobed / (n / radii).length - distance
    }
}

extension Volume {
    /// Blends a lesion into all channels.
    ///
    /// - Parameter labels: gets `label` where the lesion is; `shape.voxelCount` labels.
    /// - Returns: the box around its voxels, exactly; it holds at least the voxel of its centre.
    /// - Throws: `TransformError` when a size is not above 0, the centre lies outside the image, or a contrast is more than
    ///   voxels can hold.
    public mutating func add(
        _ lesion: Lesion, label: UInt8, to labels: inout [UInt8]
    ) throws(TransformError) -> Box {
        let sizes = SIMD3(shape.width, shape.height, shape.depth)
        guard (0..<3).allSatisfy({ lesion.radii[$0] > 0 && (0..<sizes[$0]).contains(lesion.center[$0]) }),
            lesion.edge > 0, lesion.reach.isFinite, labels.count == shape.voxelCount
        else { throw TransformError(.invalidOption, "a lesion needs sizes above 0 and a centre within the image") }
        let contrasts = try byChannel(lesion.contrasts)
        for contrast in contrasts where !Float(contrast).isFinite {
            throw TransformError(.invalidOption, "a contrast of \(contrast) is more than 32-bit voxels can hold")
        }
        let spacing = geometry.isPhysical ? geometry.spacing : .one
        func range(_ axis: Int) -> Range<Int> {
            let reach = Int(min(lesion.reach / spacing[axis], Double(sizes[axis])).rounded(.up))
            return max(0, lesion.center[axis] - reach)..<min(sizes[axis], lesion.center[axis] + reach + 1)
        }
        let (columns, rows, slices, shape) = (range(0), range(1), range(2), shape)
        var box = Box(lower: SIMD3<Double>(lesion.center), upper: SIMD3<Double>(lesion.center &+ 1))
        changeVoxels { values in
            for z in slices {
                for y in rows {
                    for x in columns {
                        let index = SIMD3(x, y, z)
                        let depth = lesion.depth(SIMD3<Double>(index &- lesion.center) * spacing)
                        let t = min(max(depth / lesion.edge + 0.5, 0), 1)
                        guard t > 0 else { continue }
                        let (place, share) = ((z * shape.height + y) * shape.width + x, t * t * (3 - 2 * t))
                        for (channel, contrast) in contrasts.enumerated() {
                            values[channel * shape.voxelCount + place] += Float(share * contrast)
                        }
                        guard depth >= 0 else { continue }
                        labels[place] = label
                        box = box.union(Box(lower: SIMD3<Double>(index), upper: SIMD3<Double>(index &+ 1)))
                    }
                }
            }
        }
        return box
    }
}
