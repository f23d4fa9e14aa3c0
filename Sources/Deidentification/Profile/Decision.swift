import DataSets

/// What becomes of one element.
enum Decision: Sendable, Hashable {
    case keep
    /// Of a sequence: keep it, and decide on everything inside.
    case enter
    /// Of a sequence: keep it, with dummies for all values that could tell something.
    case enterWithDummies
    case remove
    /// Keep the element without a value.
    case empty
    /// A value that means nothing.
    case dummy
    case mapUID
    case shiftDate
    /// Keep words of the field's vocabulary.
    case cleanText
    /// The same name for the same text, under the key.
    case pseudonym
    /// Ages over 89 years become 90.
    case capAge
}

/// Why: what reports count by.
enum RuleID: Sendable, Hashable {
    /// Table E.1-1: the code that was applied, and the option that it is from.
    case table(String, ProfileOption?)
    /// Attributes of the dictionary that the table doesn't name, by value representation.
    case unlisted(String)
    /// No attribute of the standard.
    case unknown
    case privateAttribute
    case safePrivate
    case policy
    /// A value that would have stayed, but spells an identity of the patient.
    case identityFound

    var text: String {
        switch self {
        case .table(let code, nil): "Table E.1-1 \(code)"
        case .table(let code, let option?): "Table E.1-1 \(code) by \(option.rawValue)"
        case .unlisted(let vr): "no rule, \(vr)"
        case .unknown: "unknown attribute"
        case .privateAttribute: "private attribute"
        case .safePrivate: "Table E.3.10-1"
        case .policy: "policy"
        case .identityFound: "identity in a kept value"
        }
    }
}

/// A decision that still depends on the attribute's Type in the IOD: (optional, may be empty, needs a value).
struct ElementRule: Sendable {
    var optional: Decision
    var type2: Decision
    var type1: Decision
    var id: RuleID
    /// Whether conditional Types count, too. Not for plain X, which the table gives to what may go.
    var heedsConditions = true

    init(_ decision: Decision, _ id: RuleID) {
        (optional, type2, type1, self.id) = (decision, decision, decision, id)
    }

    init(_ optional: Decision, type2: Decision, type1: Decision, _ id: RuleID) {
        (self.optional, self.type2, self.type1, self.id) = (optional, type2, type1, id)
    }

    /// - Parameter sequence: the innermost sequence that holds the attribute.
    func decision(for tag: Tag, in sequence: Tag?, _ types: AttributeTypes) -> Decision {
        // Pixels below the top level are no image of the file (PS3.3 C.7.6.3), and nobody looks at them.
        if sequence != nil, tag.group == Tag.pixelData.group { return .remove }
        guard optional != type1 || optional != type2 else { return optional }
        switch types.need(of: tag, in: sequence, isConditional: heedsConditions) {
        case .optional: return optional
        case .type2: return type2
        case .type1: return type1
        }
    }
}
