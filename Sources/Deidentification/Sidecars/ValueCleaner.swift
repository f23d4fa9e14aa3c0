import CStandards
import Cryptography
import DataSets

/// Decides on values of files that are no DICOM objects by the attribute of the same meaning: one policy for all.
struct ValueCleaner {
    let book: RuleBook
    let names: Pseudonyms
    let subject: Subject
    let shift: DateShift
    let texts: TextCleaner
    var record = CleaningRecord()
    var values = OriginalValues()

    /// - Parameter attributes: what the file says of the patient and others, whose names go from free text, too.
    init(_ files: FileCleaner, _ subject: Subject, attributes: DataSet = DataSet()) {
        (book, names, self.subject) = (files.book, files.names, subject)
        texts = TextCleaner(identities: IdentityWords(of: attributes))
        shift = DateShift(subject)
    }

    /// A leaf, or an array of them, under an attribute's rule.
    ///
    /// - Returns: nil for what has to go.
    mutating func clean(_ node: JSONNode, as tag: Tag) -> JSONNode? {
        let rule = book.rule(for: tag)
        let vr = SidecarRule.representation(of: tag)
        guard let cleaned = apply(rule.optional, node, tag, vr) else {
            note(node, tag, vr)
            record.count(.removed, rule.id.text)
            node.forEachLeaf { leaf in
                let text = leaf.text ?? ""
                if rule.optional == .shiftDate, CivilTime.isDate(text) {
                    record.warn("\(tag) holds \(StandInDate.problem), and cannot be shifted; it was removed")
                } else if rule.optional == .keep, isPersonal(text, tag) {
                    record.warn("\(tag) holds \(TechnicalText.problem); it was removed")
                }
            }
            return nil
        }
        if cleaned != node {
            note(node, tag, vr)
            let deeds: [Decision: Tally.Deed] = [.mapUID: .mapped, .shiftDate: .shifted, .cleanText: .cleaned]
            record.count(deeds[rule.optional] ?? .replaced, rule.id.text)
        }
        return cleaned
    }

    private func isPersonal(_ text: String, _ tag: Tag) -> Bool {
        book.use(of: tag).map { TechnicalText.isPersonal(text, $0) } ?? false
    }

    private func apply(_ decision: Decision, _ node: JSONNode, _ tag: Tag, _ vr: ValueRepresentation) -> JSONNode? {
        switch node {
        case .null: return .null
        case .object: return nil
        case .array(let elements):
            // Places in a list mean something: it stays whole or goes.
            let cleaned = elements.map { apply(decision, $0, tag, vr) }
            return cleaned.contains(nil) ? nil : .array(cleaned.compactMap { $0 })
        case .bool: return decision == .keep && !vr.isNumeric ? node : nil
        case .number, .string, .moved: break
        }
        let text = node.text ?? ""
        switch decision {
        case .keep: return isOfItsKind(text, tag, vr) && !isPersonal(text, tag) ? node : nil
        case .mapUID: return standard_uid_kind(text) != nil ? node : .string(names.uid(text))
        case .pseudonym: return text.isEmpty ? nil : .string(pseudonym(text, tag))
        case .shiftDate:
            // Whole days leave the time of day as it is.
            if vr == .TM { return ClockTime.isTime(text) ? node : nil }
            return CivilTime.moved(text, by: shift).map { .moved($0) }
        case .cleanText:
            let cleaned = texts.clean(text).text
            return cleaned.isEmpty ? nil : cleaned == text ? node : .string(cleaned)
        case .capAge: return age(text)
        // Nothing needs a value here, as Types 1 and 2 of DICOM do.
        case .remove, .empty, .dummy, .enter, .enterWithDummies: return nil
        }
    }

    /// Under the name of a number stands nothing but a number.
    private func isOfItsKind(_ text: String, _ tag: Tag, _ vr: ValueRepresentation) -> Bool {
        switch vr {
        case _ where Self.activities.contains(tag): TechnicalNumber.isQuantity(text)
        case _ where vr.isNumeric: TechnicalNumber.isMeasure(text, below: 1e8)
        case .DA, .DT: CivilTime.isDate(text)
        case .TM: ClockTime.isTime(text)
        case .UI: text.allSatisfy { $0.isASCIIDigit || $0 == "." }
        case .CS: Self.isCode(text)
        case .AT, .OB, .OW, .UN: false
        default: text.utf8.count <= 1024
        }
    }

    /// In Bq, and counts of events: the only numbers of attributes that reach a hundred million.
    private static let activities: Set<Tag> = [
        Tag(0x0018, 0x0070), Tag(0x0018, 0x1074), Tag(0x0018, 0x1077), Tag(0x0054, 0x1310), Tag(0x0054, 0x1311),
        Tag(0x0054, 0x1322),
    ]

    /// Capitals, digits and marks, as scanners name coils, options and kinds of images: words of at most 16 characters, as
    /// CS has them, with fewer digits than dates and telephone numbers.
    static func isCode(_ text: String) -> Bool {
        text.utf8.count <= 128
            && text.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || " _-;,:/.\\".contains($0)) }
            && text.split { "_;,\\".contains($0) }.allSatisfy { $0.count <= 16 && $0.count(where: \.isNumber) < 6 }
    }

    /// Years, as a number or as DICOM's AS; those over 89 are 90.
    func age(_ text: String) -> JSONNode? {
        if let years = Double(text) {
            guard years.isFinite, years >= 0 else { return nil }
            // "06" is an age and no number of JSON.
            return .number(years > 89 ? "90" : JSONParser.isNumber(text) ? text : "\(years)")
        }
        return PatientAge.capped(text).map { .string($0) }
    }

    private func pseudonym(_ text: String, _ tag: Tag) -> String {
        switch tag {
        case .patientID, .patientName: subject.pseudonym
        case .accessionNumber: names.name("accession\u{1F}\(subject.key)\u{1F}\(text)")
        default: names.name(text, .text)
        }
    }

    /// Every value below a node, as of an attribute.
    mutating func note(_ node: JSONNode, _ tag: Tag, _ vr: ValueRepresentation) {
        var texts: [String] = []
        node.forEachLeaf { if let text = $0.text { texts.append(text) } }
        for text in texts {
            values.note(text, of: tag, vr)
            if [.DA, .DT].contains(vr), let digits = CivilTime.digits(text) { values.note(digits, of: tag, .DA) }
        }
    }

    /// Every value below a node of which nothing is known.
    mutating func note(_ node: JSONNode) {
        var texts: [String] = []
        node.forEachLeaf {
            if case .string(let text) = $0 {
                texts.append(text)
            } else if let text = $0.text, text.count >= 6 {
                texts.append(text)
            }
        }
        for text in texts {
            values.note(text)
            if let digits = CivilTime.digits(text) { values.note(digits, of: Tag(0), .DA) }
        }
    }
}
