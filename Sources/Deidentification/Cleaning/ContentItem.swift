import CStandards
import DataSets

/// One node of structured content: a concept's name and its value (PS3.3 C.17.3). Table E.3.4-1 says what becomes of the
/// value; text, names and dates of concepts that it doesn't name mean nothing any more.
struct ContentItem {
    private let valueTags: Set<Tag>
    private let decision: Decision
    let rule: RuleID

    /// Whether the whole item goes, with all below it.
    var isRemoved: Bool { decision == .remove }

    init?(_ item: DataSet, _ policy: Policy) {
        let type = item.text(.valueType)
        guard let valueTags = Self.values[type] else { return nil }
        self.valueTags = valueTags
        let concept = item[.conceptNameCodeSequence]?.items?.first
        let (code, scheme) = (concept?.text(.codeValue) ?? "", concept?.text(.codingSchemeDesignator) ?? "")
        guard policy.has(.cleanStructuredContent) else {
            // Content Sequence is D in the Basic Profile: dummies for all that is not code or number.
            (decision, rule) = (type == "UIDREF" ? .mapUID : .dummy, .table("D", nil))
            return
        }
        if let row = standard_content_item_for(scheme, code, type)?.pointee {
            let id = RuleID.table("E.3.4-1", .cleanStructuredContent)
            (decision, rule) = (Self.decide(row, type, policy), id)
        } else {
            (decision, rule) = (Self.unlisted(type, policy), .table("C", .cleanStructuredContent))
        }
    }

    /// For elements that hold the item's value; nil for all others.
    func decide(_ tag: Tag) -> (Decision, RuleID)? { valueTags.contains(tag) ? (decision, rule) : nil }

    private static func unlisted(_ type: String, _ policy: Policy) -> Decision {
        switch type {
        case "TEXT": return .cleanText
        case "UIDREF": return policy.has(.retainUIDs) ? .keep : .mapUID
        case "PNAME": return .dummy
        default:
            return policy.has(.retainModifiedDates) ? .shiftDate : policy.has(.retainFullDates) ? .keep : .dummy
        }
    }

    private static func decide(_ row: standard_content_item, _ type: String, _ policy: Policy) -> Decision {
        let options: [ProfileOption] = [
            .retainUIDs, .retainDeviceIdentity, .retainInstitutionIdentity, .retainPatientCharacteristics,
            .retainFullDates, .retainModifiedDates, .cleanDescriptors,
        ]
        let columns = withUnsafeBytes(of: row.option) { Array($0) }
        var isKept = false
        for (option, code) in zip(options, columns) where policy.has(option) {
            switch standard_action(UInt32(code)) {
            case ACTION_C: return ["DATE", "DATETIME", "TIME"].contains(type) ? .shiftDate : .cleanText
            case ACTION_K: isKept = true
            default: break
            }
        }
        if isKept { return .keep }
        switch standard_action(UInt32(row.basic)) {
        case ACTION_X: return .remove
        case ACTION_K: return .keep
        case ACTION_C: return unlisted(type, policy)
        case ACTION_U: return .mapUID
        default: return type == "UIDREF" ? .mapUID : .dummy
        }
    }

    /// Value types that can tell who or when, and the elements that hold the value.
    private static let values: [String: Set<Tag>] = [
        "TEXT": [.textValue], "PNAME": [Tag(0x0040, 0xA123)], "DATE": [Tag(0x0040, 0xA121)],
        "TIME": [Tag(0x0040, 0xA122)], "DATETIME": [Tag(0x0040, 0xA120)], "UIDREF": [Tag(0x0040, 0xA124)],
    ]
}
