internal import CKernels

/// What each of the 65,536 words of 16 bits stands for.
public struct WordValues: Sendable {
    public let table: [Float]
    private let line: Line?

    /// A stretch of words whose values lie exactly on a line: slope and intercept of a scanner. Computing them is
    /// faster than looking them up.
    private struct Line {
        var isSigned: Bool
        var least: Int32
        var greatest: Int32
        var slope: Float
        var intercept: Float
    }

    /// - Precondition: 65,536 values.
    public init(_ table: [Float]) {
        precondition(table.count == 65536, "a value for each word")
        self.table = table
        line = Self.line(in: table)
    }

    public subscript(_ word: UInt16) -> Float { table[Int(word)] }

    /// Values of words, one by one.
    /// - Parameter out: room for `words.count` values.
    public func copy(_ words: UnsafeBufferPointer<UInt16>, to out: UnsafeMutablePointer<Float>) {
        guard let start = words.baseAddress, !words.isEmpty else { return }
        if let line {
            let compute = line.isSigned ? hk_line_signed : hk_line_unsigned
            if compute(start, words.count, line.least, line.greatest, line.slope, line.intercept, out) != 0 { return }
        }
        hk_lookup(start, words.count, table, out)
    }

    /// Whether each of these words stands for itself, read as a number with or without sign.
    public func areNumbers(_ words: UnsafeBufferPointer<UInt16>) -> Bool {
        guard let line, line.slope == 1, line.intercept == 0, let start = words.baseAddress, !words.isEmpty
        else { return false }
        let check = line.isSigned ? hk_within_signed : hk_within_unsigned
        return check(start, words.count, line.least, line.greatest) != 0
    }

    /// Weighted sums of words at the same place of several rows.
    ///
    /// - Parameters:
    ///   - rows: one row for each weight, `width` apart.
    ///   - out: room for `width` values.
    /// - Precondition: `areNumbers` of all these words.
    public func combine(
        rows: UnsafePointer<UInt16>, width: Int, weights: UnsafeBufferPointer<Float>,
        into out: UnsafeMutablePointer<Float>
    ) {
        let compute = line?.isSigned ?? false ? hk_combine_signed : hk_combine_unsigned
        compute(rows, width, width, weights.baseAddress, weights.count, out)
    }

    private static func line(in table: [Float]) -> Line? {
        var (isSigned, least, greatest): (Int32, Int32, Int32) = (0, 0, 0)
        // A short stretch would mostly be computed in vain.
        guard hk_find_line(table, &isSigned, &least, &greatest) != 0, greatest - least >= 255 else { return nil }
        return Line(
            isSigned: isSigned != 0, least: least, greatest: greatest, slope: table[1] - table[0], intercept: table[0])
    }
}
