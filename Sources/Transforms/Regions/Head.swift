import Volumes

extension Volume {
    /// The uppermost 230 mm of the body: from the vertex to below the chin of an adult.
    ///
    /// Whether it is a head is judged by its size only: its largest slice should have 80 to 420 cm2, and the image should
    /// not be cut below the vertex, so that the topmost slice has less than nine tenths of that. Shoulders, a knee or a
    /// small child's chest may pass; `doubt` tells what does not.
    func head() throws(TransformError) -> FoundRegion {
        guard geometry.isPhysical, shape.depth > 1 else {
            throw TransformError(
                .missingInformation, "a head is found by its size in mm, in a volume of several slices")
        }
        let body = try region(.body)
        // The axis that runs along the patient, and the direction in which it rises.
        let rise = geometry.steps.map { $0.z / $0.length }
        let axis = Axis.allCases.max { abs(rise[$0.index]) < abs(rise[$1.index]) } ?? .z
        let (areas, thickness) = body.mask.areas(across: axis)
        let order = rise[axis.index] > 0 ? Array(areas.indices.reversed()) : Array(areas.indices)
        guard let top = order.firstIndex(where: { areas[$0] >= 5 }), thickness > 0 else {
            return FoundRegion(mask: body.mask, doubt: body.doubt ?? "no head found: no slice shows 5 cm2 of tissue")
        }
        let count = min(max(Int(clamping: (230 / thickness).rounded(.up)), 1), order.count - top)
        let slices = Set(order[top..<top + count])
        let largest = slices.map { areas[$0] }.max() ?? 0
        let head = body.mask.keeping(slices, along: axis)
        var doubt = body.doubt
        if !(80...420).contains(largest) {
            doubt = "no head found: the largest slice has \(Int(clamping: largest.rounded())) cm2, a head 80 to 420"
        } else if top == 0, areas[order[0]] > 0.9 * largest {
            doubt = "no vertex found: the topmost slice is as large as a head's largest"
        }
        return FoundRegion(mask: head, doubt: doubt)
    }
}

extension Mask {
    /// Area in cm2 of each slice across an axis of the grid, and the distance in mm between slices' planes.
    fileprivate func areas(across axis: Axis) -> (areas: [Double], thickness: Double) {
        let sizes = [shape.width, shape.height, shape.depth]
        var counts = [Int](repeating: 0, count: sizes[axis.index])
        labels.withUnsafeBufferPointer { labels in
            for row in 0..<shape.depth * shape.height {
                let values = labels[row * shape.width..<(row + 1) * shape.width]
                if axis == .x {
                    for (x, label) in values.enumerated() where label != 0 { counts[x] += 1 }
                } else {
                    counts[axis == .y ? row % shape.height : row / shape.height] += values.count { $0 != 0 }
                }
            }
        }
        let others = Axis.allCases.filter { $0 != axis }.map { geometry.steps[$0.index] }
        let pixel = others[0].cross(others[1])
        return (
            counts.map { Double($0) * pixel.length / 100 },
            abs(geometry.steps[axis.index].dot(pixel)) / pixel.length
        )
    }

    /// Background outside some slices across an axis.
    fileprivate func keeping(_ slices: Set<Int>, along axis: Axis) -> Mask {
        var kept = labels
        for row in 0..<shape.depth * shape.height {
            let place = axis == .y ? row % shape.height : row / shape.height
            for x in 0..<shape.width where !slices.contains(axis == .x ? x : place) { kept[row * shape.width + x] = 0 }
        }
        return Mask(labels: kept, shape: shape, geometry: geometry)
    }
}
