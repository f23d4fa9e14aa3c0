import CKernels
public import Volumes

/// Which voxels are neighbours.
public enum Connectivity: Int, Sendable, CaseIterable {
    /// Those that share a face: 6 in a volume, 4 in a slice.
    case faces = 6
    /// Those that share a face, an edge or a corner: 26 in a volume, 8 in a slice.
    case corners = 26
}

/// The connected parts of a set of voxels, numbered from 1 in the order in which they begin (x fastest), as SciPy's `label`
/// and cc3d number them.
///
/// Held as runs along rows: linear in the voxels to find them, then in the runs, with union-find over runs of neighbouring
/// rows (He, Chao, Suzuki, "A run-based two-scan labeling algorithm", IEEE TIP 17, 2008).
public struct Components: Sendable {
    public let shape: Shape
    private let geometry: Geometry
    private let rowFirst: [UInt32]
    private let runs: [UInt32]
    private let labels: [UInt32]
    /// Voxels of each part; the first, for what is in no part, is 0.
    public let sizes: [Int]

    /// How many parts there are.
    public var count: Int { sizes.count - 1 }

    /// - Parameters:
    ///   - ofBackground: takes the voxels where the mask is 0 instead of those where it is not.
    ///   - inSlices: each slice by itself.
    public init(
        _ mask: Mask, _ connectivity: Connectivity = .faces, ofBackground: Bool = false, inSlices: Bool = false
    ) {
        (shape, geometry) = (mask.shape, mask.geometry)
        let (rows, width, inverted) = (shape.depth * shape.height, shape.width, Int32(ofBackground ? 1 : 0))
        let number = hk_count_runs(mask.labels, rows, width, inverted)
        var first = [UInt32](repeating: 0, count: rows + 1)
        // One more, so that there is memory where there is no run.
        runs = [UInt32](unsafeUninitializedCapacity: 2 * number + 2) { buffer, count in
            hk_find_runs(mask.labels, rows, width, inverted, &first, buffer.baseAddress)
            count = 2 * number
        }
        var parts = 0
        let (found, size) = (runs, [shape.width, shape.height, shape.depth])
        labels = [UInt32](unsafeUninitializedCapacity: number + 1) { buffer, count in
            parts = hk_label_runs(
                first, found, size, connectivity == .corners ? 1 : 0, inSlices ? 0 : 1, buffer.baseAddress)
            count = number
        }
        var sizes = [Int](repeating: 0, count: parts + 1)
        hk_run_sizes(runs, number, labels, &sizes)
        (rowFirst, self.sizes) = (first, sizes)
    }

    /// The number of each voxel's part, 0 outside: `[depth, height, width]`.
    public var image: [UInt32] {
        [UInt32](unsafeUninitializedCapacity: shape.voxelCount) { buffer, count in
            adviseHugePages(buffer.baseAddress!, byteCount: shape.voxelCount * 4)
            hk_paint_runs(rowFirst, runs, shape.depth * shape.height, shape.width, labels, buffer.baseAddress)
            count = shape.voxelCount
        }
    }

    /// The part with the most voxels, the first of several; nil when there is none.
    public var largest: Int? { sizes.indices.dropFirst().max { (sizes[$0], $1) < (sizes[$1], $0) } }

    /// Whether each part (by its number) has a voxel at the border along one of these axes.
    public func touchesBorder(along axes: [Axis]) -> [Bool] {
        let along = Axis.allCases.map { UInt8(axes.contains($0) ? 1 : 0) }
        var flags = [UInt8](repeating: 0, count: sizes.count)
        hk_runs_at_border(rowFirst, runs, [shape.width, shape.height, shape.depth], along, labels, &flags)
        return flags.map { $0 != 0 }
    }

    /// Mean of an image over each part; the first is NaN.
    /// - Precondition: as many values as voxels.
    public func means(of values: [Float]) -> [Double] {
        precondition(values.count == shape.voxelCount, "values of another grid")
        var sums = [Double](repeating: 0, count: sizes.count)
        hk_run_sums(rowFirst, runs, shape.depth * shape.height, shape.width, labels, values, &sums)
        return zip(sums, sizes).map { $0 / Double($1) }
    }

    /// How many voxels of each part lie in a mask.
    /// - Precondition: the mask has as many voxels.
    public func overlaps(with mask: Mask) -> [Int] {
        precondition(mask.shape == shape, "a mask of another grid")
        var overlaps = [Int](repeating: 0, count: sizes.count)
        hk_run_overlaps(rowFirst, runs, shape.depth * shape.height, shape.width, labels, mask.labels, &overlaps)
        return overlaps
    }

    /// 1 where a voxel's part is chosen, 0 elsewhere.
    public func mask(keeping isKept: (Int) -> Bool) -> Mask {
        marked(onto: [UInt8](repeating: 0, count: shape.voxelCount), isKept)
    }

    /// A copy of bytes with 1 at the parts that are chosen.
    func marked(onto bytes: [UInt8], _ isKept: (Int) -> Bool) -> Mask {
        let flags = sizes.indices.map { UInt8($0 > 0 && isKept($0) ? 1 : 0) }
        var bytes = bytes
        hk_mark_runs(rowFirst, runs, shape.depth * shape.height, shape.width, labels, flags, &bytes)
        return Mask(labels: bytes, shape: shape, geometry: geometry)
    }
}
