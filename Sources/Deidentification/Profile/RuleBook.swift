import CStandards
import DataSets

/// The policy's decision for every attribute of the dictionary, made once: Table E.1-1, its options, and for what the
/// table doesn't name the rule that only known harmless attributes stay.
final class RuleBook: Sendable {
    let policy: Policy
    private let rules: [Tag: ElementRule]
    private let uses: [Tag: TechnicalText.Use]

    init(_ policy: Policy) {
        self.policy = policy
        var rules: [Tag: ElementRule] = [:]
        var uses: [Tag: TechnicalText.Use] = [:]
        for index in 0..<standard_element_count() {
            let tag = Tag(standard_element_at(index)!.pointee.tag)
            // Repeating elements stand in the dictionary under a tag that may be another's.
            guard let element = standard_element_for(tag.number)?.pointee else { continue }
            let rule = Self.rule(for: tag, element, policy)
            rules[tag] = rule
            guard case .unlisted = rule.id, rule.optional == .keep else { continue }
            uses[tag] =
                ValueRepresentation(element) == .CS
                ? .technique : SafeAttributes.use(ofText: String(cString: element.keyword))
        }
        (self.rules, self.uses) = (rules, uses)
    }

    /// What texts and codes that stay without a rule are for; nil for other attributes.
    func use(of tag: Tag) -> TechnicalText.Use? { uses[tag] }

    /// For attributes of even groups.
    func rule(for tag: Tag) -> ElementRule {
        if let rule = rules[tag] { return rule }
        if policy.overrides.isEmpty == false, let rule = Self.override(tag, policy) { return rule }
        // Overlays and curves go as a whole: what describes them is nothing without them.
        if [0x5000, 0x6000].contains(tag.group & 0xFF00) { return ElementRule(.remove, .table("X", nil)) }
        // Whatever is not in the dictionary goes.
        guard let element = standard_element_for(tag.number)?.pointee else { return ElementRule(.remove, .unknown) }
        return Self.rule(for: tag, element, policy)
    }

    private static func rule(for tag: Tag, _ element: standard_element, _ policy: Policy) -> ElementRule {
        if let rule = override(tag, policy) { return rule }
        let vr = ValueRepresentation(element)
        let named = likePatientSize.contains(tag) ? Tag.patientSize : tag
        guard let row = standard_rule_for(named.number)?.pointee else { return unlisted(element, vr, policy) }
        return listed(row, tag, vr, policy)
    }

    /// Measures of the patient's body that Table E.1-1 does not name: Body Mass Index, Measured AP and Lateral Dimension,
    /// Examined Body Thickness. They tell what Patient's Size and Weight do.
    private static let likePatientSize: Set<Tag> = [
        .patientBodyMassIndex, Tag(0x0010, 0x1023), Tag(0x0010, 0x1024), Tag(0x0010, 0x9431),
    ]

    private static func override(_ tag: Tag, _ policy: Policy) -> ElementRule? {
        switch policy.overrides[tag] {
        case .keep: ElementRule(.keep, .policy)
        case .remove: ElementRule(.remove, .policy)
        case .replace: ElementRule(.dummy, .policy)
        case .hash: ElementRule(ValueSyntax.announced(tag) == .UI ? .mapUID : .pseudonym, .policy)
        case nil: nil
        }
    }

    // MARK: Table E.1-1

    private static func listed(
        _ row: standard_rule, _ tag: Tag, _ vr: ValueRepresentation, _ policy: Policy
    ) -> ElementRule {
        var (kept, cleaned): (ProfileOption?, ProfileOption?)
        let columns = withUnsafeBytes(of: row.option) { Array($0) }
        for option in policy.options.sorted() {
            guard let column = option.column else { continue }
            switch standard_action(UInt32(columns[column])) {
            case ACTION_K: kept = kept ?? option
            // A shifted date comes before every other way to clean, and cleaning before keeping: a true date beside a
            // shifted one would reveal the offset (the standard gives no order).
            case ACTION_C: cleaned = option == .retainModifiedDates ? option : cleaned ?? option
            default: break
            }
        }
        if let cleaned { return ElementRule(cleaning(cleaned, vr), .table("C", cleaned)) }
        if let kept {
            let decision: Decision = vr == .SQ ? .enter : vr == .AS ? .capAge : .keep
            return ElementRule(decision, .table("K", kept))
        }
        return basic(standard_action(UInt32(row.basic)), tag, vr)
    }

    private static func cleaning(_ option: ProfileOption, _ vr: ValueRepresentation) -> Decision {
        if vr == .SQ { return .enter }
        switch option {
        case .retainModifiedDates: return .shiftDate
        case .retainDeviceIdentity: return .pseudonym
        // Overlays and curves are pictures and numbers; their text is found in pixels, or has rules of its own.
        case .cleanGraphics: return vr.isText ? .cleanText : .remove
        default: return vr.isText ? .cleanText : .dummy
        }
    }

    private static func basic(_ action: standard_action, _ tag: Tag, _ vr: ValueRepresentation) -> ElementRule {
        let dummy: Decision = vr == .SQ ? .enterWithDummies : vr == .UI ? .mapUID : .dummy
        // Patients and requests stay linkable under the key.
        let empty: Decision = [.patientID, .patientName, .accessionNumber].contains(tag) ? .pseudonym : .empty
        // Type 1 wants a value whatever the code is; a dummy tells as little as nothing.
        func rule(_ optional: Decision, _ type2: Decision, _ code: String) -> ElementRule {
            ElementRule(optional, type2: type2, type1: empty == .pseudonym ? empty : dummy, .table(code, nil))
        }
        switch action {
        case ACTION_D: return ElementRule(dummy, .table("D", nil))
        case ACTION_Z: return rule(empty, empty, "Z")
        case ACTION_Z_D: return rule(empty, empty, "Z/D")
        case ACTION_X:
            var plain = rule(.remove, .empty, "X")
            plain.heedsConditions = false
            return plain
        case ACTION_X_Z: return rule(.remove, empty, "X/Z")
        case ACTION_X_D: return rule(.remove, .empty, "X/D")
        case ACTION_X_Z_D: return rule(.remove, empty, "X/Z/D")
        // References to other images: what they are needed for outlives de-identification, and their UIDs are mapped.
        case ACTION_X_Z_U: return ElementRule(.enterWithDummies, .table("X/Z/U*", nil))
        case ACTION_U: return ElementRule(vr == .UI ? .mapUID : .enter, .table("U", nil))
        case ACTION_K: return ElementRule(vr == .SQ ? .enter : .keep, .table("K", nil))
        default: return ElementRule(.remove, .unknown)
        }
    }

    // MARK: What the table doesn't name

    private static func unlisted(
        _ element: standard_element, _ vr: ValueRepresentation, _ policy: Policy
    ) -> ElementRule {
        let keyword = String(cString: element.keyword)
        let id = RuleID.unlisted(vr.description)
        let denied = ElementRule(.remove, type2: .empty, type1: .dummy, id)
        switch vr {
        case .SQ: return ElementRule(.enter, id)
        case .CS, .IS, .DS, .AT, .FD, .FL, .SL, .SS, .SV, .UL, .US, .UV, .OF, .OD, .OL, .OV:
            return ElementRule(.keep, id)
        case .UI:
            if SafeAttributes.vocabularyUIDs.contains(keyword) || policy.has(.retainUIDs) {
                return ElementRule(.keep, id)
            }
            return ElementRule(.mapUID, id)
        case .DA, .DT, .TM:
            if policy.has(.retainModifiedDates) { return ElementRule(.shiftDate, id) }
            return policy.has(.retainFullDates) ? ElementRule(.keep, id) : denied
        case .AS: return policy.has(.retainPatientCharacteristics) ? ElementRule(.capAge, id) : denied
        case .OB, .OW: return SafeAttributes.bulk.contains(keyword) ? ElementRule(.keep, id) : denied
        default:
            if SafeAttributes.text.contains(keyword) { return ElementRule(.keep, id) }
            return SafeAttributes.labels.contains(keyword) ? ElementRule(.cleanText, id) : denied
        }
    }
}

extension ValueRepresentation {
    init(_ element: standard_element) {
        let letters = [UInt8(bitPattern: element.vr.0), UInt8(bitPattern: element.vr.1)]
        self.init(letters: UInt16(letters[0]) | UInt16(letters[1]) << 8)
    }
}
