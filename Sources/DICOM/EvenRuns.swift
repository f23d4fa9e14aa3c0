import Volumes

/// Runs of evenly spaced slices, for `onIrregular: split`.
enum EvenRuns {
    /// Indices into ascending depths. The longest runs take their slices first; a slice between two runs belongs to
    /// the longer, or to the lower one. What is left over stands alone.
    static func runs(_ depths: [Double]) -> [Range<Int>] {
        guard depths.count > 2 else { return [0..<depths.count] }
        let gaps = zip(depths.dropFirst(), depths).map { $0 - $1 }
        var candidates: [Range<Int>] = []
        var start = 0
        for index in 1...gaps.count {
            // Half the tolerance of a stack, which compares with the median instead of the first gap.
            let isEven = index < gaps.count && abs(gaps[index] - gaps[start]) <= SliceStack.tolerance(gaps[start]) / 2
            if !isEven {
                candidates.append(start..<index + 1)
                start = index
            }
        }
        var isTaken = [Bool](repeating: false, count: depths.count)
        var result: [Range<Int>] = []
        // Sorting is not stable, so that places decide among equals.
        for run in candidates.sorted(by: { (-$0.count, $0.lowerBound) < (-$1.count, $1.lowerBound) }) {
            let free = run.filter { !isTaken[$0] }
            // Only ends can be taken: neighbouring candidates share one slice.
            guard free.count > 1, let first = free.first, let last = free.last else { continue }
            for index in free { isTaken[index] = true }
            result.append(first..<last + 1)
        }
        result += depths.indices.filter { !isTaken[$0] }.map { $0..<$0 + 1 }
        return result.sorted { $0.lowerBound < $1.lowerBound }
    }
}

extension PartSplitting.Volume {
    /// This volume, or with `onIrregular: split` its evenly spaced runs.
    func runs(_ options: SeriesOptions) -> [PartSplitting.Volume] {
        let normal = parts[0][0].orientation.normal
        let length = normal.length
        guard options.onIrregular == .split, length > 0 else { return [self] }
        let sorted = parts.map { part in part.sorted { $0.position.dot(normal) < $1.position.dot(normal) } }
        let depths = sorted[0].map { $0.position.dot(normal) / length }
        // Slices at one place are another mistake, which reading names.
        guard zip(depths.dropFirst(), depths).allSatisfy({ $0 - $1 >= SliceStack.samePlace }) else { return [self] }
        let runs = EvenRuns.runs(depths)
        guard runs.count > 1 else { return [self] }
        return runs.enumerated().map { number, range in
            var notes = notes
            let size = range.count == 1 ? "a slice that stands alone" : "\(range.count) evenly spaced slices"
            notes.append(
                ReadWarning(.splitSeries, "volume \(number + 1) of \(runs.count) of an irregular series: \(size)"))
            return PartSplitting.Volume(
                parts: sorted.map { Array($0[range]) }, axis: axis, notes: notes,
                copies: copies.filter { copy in sorted[0][range].contains { $0.file == copy.original.file } })
        }
    }
}
