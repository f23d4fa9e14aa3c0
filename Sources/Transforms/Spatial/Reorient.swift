public import Volumes

/// Where the axes of a grid run in the patient: three letters for x, y and z, each the side towards which indices grow.
/// `LPS` has axial slices as DICOM viewers show them, `RAS` is how many NIfTI files lie.
public struct AxisCode: Sendable, Hashable {
    /// For x, y, z: the LPS axis, and whether it is run backwards.
    let axes: [(patient: Int, isReversed: Bool)]
    private let letters: String

    public static let lps = AxisCode("LPS")!
    /// Slices as viewers show them: x to posterior, y to inferior; and x to the left, y to inferior. Right-handed as LPS is.
    static let sagittal = AxisCode("PIR")!
    static let coronal = AxisCode("LIP")!

    /// - Returns: nil unless each patient axis is named once.
    public init?(_ letters: String) {
        let named = letters.compactMap { letter -> (patient: Int, isReversed: Bool)? in
            switch letter {
            case "L": (0, false)
            case "R": (0, true)
            case "P": (1, false)
            case "A": (1, true)
            case "S": (2, false)
            case "I": (2, true)
            default: nil
            }
        }
        guard letters.count == 3, Set(named.map(\.patient)).count == 3 else { return nil }
        (axes, self.letters) = (named, letters)
    }

    public static func == (a: AxisCode, b: AxisCode) -> Bool { a.letters == b.letters }
    public func hash(into hasher: inout Hasher) { hasher.combine(letters) }
}

extension Volume {
    /// Axes permuted and flipped so that x runs most nearly to the patient's left, y to posterior and z to superior:
    /// slices become axial and lie as a radiologist expects them, whatever the file's own order was.
    public func reorientedToLPS() -> Volume { reoriented(to: .lps) }

    /// Axes permuted and flipped so that they run most nearly as a code says.
    ///
    /// No voxel value is changed or interpolated; a tilt that remains stays in the geometry. An image without
    /// physical geometry is returned as it is.
    public func reoriented(to code: AxisCode) -> Volume {
        guard geometry.isPhysical else { return self }
        let order = code.axes.map { axis in
            let own = axisOrder[axis.patient]
            return (source: own.source, isReversed: own.isReversed != axis.isReversed)
        }
        guard order.map(\.source) != [0, 1, 2] || order.contains(where: \.isReversed) else { return self }
        let sizes = [shape.width, shape.height, shape.depth]
        let strides = [1, shape.width, shape.sliceCount]
        var steps: [Int] = []
        var start = 0
        var oriented = geometry
        for (target, axis) in order.enumerated() {
            steps.append(axis.isReversed ? -strides[axis.source] : strides[axis.source])
            if axis.isReversed {
                start += strides[axis.source] * (sizes[axis.source] - 1)
                oriented.origin += geometry.steps[axis.source] * Double(sizes[axis.source] - 1)
            }
            oriented.steps[target] = axis.isReversed ? -geometry.steps[axis.source] : geometry.steps[axis.source]
        }
        let target = Shape(
            channels: shape.channels, depth: sizes[order[2].source], height: sizes[order[1].source],
            width: sizes[order[0].source])
        let rearranged = storage.rearranged(rows: target.count / target.width, length: target.width) { row in
            let (plane, y) = row.quotientAndRemainder(dividingBy: target.height)
            let (channel, z) = plane.quotientAndRemainder(dividingBy: target.depth)
            return (channel * shape.voxelCount + start + z * steps[2] + y * steps[1], steps[0])
        }
        var volume = with(storage: rearranged, shape: target, geometry: oriented)
        if order[2].source != 2 {
            // Slices now cross the acquired ones: no instance stands behind a slice any more.
            volume.attributes.sliceSources = []
        } else if order[2].isReversed {
            volume.attributes.reverseSlices(shape.depth)
        }
        return volume
    }

    /// Slices stay as they were acquired and are turned as a radiologist views them, where they stand alone or are at least
    /// twice as thick as their pixels: cut across, they would be strips. Others become axial.
    public func reorientedAsAcquired() -> Volume {
        let sizes = [shape.width, shape.height, shape.depth]
        let spacing = [geometry.spacing.x, geometry.spacing.y, geometry.spacing.z]
        let stack = [2, 1, 0].first { axis in
            sizes[axis] == 1 || spacing.indices.allSatisfy { $0 == axis || spacing[axis] >= 2 * spacing[$0] }
        }
        let codes = [AxisCode.sagittal, .coronal, .lps]
        return reoriented(to: axisOrder.firstIndex { $0.source == stack }.map { codes[$0] } ?? .lps)
    }

    /// For each patient axis the grid axis that runs most nearly along it, each used once.
    private var axisOrder: [(source: Int, isReversed: Bool)] {
        let direction = geometry.direction
        let permutations = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
        func agreement(_ order: [Int]) -> Double {
            order.enumerated().reduce(0) { $0 + abs(direction[$1.element][$1.offset]) }
        }
        let best = permutations.max { agreement($0) < agreement($1) } ?? [0, 1, 2]
        return best.enumerated().map { ($0.element, direction[$0.element][$0.offset] < 0) }
    }
}
