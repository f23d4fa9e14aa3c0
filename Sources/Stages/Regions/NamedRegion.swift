import Transforms
import Volumes

extension Item {
    /// A mask of this item by its name; `body`, `head` and `lungs` are found in the image where the item has none so named,
    /// and what speaks against them becomes a warning.
    ///
    /// - Throws: `TransformError` when there is no such mask.
    mutating func region(named name: String) throws(TransformError) -> Mask {
        if let mask = masks[name] { return mask }
        guard let part = BodyPart(rawValue: name) else {
            let names = (masks.keys.sorted() + BodyPart.allCases.map(\.rawValue)).joined(separator: ", ")
            throw TransformError(.missingInformation, "there is no mask '\(name)'; there are \(names)")
        }
        return try find(part)
    }

    /// Finds a part of the body; what speaks against it becomes a warning.
    mutating func find(_ part: BodyPart) throws(TransformError) -> Mask {
        let found = try volume.region(part)
        if let doubt = found.doubt { warn("body-part", doubt) }
        return found.mask
    }
}
