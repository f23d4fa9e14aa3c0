/// b-values and directions of diffusion images (.bval, .bvec): numbers and nothing else, as FSL and BIDS define them.
public enum GradientTable {
    /// - Parameter rows: 1 for b-values, 3 for directions.
    /// - Throws: `Refusal` for anything that is no number, or has the digits of a date, and for rows of different lengths.
    public static func clean(_ bytes: [UInt8], rows: Int) throws(Refusal) -> CleanedText {
        guard bytes.count <= 16 << 20 else { throw Refusal(.unparsable, "a table of gradients of more than 16 MiB") }
        let lines = bytes.split { $0 == 0x0A || $0 == 0x0D }
            .map { $0.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x2C }.map { String(decoding: $0, as: UTF8.self) } }
            .filter { !$0.isEmpty }
        let isColumn = rows == 1 && lines.allSatisfy { $0.count == 1 }
        // dcm2niix writes three rows, older programs a row for each direction; b-values also stand below each other.
        guard lines.count == rows || isColumn || lines.allSatisfy({ $0.count == rows }), !lines.isEmpty,
            Set(lines.map(\.count)).count == 1
        else { throw Refusal(.unparsable, "a table of gradients whose rows do not fit") }
        guard lines.allSatisfy({ $0.allSatisfy(isNumber) }) else {
            throw Refusal(.unparsable, "a table of gradients with something that is no number below a million")
        }
        let text = lines.map { $0.joined(separator: " ") + "\n" }.joined()
        let result = Array(text.utf8)
        return CleanedText(bytes: result, record: CleaningRecord(), values: OriginalValues(), free: [0..<result.count])
    }

    /// The strongest gradients give some 100,000 s/mm2.
    private static func isNumber(_ text: String) -> Bool {
        text.utf8.count <= 32 && text.wholeMatch(of: #/[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?|[nN]a[nN]/#) != nil
            && Double(text).map { abs($0) >= 1e6 } != true
    }
}
