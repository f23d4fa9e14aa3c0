/// Boxes on which at least `minimum` readers agree.
///
/// Greedy: the first box that is left opens a group; of each other reader the box of the same class that overlaps it most
/// joins, if by at least `iou`. A group with enough readers gives one box, the mean of its edges. Boxes without a reader
/// stay as they are.
public func consensus(_ boxes: [LabelledBox], minimum: Int = 2, iou: Double = 0.4) -> [LabelledBox] {
    var left = boxes.filter { $0.reader != nil }
    var agreed = boxes.filter { $0.reader == nil }
    while !left.isEmpty {
        let first = left.removeFirst()
        var group = [first]
        for reader in Set(left.compactMap(\.reader)).subtracting([first.reader]).compactMap({ $0 }).sorted() {
            let candidates = left.indices.filter { left[$0].reader == reader && left[$0].label == first.label }
            guard let best = candidates.max(by: { first.overlap(left[$0]) < first.overlap(left[$1]) }),
                first.overlap(left[best]) >= iou
            else { continue }
            group.append(left.remove(at: best))
        }
        guard group.count >= minimum else { continue }
        func mean(_ edge: KeyPath<LabelledBox, Float>) -> Float {
            group.reduce(0) { $0 + $1[keyPath: edge] } / Float(group.count)
        }
        agreed.append(LabelledBox(x0: mean(\.x0), y0: mean(\.y0), x1: mean(\.x1), y1: mean(\.y1), label: first.label))
    }
    return agreed
}
