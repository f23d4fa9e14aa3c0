/// Connected cells of a map above a threshold (8 neighbours), each with its bounds and its highest value.
struct Component {
    /// Cells, not pixels.
    var bounds: PixelRectangle
    var peak: Float
    var cells: Int
    /// Bounds of the cells in each strip of `stripHeight` rows that the component reaches.
    var strips: [PixelRectangle] = []

    /// What to cover: the bounds when the cells fill most of them, as a word does, else each strip by itself. A path along a
    /// skull's edge, or lines of text of different lengths, do not take all that lies between with them.
    func pieces(filled: Float) -> [PixelRectangle] {
        Float(cells) >= filled * Float(bounds.width * bounds.height) ? [bounds] : strips
    }

    static let stripHeight = 4
}

extension Component {
    /// Finds the components of `map` `[height, width]` in one pass over runs of cells.
    static func all(in map: [Float], height: Int, width: Int, above threshold: Float) -> [Component] {
        var parents: [Int] = []
        var components: [Component] = []
        func root(_ index: Int) -> Int {
            var index = index
            while parents[index] != index {
                parents[index] = parents[parents[index]]
                index = parents[index]
            }
            return index
        }
        func join(_ a: Int, _ b: Int) {
            let (a, b) = (root(a), root(b))
            guard a != b else { return }
            let (kept, lost) = (min(a, b), max(a, b))
            parents[lost] = kept
            components[kept].bounds = components[kept].bounds.union(components[lost].bounds)
            components[kept].peak = max(components[kept].peak, components[lost].peak)
            components[kept].cells += components[lost].cells
        }
        var above: [(start: Int, end: Int, label: Int)] = []
        var runs: [(bounds: PixelRectangle, label: Int)] = []
        map.withUnsafeBufferPointer { map in
            for y in 0..<height {
                var current: [(start: Int, end: Int, label: Int)] = []
                var first = 0
                var x = 0
                let row = y * width
                while x < width {
                    guard map[row + x] > threshold else {
                        x += 1
                        continue
                    }
                    let start = x
                    var peak = map[row + x]
                    while x < width, map[row + x] > threshold {
                        peak = max(peak, map[row + x])
                        x += 1
                    }
                    let label = parents.count
                    parents.append(label)
                    let bounds = PixelRectangle(x: start, y: y, width: x - start, height: 1)
                    components.append(Component(bounds: bounds, peak: peak, cells: x - start))
                    runs.append((bounds, label))
                    while first < above.count, above[first].end < start { first += 1 }
                    var other = first
                    while other < above.count, above[other].start <= x {
                        join(above[other].label, label)
                        other += 1
                    }
                    current.append((start, x, label))
                }
                above = current
            }
        }
        // Runs come from top to bottom: a strip that is not the component's last one is complete.
        for run in runs {
            let label = root(run.label)
            if let last = components[label].strips.last, last.y / stripHeight == run.bounds.y / stripHeight {
                components[label].strips[components[label].strips.count - 1] = last.union(run.bounds)
            } else {
                components[label].strips.append(run.bounds)
            }
        }
        return parents.indices.filter { parents[$0] == $0 }.map { components[$0] }
    }
}
