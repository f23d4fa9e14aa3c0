import CStandards
import DataSets

/// Reads a finished data set against the rules, without its original: nothing may be there that a rule takes away, and
/// what a rule replaces must look like a replacement.
struct PolicyCheck {
    let book: RuleBook
    let types: AttributeTypes
    private(set) var problems: Set<String> = []

    init(_ book: RuleBook, sopClass: String) {
        self.book = book
        types = AttributeTypes(sopClass: sopClass)
    }

    mutating func check(_ dataSet: DataSet, in sequence: Tag? = nil) {
        var blocks = PrivateBlocks(dataSet, book.policy)
        let content = dataSet[.valueType] != nil ? ContentItem(dataSet, book.policy) : nil
        if sequence != nil, content?.isRemoved == true {
            problems.insert("\(Tag.contentSequence): \(content!.rule.text)")
        }
        for element in dataSet.elements where !element.tag.isGroupLength {
            if Self.marks.contains(element.tag) { continue }
            let (decision, rule): (Decision, RuleID)
            if element.tag.isPrivate {
                (decision, rule) = blocks.decide(element)
            } else if let special = content?.decide(element.tag) {
                (decision, rule) = special
            } else {
                let general = book.rule(for: element.tag)
                (decision, rule) = (general.decision(for: element.tag, in: sequence, types), general.id)
            }
            if !allows(element, decision) { problems.insert("\(element.tag): \(rule.text)") }
            for item in element.items ?? [] { check(item, in: element.tag) }
        }
    }

    private func allows(_ element: DataElement, _ decision: Decision) -> Bool {
        switch decision {
        case .keep: return element.items != nil || ValueSyntax.fits(element)
        case .enter, .enterWithDummies: return element.items != nil
        case .cleanText: return true
        case .remove: return false
        case .empty: return element.isEmpty
        case .dummy: return element.isEmpty || isDummy(element)
        case .mapUID:
            return element.plainText.split(separator: "\\").allSatisfy {
                $0.hasPrefix("2.25.") || standard_uid_kind(String($0)) != nil
            }
        case .pseudonym:
            let text = element.plainText
            return text.isEmpty || text.count == 16 && text.allSatisfy { $0.isLetter && $0.isUppercase || $0.isNumber }
        case .shiftDate:
            let unmoved = DateShift(days: 0)
            return element.isEmpty || unmoved.leaves(element) || unmoved.moved(element) != nil
        case .capAge:
            guard let items = element.items else {
                return element.isEmpty || PatientAge.capped(element.plainText) == element.plainText
            }
            return items.allSatisfy { item in
                let capped = PatientAge.capped(measured: item)
                return capped.elements.count == item.elements.count
                    && capped.text(.numericValue) == item.text(.numericValue)
            }
        }
    }

    private func isDummy(_ element: DataElement) -> Bool {
        guard let bytes = element.bytes else { return element.items?.isEmpty == true }
        if bytes.allSatisfy({ $0 == 0 }) { return true }
        return Dummy.element(element.tag, element.vr).bytes?.elementsEqual(bytes) == true
    }

    /// Elements that say what was done.
    static let marks: Set<Tag> = [
        .specificCharacterSet, .patientIdentityRemoved, .deidentificationMethod, .deidentificationMethodCodeSequence,
        .burnedInAnnotation, .recognizableVisualFeatures, .longitudinalTemporalInformationModified,
    ]
}
