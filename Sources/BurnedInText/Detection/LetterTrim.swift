/// Gives back the rim of a found rectangle: rows and columns that lie beyond its letters.
///
/// The network's cells are coarse and its regions are wide by 3 to 4 pixels on each side, which is most of what a
/// rectangle takes besides letters. From each side inwards, a line of pixels is rim as long as nothing begins in it: no
/// difference between neighbours along the line, nor to the next line outwards, is greater than what the surroundings
/// show. A side keeps its place when it lies at the frame's edge, where letters may be cut and nothing outside is there
/// to compare with.
struct LetterTrim {
    let plane: GrayPlane
    /// The network's opinion of the same plane.
    let cells: CellMap

    /// Lines outside of a side that stand for its surroundings.
    private static let surroundings = 8
    /// How much greater than the greatest difference outside one may be and still count as the same.
    private static let tolerance: Float = 1.5
    /// Parts of the letters' own differences: below the first nothing is seen; up to the second the surroundings are
    /// called quiet; above the third it may be a letter, unless the network rules that out; as great as their own it is one.
    private static let invisible: Float = 0.005
    private static let quiet: Float = 0.02
    private static let faint: Float = 0.25
    /// Lines without a cell above this probability hold no letter for the network.
    private static let doubt = logit(0.25)
    /// Lines that a side gives back at most, in pixels and as a part of them all.
    private static let reach = 8
    private static let part: Float = 0.34
    /// Lines kept beyond the first one in which something begins: soft edges, and elsewhere than on quiet ground the
    /// outlines and shadows that are lost in what lies there.
    private static let margin = (quiet: 1, other: 2)

    /// - Parameter rectangle: pixels of the plane, within it.
    /// - Returns: a part of the rectangle, never an empty one.
    func trimmed(_ rectangle: PixelRectangle) -> PixelRectangle {
        guard rectangle.width >= 3, rectangle.height >= 3 else { return rectangle }
        return plane.values.withUnsafeBufferPointer { values in
            let rows = Lines(
                values: values, range: rectangle.y..<rectangle.bottom, along: rectangle.x..<rectangle.right,
                end: plane.height, step: plane.width, stepAlong: 1)
            let columns = Lines(
                values: values, range: rectangle.x..<rectangle.right, along: rectangle.y..<rectangle.bottom,
                end: plane.width, step: 1, stepAlong: plane.width)
            let y = kept(rows) { cells.row($0, columns: rows.along) }
            let x = kept(columns) { cells.column($0, rows: columns.along) }
            return PixelRectangle(x: x.lowerBound, y: y.lowerBound, width: x.count, height: y.count)
        }
    }

    /// The lines of a rectangle that stay, in one direction. `opinion`: the greatest logit on a line.
    private func kept(_ lines: Lines, opinion: (Int) -> Float) -> Range<Int> {
        let range = lines.range
        let differences = range.map { lines.along($0) }
        // What letters differ by: the middle lines are theirs, and the median passes over a bone's edge in a few of them.
        let middle = differences[range.count / 4..<max(range.count / 4 + 1, range.count - range.count / 4)].sorted()
        let letters = (middle[(middle.count - 1) / 2] + middle[middle.count / 2]) / 2
        guard letters > 0 else { return range }

        /// - Parameters:
        ///   - outside: lines beside the side, not in the rectangle.
        ///   - at: the lines from the side inwards.
        ///   - outwards: from a line to the next one outwards.
        func givenBack(outside: Range<Int>, outwards: Int, at: (Int) -> Int) -> Int {
            guard outside.count >= 2 else { return 0 }
            var surroundings: Float = 0
            for line in outside {
                surroundings = max(surroundings, lines.along(line))
                if line > outside.lowerBound { surroundings = max(surroundings, lines.between(line - 1, line)) }
            }
            let same = max(Self.tolerance * surroundings, Self.invisible * letters)
            let margin = same <= Self.quiet * letters ? Self.margin.quiet : Self.margin.other
            let most = min(Self.reach, Int(Self.part * Float(range.count)))
            var count = 0
            while count < most + margin {
                let line = at(count)
                let difference = max(differences[line - range.lowerBound], lines.between(line, line + outwards))
                guard difference <= min(same, letters), difference <= Self.faint * letters || opinion(line) < Self.doubt
                else {
                    break
                }
                count += 1
            }
            return max(0, count - margin)
        }
        let before = givenBack(
            outside: max(0, range.lowerBound - Self.surroundings)..<range.lowerBound, outwards: -1
        ) { range.lowerBound + $0 }
        let after = givenBack(
            outside: range.upperBound..<min(lines.end, range.upperBound + Self.surroundings), outwards: 1
        ) { range.upperBound - 1 - $0 }
        return range.lowerBound + before..<range.upperBound - after
    }
}

/// Rows of a rectangle with its columns, or columns with its rows: places in a plane and how much neighbours differ.
private struct Lines {
    let values: UnsafeBufferPointer<Float>
    /// The rectangle's lines, and the pixels of each.
    let range, along: Range<Int>
    /// Lines of the whole plane.
    let end: Int
    /// From one line to the next, and from one pixel of a line to the next.
    let step, stepAlong: Int

    /// The greatest difference between neighbours on a line.
    func along(_ line: Int) -> Float {
        greatest(from: line * step, to: line * step + stepAlong, along.dropLast())
    }

    /// The greatest difference between pixels that lie beside each other on two lines.
    func between(_ line: Int, _ other: Int) -> Float { greatest(from: line * step, to: other * step, along) }

    private func greatest(from: Int, to: Int, _ places: Range<Int>) -> Float {
        var greatest: Float = 0
        for place in places {
            let (a, b) = (values[from + place * stepAlong], values[to + place * stepAlong])
            greatest = max(greatest, abs((a.isFinite ? a : 0) - (b.isFinite ? b : 0)))
        }
        return greatest
    }
}
