import Transforms
import Volumes

/// Where a lesion may lie: its centre within a mask or, without one, where the image is brighter than its mean (its first
/// channel than that one's, in a stack of sequences); the whole of it within the image where there is room; and apart from
/// others.
struct LesionPlaces {
    private let volume: Volume
    private let mask: Mask?
    private let least: Float
    /// Lesions that were there before.
    private let taken: [UInt8]?
    /// Draws before giving up.
    private static let patience = 500

    /// - Throws: `TransformError` when there is no mask of the name, or a voxel is NaN or infinite.
    init(_ item: Item, within name: String) throws(TransformError) {
        volume = item.volume
        mask = item.masks[name]
        guard name.isEmpty || mask != nil else {
            throw TransformError(
                .missingInformation, "there is no mask '\(name)' to put lesions in; put the stage that makes it before")
        }
        least = try item.volume.measured { volume throws(TransformError) in Float(try volume.mean()) }[0]
        taken = item.masks["lesions"]?.labels
    }

    /// A voxel for the centre; nil where none was found.
    func draw(_ lesion: Lesion, apartFrom others: [Box], _ random: inout Philox) -> SIMD3<Int>? {
        let shape = volume.shape
        let spacing = volume.geometry.isPhysical ? volume.geometry.spacing : .one
        let sizes = SIMD3(shape.width, shape.height, shape.depth)
        let reach = (0..<3).map { Int(min(lesion.reach / spacing[$0], Double(sizes[$0])).rounded(.up)) }
        for _ in 0..<Self.patience {
            var center = SIMD3<Int>.zero
            for axis in 0..<3 {
                let margin = min(reach[axis], (sizes[axis] - 1) / 2)
                center[axis] = margin + random.index(below: sizes[axis] - 2 * margin)
            }
            let place = (center.z * shape.height + center.y) * shape.width + center.x
            guard mask.map({ $0.labels[place] != 0 }) ?? (value(place) > least) else { continue }
            let size = SIMD3(Double(reach[0]), Double(reach[1]), Double(reach[2]))
            let around = Box(lower: SIMD3<Double>(center) - size, upper: SIMD3<Double>(center) + size + 1)
            if others.allSatisfy({ $0.overlap(around) == 0 }), isFree(around) { return center }
        }
        return nil
    }

    /// Whether a box holds nothing of the lesions that were there before: their labels, and the boxes around these, stay true.
    private func isFree(_ box: Box) -> Bool {
        guard let taken else { return true }
        let within = box.clipped(to: volume.shape)
        func range(_ axis: Int) -> Range<Int> { Int(within.lower[axis])..<Int(within.upper[axis]) }
        return range(2).allSatisfy { z in
            range(1).allSatisfy { y in
                let row = (z * volume.shape.height + y) * volume.shape.width
                return taken[row + range(0).lowerBound..<row + range(0).upperBound].allSatisfy { $0 == 0 }
            }
        }
    }

    private func value(_ place: Int) -> Float {
        var value: Float = 0
        volume.storage.copy(place..<place + 1, to: &value)
        return value
    }
}
