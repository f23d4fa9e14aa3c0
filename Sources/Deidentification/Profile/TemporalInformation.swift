import CStandards
import DataSets

/// What became of dates and times: Longitudinal Temporal Information Modified (PS3.3 C.12.1.1.7), the weakest first.
enum TemporalInformation: String, Comparable {
    case unmodified = "UNMODIFIED"
    case modified = "MODIFIED"
    case removed = "REMOVED"

    private var strength: Int { self == .unmodified ? 0 : self == .modified ? 1 : 2 }

    static func < (left: Self, right: Self) -> Bool { left.strength < right.strength }
}

extension Policy {
    /// A true date that an exception keeps makes the whole unmodified; a true one that it takes away, modified.
    var temporalInformation: TemporalInformation {
        func isExcepted(_ vrs: [ValueRepresentation], _ isMeant: (Override) -> Bool) -> Bool {
            overrides.contains { tag, override in
                isMeant(override) && vrs.contains { $0 == ValueSyntax.announced(tag) } && Self.isTemporal(tag)
            }
        }
        if has(.retainFullDates) { return isExcepted([.DA, .DT, .TM]) { $0 != .keep } ? .modified : .unmodified }
        if has(.retainModifiedDates) { return .modified }
        return isExcepted([.DA, .DT]) { $0 == .keep } ? .unmodified : .removed
    }

    /// Whether the options about dates keep or shift it: Patient's Birth Date is none of these.
    private static func isTemporal(_ tag: Tag) -> Bool {
        guard let row = standard_rule_for(tag.number)?.pointee else { return true }
        let column = ProfileOption.retainFullDates.column!
        return standard_action(UInt32(withUnsafeBytes(of: row.option) { $0[column] })) == ACTION_K
    }
}

extension ProfileOption {
    /// What becomes of dates by an option about them; nil for any other.
    var temporalInformation: TemporalInformation? {
        switch self {
        case .retainFullDates: .unmodified
        case .retainModifiedDates: .modified
        default: nil
        }
    }
}
