import CStandards
import DataSets

/// Types of attributes in one IOD (PS3.3; PS3.5 7.4): whether they may be absent or empty.
struct AttributeTypes: Sendable {
    // The table lives as long as the process.
    nonisolated(unsafe) private let rows: UnsafeBufferPointer<standard_typed>

    init(sopClass: String) {
        var count = 0
        let first = standard_types_for(sopClass, &count)
        rows = UnsafeBufferPointer(start: first, count: count)
    }

    /// Conditional Types (1C, 2C) count when `isConditional` is true: whoever has the attribute may need it.
    enum Need { case optional, type2, type1 }

    /// - Parameters:
    ///   - sequence: the innermost sequence that holds the attribute; nil at top level.
    ///   - isConditional: whether Types 1C and 2C count.
    func need(of tag: Tag, in sequence: Tag?, isConditional: Bool = true) -> Need {
        let isRepeating = (tag.group & 0xFF00) == 0x6000 || (tag.group & 0xFF00) == 0x5000
        let wanted = (sequence?.number ?? 0, isRepeating ? tag.number & 0xFF00_FFFF : tag.number)
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if (rows[middle].sequence, rows[middle].tag) < wanted { low = middle + 1 } else { high = middle }
        }
        guard low < rows.count, (rows[low].sequence, rows[low].tag) == wanted else { return .optional }
        switch standard_type(UInt32(rows[low].type)) {
        case TYPE_1: return .type1
        case TYPE_2: return .type2
        case TYPE_1C where isConditional: return .type1
        case TYPE_2C where isConditional: return .type2
        default: return .optional
        }
    }
}
