import Volumes

/// One named array of a file: the image, a mask, the boxes.
struct TensorArray: Sendable {
    let name: String
    /// Slowest axis first.
    let shape: [Int]
    let bytes: TensorBytes

    init(name: String, shape: [Int], bytes: TensorBytes) { (self.name, self.shape, self.bytes) = (name, shape, bytes) }

    /// `[channels, depth, height, width]`
    static func image(_ volume: Volume, as type: ElementType) throws(ItemError) -> TensorArray {
        let shape = volume.shape
        return TensorArray(
            name: "image", shape: [shape.channels, shape.depth, shape.height, shape.width],
            bytes: try TensorBytes(volume.storage, as: type))
    }

    /// `[depth, height, width]`, uint8.
    static func mask(_ mask: Mask, named name: String) -> TensorArray {
        TensorArray(
            name: name, shape: [mask.shape.depth, mask.shape.height, mask.shape.width],
            bytes: TensorBytes(labels: mask.labels))
    }

    /// `[boxes, 6]`, Float32: x0, y0, z0, x1, y1, z1 in voxel edges.
    static func boxes(_ boxes: [LabeledBox]) throws(ItemError) -> TensorArray {
        let values = boxes.flatMap { box in
            [
                box.box.lower.x, box.box.lower.y, box.box.lower.z, box.box.upper.x, box.box.upper.y, box.box.upper.z,
            ].map { Float($0) }
        }
        return TensorArray(
            name: "boxes", shape: [boxes.count, 6], bytes: try TensorBytes(.floats(values), as: .float32))
    }
}

extension Item {
    /// The image in this type, each mask as `mask_NAME` in the order of names, and the boxes where there are any.
    func arrays(as type: ElementType) throws(ItemError) -> [TensorArray] {
        var result = [try TensorArray.image(volume, as: type)]
        for name in masks.keys.sorted() { result.append(.mask(masks[name]!, named: "mask_\(name)")) }
        if !boxes.isEmpty { result.append(try .boxes(boxes)) }
        return result
    }
}
