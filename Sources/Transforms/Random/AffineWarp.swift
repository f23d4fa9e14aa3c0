import CKernels
public import Parallel
public import Volumes

/// Rotation, scaling and shift of what an image shows, about the centre of its grid, in one matrix and one interpolation.
///
/// In millimetres along the grid's axes (voxels for images without physical spacing) a point `p` from the centre goes to
/// `R S p + t`, with `R = Rz Ry Rx`. The grid stays, the content moves; and the geometry follows the content: afterwards it
/// still says where in the patient each voxel lies, which is how masks, boxes and findings keep their place.
public struct AffineWarp: Sendable, Hashable {
    /// About the x, y and z axis, each by the right-hand rule of the grid: positive about z turns x towards y.
    public var degrees: SIMD3<Double> = .zero
    /// Along x, y and z; above 1 enlarges.
    public var scale: SIMD3<Double> = .one
    /// mm along x, y and z.
    public var translation: SIMD3<Double> = .zero

    public init(
        degrees: SIMD3<Double> = .zero, scale: SIMD3<Double> = .one, translation: SIMD3<Double> = .zero
    ) {
        (self.degrees, self.scale, self.translation) = (degrees, scale, translation)
    }

    public var isIdentity: Bool { degrees == .zero && scale == .one && translation == .zero }

    /// Columns of R. Sine and cosine from plain arithmetic: the same bits everywhere.
    private var rotation: [SIMD3<Double>] {
        var columns: [SIMD3<Double>] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        for axis in 0..<3 where degrees[axis] != 0 {
            let (from, to) = ((axis + 1) % 3, (axis + 2) % 3)
            var (sine, cosine) = (0.0, 0.0)
            hk_sine_cosine(degrees[axis] / 360, &sine, &cosine)
            for index in columns.indices {
                let (a, b) = (columns[index][from], columns[index][to])
                columns[index][from] = cosine * a - sine * b
                columns[index][to] = sine * a + cosine * b
            }
        }
        return columns
    }

    /// Where an output voxel comes from: `columns * (x, y, z) + offset`, indices of voxel centres.
    ///
    /// `x_in = c + D^-1 S^-1 R^T (D (x_out - c) - t)` with the centre c and the spacing D.
    func source(_ shape: Shape, _ spacing: SIMD3<Double>) -> (columns: [SIMD3<Double>], offset: SIMD3<Double>) {
        let center = SIMD3(Double(shape.width - 1), Double(shape.height - 1), Double(shape.depth - 1)) * 0.5
        let rotation = rotation
        func back(_ point: SIMD3<Double>) -> SIMD3<Double> {
            let turned = SIMD3(point.dot(rotation[0]), point.dot(rotation[1]), point.dot(rotation[2]))
            return turned / scale / spacing
        }
        let columns = (0..<3).map { axis in
            var unit = SIMD3<Double>.zero
            unit[axis] = spacing[axis]
            return back(unit)
        }
        let offset = center - (columns[0] * center.x + columns[1] * center.y + columns[2] * center.z)
        return (columns, offset - back(translation))
    }
}

extension Volume {
    /// The image with its content moved; shape and grid stay, the geometry follows.
    ///
    /// Between voxel centres values are interpolated linearly, up to the outer faces of the image the edge voxel stands in,
    /// beyond them `fills`. Labels take `.nearest`.
    ///
    /// - Parameter fills: one for all channels, or of each channel its own.
    /// - Throws: `TransformError` when a voxel is NaN or infinite, a scale is not above 0, or an image of one slice would be
    ///   turned or moved out of its plane.
    public func warped(
        by warp: AffineWarp, interpolation: Interpolation = .linear, fills: [Float] = [0], workers: Workers = .single
    ) throws(TransformError) -> Volume {
        guard
            (0..<3).allSatisfy({
                warp.scale[$0] > 0 && warp.scale[$0].isFinite && warp.degrees[$0].isFinite
                    && warp.translation[$0].isFinite
            })
        else { throw TransformError(.invalidOption, "a scale is not above 0, or an angle or shift is not finite") }
        guard shape.depth > 1 || (warp.degrees.x == 0 && warp.degrees.y == 0 && warp.translation.z == 0) else {
            throw TransformError(.invalidOption, "an image of one slice turns about z and moves along x and y only")
        }
        let fills = try byChannel(fills)
        try requireFinite()
        var warp = warp
        if shape.depth == 1 { warp.scale.z = 1 }
        let spacing = geometry.isPhysical ? geometry.spacing : .one
        let (columns, offset) = warp.source(shape, spacing)
        let (width, isNearest) = (shape.width, interpolation == .nearest)
        let result = warpedRows(workers) { row in
            let start = offset + columns[1] * Double(row.y) + columns[2] * Double(row.z)
            hk_warp_affine(
                row.input, &row.grid, row.output, width, [start.x, start.y, start.z],
                [columns[0].x, columns[0].y, columns[0].z], fills[row.channel], isNearest ? 1 : 0)
        }
        var moved = geometry
        moved.origin = geometry.position(ofIndex: offset)
        moved.steps = columns.map { geometry.steps[0] * $0.x + geometry.steps[1] * $0.y + geometry.steps[2] * $0.z }
        var warped = with(voxels: result, shape: shape, geometry: moved)
        warped.attributes.moveSources(columns.map(\.z), offset.z, depth: shape.depth)
        return warped
    }
}

extension Attributes {
    /// The nearest slice behind each one, as long as slices stay parallel; none where they were tilted.
    ///
    /// - Parameters:
    ///   - steps: slices that the place where a voxel comes from moves by along x, y and z.
    ///   - first: where the first voxel comes from, in slices.
    fileprivate mutating func moveSources(_ steps: [Double], _ first: Double, depth: Int) {
        guard steps[0] == 0, steps[1] == 0 else {
            sliceSources = []
            return
        }
        let slices = (0..<depth).map { slice -> Int? in
            let place = (steps[2] * Double(slice) + first).rounded()
            return (0..<Double(depth)).contains(place) ? Int(place) : nil
        }
        takeSources(ofSlices: slices, from: depth)
    }
}
