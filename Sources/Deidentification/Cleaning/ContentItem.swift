import CStandards
import DataSets

/// One node of structured content: a concept's name and its value (PS3.3 C.17.3). Table E.3.4-1 says what becomes of the
/// item; text, names and dates of concepts that it doesn't name mean nothing any more.
struct ContentItem {
    private let valueTags: Set<Tag>
    private let decision: Decision
    let rule: RuleID

    /// Whether the whole item goes, with all below it.
    var isRemoved: Bool { decision == .remove }

    init?(_ item: DataSet, _ policy: Policy) {
        let type = item.text(.valueType)
        let concept = item[.conceptNameCodeSequence]?.items?.first
        let (code, scheme) = (concept?.text(.codeValue) ?? "", concept?.text(.codingSchemeDesignator) ?? "")
        let isAgeOfSubject = type == "NUM" && Self.ages.contains("\(scheme) \(code)")
        let row = standard_content_item_for(isAgeOfSubject ? "DCM" : scheme, isAgeOfSubject ? "121033" : code, type)?
            .pointee
        // Subject Sex is a code, Subject Age a number.
        let isCharacteristic = row.map { standard_action(UInt32($0.option.3)) == ACTION_K } == true
        let isAge = isCharacteristic && type == "NUM"
        if row == nil, Self.isMeasuredAge(item, concept) {
            (valueTags, decision, rule) = ([.measuredValueSequence], .capAge, .table("K", nil))
            return
        }
        guard let values = isAge ? [.measuredValueSequence] : Self.values[type] ?? row.map({ _ in [] }) else {
            return nil
        }
        valueTags = values
        let decided: Decision
        if !policy.has(.cleanStructuredContent) {
            // Content Sequence is D in the Basic Profile: dummies for all that is not code or number, and of these the
            // patient's characteristics go as they do outside.
            let isKept = policy.has(.retainPatientCharacteristics)
            decided = isCharacteristic ? (isKept ? .keep : .remove) : type == "UIDREF" ? .mapUID : .dummy
            rule = .table("D", nil)
        } else if let row {
            (decided, rule) = (Self.decide(row, type, policy), .table("E.3.4-1", .cleanStructuredContent))
        } else {
            (decided, rule) = (Self.unlisted(type, policy), .table("C", .cleanStructuredContent))
        }
        decision = isAge && decided == .keep ? .capAge : decided
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

    /// Codes of other schemes for Subject Age (DCM 121033).
    private static let ages: Set<String> = [
        "LN 30525-0", "LN 21612-7", "LN 29553-5", "SCT 397669002", "SCT 424144002",
    ]

    /// Whether an item measures what its concept calls an age, in years or parts of them.
    private static func isMeasuredAge(_ item: DataSet, _ concept: DataSet?) -> Bool {
        guard item.text(.valueType) == "NUM", let meaning = concept?.text(.codeMeaning),
            meaning.lowercased().split(whereSeparator: { !$0.isLetter }).contains(where: ageWords.contains),
            let measured = item[.measuredValueSequence]?.items
        else { return false }
        return !measured.isEmpty && measured.allSatisfy(PatientAge.isInPartsOfYears)
    }

    private static let ageWords: Set<Substring> = ["age", "alter", "edad", "idade", "leeftijd"]

    /// Value types that can tell who or when, and the elements that hold the value. Codes, numbers and references have the
    /// rules of their elements, where the item stays.
    private static let values: [String: Set<Tag>] = [
        "TEXT": [.textValue], "PNAME": [Tag(0x0040, 0xA123)], "DATE": [Tag(0x0040, 0xA121)],
        "TIME": [Tag(0x0040, 0xA122)], "DATETIME": [Tag(0x0040, 0xA120)], "UIDREF": [Tag(0x0040, 0xA124)],
    ]
}
