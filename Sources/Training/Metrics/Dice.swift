import Volumes

/// Dice's coefficient (1945) of two masks, 2 |A and B| / (|A| + |B|); nil when both are empty.
public func dice(_ a: [Bool], _ b: [Bool]) -> Double? {
    precondition(a.count == b.count, "masks must lie on one grid")
    let both = zip(a, b).count { $0 && $1 }
    let sum = a.count { $0 } + b.count { $0 }
    return sum == 0 ? nil : 2 * Double(both) / Double(sum)
}

/// A mask that is true in the pixels whose centres lie within a box, row by row.
public func mask(_ boxes: [LabelledBox], _ extent: PixelExtent) -> [Bool] {
    var mask = [Bool](repeating: false, count: extent.width * extent.height)
    func range(_ low: Float, _ high: Float, _ limit: Int) -> Range<Int> {
        let first = max(Int(clamping: (low - 0.5).rounded(.up)), 0)
        return first..<max(min(Int(clamping: (high - 0.5).rounded(.up)), limit), first)
    }
    for box in boxes {
        for y in range(box.y0, box.y1, extent.height) {
            for x in range(box.x0, box.x1, extent.width) { mask[y * extent.width + x] = true }
        }
    }
    return mask
}
