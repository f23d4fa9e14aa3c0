internal import CKernels

/// How a volume holds its voxels, in the order of `Shape`.
public enum Voxels: Sendable {
    case floats([Float])
    /// 16-bit words as a scanner stored them, and the value of each of the 65,536 words. Half the memory of floats,
    /// and whatever is done to each value by itself is done to the table alone.
    case words([UInt16], WordValues)
    /// Not made yet.
    case deferred(DeferredVoxels)

    public var count: Int {
        switch self {
        case .floats(let values): values.count
        case .words(let words, _): words.count
        case .deferred(let voxels): voxels.count
        }
    }

    /// Every voxel's value. For words and deferred voxels this makes a new array.
    public var floats: [Float] {
        switch self {
        case .floats(let values): values
        case .words(let words, _):
            [Float](unsafeUninitializedCapacity: words.count) { buffer, count in
                if let base = buffer.baseAddress { copy(0..<words.count, to: base) }
                count = words.count
            }
        case .deferred(let voxels): voxels.made.floats
        }
    }

    /// One voxel's value; deferred ones are made for it, and gone again.
    public func value(at index: Int) -> Float {
        switch self {
        case .floats(let values): return values[index]
        case .words(let words, let values): return values[words[index]]
        case .deferred:
            var value: Float = 0
            copy(index..<index + 1, to: &value)
            return value
        }
    }

    /// No voxel is NaN or infinite, as far as that is known without looking at each: as a rule no word stands for such a
    /// value, and none has to be counted.
    public var areKnownFinite: Bool {
        switch self {
        case .floats: false
        case .words(_, let values): values.table.allSatisfy(\.isFinite)
        case .deferred(let voxels): voxels.areFinite
        }
    }

    /// Values of a range of voxels.
    /// - Parameter out: room for `range.count` values.
    /// - Precondition: the range lies within the voxels.
    public func copy(_ range: Range<Int>, to out: UnsafeMutablePointer<Float>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "voxels \(range) of \(count)")
        switch self {
        case .floats(let values):
            values.withUnsafeBufferPointer {
                out.update(from: $0.baseAddress! + range.lowerBound, count: range.count)
            }
        case .words(let words, let values):
            guard !range.isEmpty else { return }
            words.withUnsafeBufferPointer { values.copy(UnsafeBufferPointer(rebasing: $0[range]), to: out) }
        case .deferred(let voxels): voxels.reader()(range, out)
        }
    }

    /// The same voxels in another order, told row by row; words stay words.
    /// - Parameter row: for each new row the voxel that it starts with and the distance to each next one.
    public func rearranged(rows: Int, length: Int, _ row: (Int) -> (start: Int, step: Int)) -> Voxels {
        switch self {
        case .floats(let values): .floats(Self.rearranged(values, rows, length, row))
        case .words(let words, let values): .words(Self.rearranged(words, rows, length, row), values)
        case .deferred(let voxels): voxels.made.rearranged(rows: rows, length: length, row)
        }
    }

    private static func rearranged<Element>(
        _ source: [Element], _ rows: Int, _ length: Int, _ row: (Int) -> (start: Int, step: Int)
    ) -> [Element] {
        var result: [Element] = []
        result.reserveCapacity(rows * length)
        for index in 0..<rows {
            let (start, step) = row(index)
            if step == 1 {
                result.append(contentsOf: source[start..<start + length])
            } else {
                for offset in 0..<length { result.append(source[start + offset * step]) }
            }
        }
        return result
    }

    /// The values that occur and how often, in no order; only for words.
    public var occurring: [(value: Float, count: Int)]? {
        guard case .words(let words, let values) = self else { return nil }
        return Self.counts(of: words).enumerated().compactMap { word, count in
            count > 0 ? (values.table[word], Int(count)) : nil
        }
    }

    /// How often each of the 65,536 words occurs.
    public static func counts(of words: [UInt16]) -> [UInt32] {
        var counts = [UInt32](repeating: 0, count: 65536)
        hk_count_words(words, words.count, &counts)
        return counts
    }
}
