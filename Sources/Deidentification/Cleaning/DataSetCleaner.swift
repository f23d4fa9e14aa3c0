import CStandards
import Cryptography
import DataSets

/// Applies a rule book to one data set, at every depth.
struct DataSetCleaner {
    let book: RuleBook
    let names: Pseudonyms
    let subject: Subject
    let types: AttributeTypes
    let shift: DateShift
    var tally = Tally()
    var harvest = Harvest()
    /// Problems that do not stop the file, without values.
    var warnings: Set<String> = []
    /// The file, whose own names and numbers must go from its texts; looked through only when there is a text to clean.
    private let original: DataSet
    private var texts: TextCleaner?

    init(book: RuleBook, names: Pseudonyms, subject: Subject, sopClass: String, original: DataSet) {
        (self.book, self.names, self.subject, self.original) = (book, names, subject, original)
        types = AttributeTypes(sopClass: sopClass)
        shift = DateShift(subject)
    }

    /// - Parameters:
    ///   - sequence: the sequence that the data set is an item of; nil at top level.
    ///   - charset: in force outside; an item may have its own.
    ///   - meaning: whether the sequence may stay only with values that mean nothing.
    mutating func clean(
        _ dataSet: DataSet, in sequence: Tag?, charset outer: CharacterSet, meaning: Meaning = .any
    ) -> DataSet {
        let charset = dataSet[.specificCharacterSet].map { CharacterSet($0) } ?? outer
        if !charset.isKnown { warnings.insert("an unknown character set; characters beyond ASCII may be wrong") }
        var cleaned: [DataElement] = []
        cleaned.reserveCapacity(dataSet.elements.count)
        var blocks = PrivateBlocks(dataSet, book.policy)
        let content =
            sequence == .contentSequence || dataSet[.valueType] != nil ? ContentItem(dataSet, book.policy) : nil
        if sequence != nil, content?.isRemoved == true {
            for element in dataSet.elements { harvest.note(element, charset: charset) }
            tally.count(.removed, content!.rule, .contentSequence)
            return DataSet()
        }
        // Below a sequence without meaning the names of concepts stay, when their vocabulary is public.
        let keepsCodes = meaning == .noneBelow && Self.isPublicCode(dataSet, in: sequence)
        for element in dataSet.elements where element.tag != .specificCharacterSet && !element.tag.isGroupLength {
            var (decision, rule): (Decision, RuleID)
            if element.tag.isPrivate {
                (decision, rule) = blocks.decide(element)
            } else if let special = content?.decide(element.tag) {
                (decision, rule) = special
            } else {
                (decision, rule) = decide(element, in: sequence, keepsCodes ? .any : meaning)
            }
            // What a hospital means by its own codes, and calls them, is its own text.
            if Self.namesCodes.contains(element.tag), decision == .keep, rule != .policy, !Self.hasPublicScheme(dataSet)
            {
                decision = .cleanText
            }
            if let result = apply(decision, rule, to: element, charset, sequence, meaning) { cleaned.append(result) }
        }
        return DataSet(cleaned)
    }

    /// What values of a sequence may tell.
    enum Meaning {
        case any
        /// Dummies only, codes among them: the sequence itself stands for a person, a place or a reason.
        case none
        /// In sequences below such a one.
        case noneBelow
    }

    /// Code Meaning, Coding Scheme Name and Coding Scheme Responsible Organization.
    private static let namesCodes: Set<Tag> = [.codeMeaning, Tag(0x0008, 0x0115), Tag(0x0008, 0x0116)]

    private static func isPublicCode(_ item: DataSet, in sequence: Tag?) -> Bool {
        guard let sequence, let element = standard_element_for(sequence.number)?.pointee else { return false }
        return String(cString: element.keyword).hasSuffix("CodeSequence") && hasPublicScheme(item)
    }

    private static func hasPublicScheme(_ item: DataSet) -> Bool {
        SafeAttributes.publicSchemes.contains(item.text(.codingSchemeDesignator))
    }

    private func decide(_ element: DataElement, in sequence: Tag?, _ meaning: Meaning) -> (Decision, RuleID) {
        let rule = book.rule(for: element.tag)
        var decision = rule.decision(for: element.tag, in: sequence, types)
        // Without meaning text and drawn points go, and numbers stay.
        if meaning != .any, decision == .keep {
            let announced = ValueSyntax.announced(element.tag) ?? element.vr
            if announced.dependsOnCharacterSet || element.tag == .graphicData { decision = .dummy }
        }
        return (decision, rule.id)
    }

    private mutating func apply(
        _ decision: Decision, _ rule: RuleID, to element: DataElement, _ charset: CharacterSet, _ sequence: Tag?,
        _ meaning: Meaning = .any
    ) -> DataElement? {
        let (tag, vr) = (element.tag, element.vr)
        switch decision {
        case .keep:
            if element.items != nil { return enter(element, rule, charset, meaning) }
            guard ValueSyntax.fits(element) else { return withhold(element, rule, charset, sequence) }
            if isPersonal(element, charset) {
                return withhold(element, rule, charset, sequence, because: TechnicalText.problem)
            }
            tally.count(.kept, rule, tag)
            return Self.transcoded(element, charset)
        case .enter, .enterWithDummies:
            guard element.items != nil else {
                // Bytes where a sequence belongs: nobody knows what they are.
                return apply(.remove, rule, to: element, charset, sequence)
            }
            let inner: Meaning = decision == .enterWithDummies ? .none : meaning == .none ? .noneBelow : meaning
            return enter(element, rule, charset, inner)
        case .remove:
            note(element, charset)
            tally.count(.removed, rule, tag)
            return nil
        case .empty:
            note(element, charset)
            if !element.isEmpty { tally.count(.emptied, rule, tag) }
            return Dummy.empty(tag, vr)
        case .dummy:
            note(element, charset)
            guard !element.isEmpty else { return element }
            tally.count(.replaced, rule, tag)
            if tag == .graphicData { return Self.zeros(element) }
            return Dummy.element(tag, vr)
        case .capAge where element.items != nil:
            let sequence = enter(element, rule, charset, meaning)
            return DataElement(tag, .SQ, .items((sequence.items ?? []).map { PatientAge.capped(measured: $0) }))
        case .mapUID, .pseudonym, .shiftDate, .cleanText, .capAge:
            guard case .bytes(let bytes) = element.value else {
                return apply(.remove, rule, to: element, charset, sequence)
            }
            guard !element.isEmpty else { return element }
            return rewrite(element, bytes, decision, rule, charset, sequence)
        }
    }

    /// Whether a text or code that no table speaks of tells of somebody, some place or some day.
    private func isPersonal(_ element: DataElement, _ charset: CharacterSet) -> Bool {
        guard let bytes = element.bytes, let use = book.use(of: element.tag) else { return false }
        return TechnicalText.isPersonal(charset.decode(bytes), use)
    }

    /// Takes away what a rule would keep, were it what its attribute announces.
    private mutating func withhold(
        _ element: DataElement, _ rule: RuleID, _ charset: CharacterSet, _ sequence: Tag?,
        because problem: String = "a value that its representation does not allow"
    ) -> DataElement? {
        let tag = element.tag
        note(element, charset)
        warnings.insert("\(tag) holds \(problem); it was removed")
        if let codes = ValueSyntax.wellFormedCodes(element) {
            tally.count(.replaced, rule, tag)
            return DataElement(tag, element.vr, text: codes)
        }
        var announced = element
        announced.vr = ValueSyntax.announced(tag) ?? element.vr
        let decision: Decision =
            switch types.need(of: tag, in: sequence) {
            case .optional: .remove
            case .type2: .empty
            case .type1: .dummy
            }
        return apply(decision, rule, to: announced, charset, sequence)
    }

    private mutating func enter(
        _ element: DataElement, _ rule: RuleID, _ charset: CharacterSet, _ meaning: Meaning
    ) -> DataElement {
        var items: [DataSet] = []
        for item in element.items ?? [] {
            let cleaned = clean(item, in: element.tag, charset: charset, meaning: meaning)
            // A content item that had to go leaves none behind.
            if item[.valueType] == nil || !cleaned.elements.isEmpty { items.append(cleaned) }
        }
        tally.count(.entered, rule, element.tag)
        return DataElement(element.tag, .SQ, .items(items))
    }

    private mutating func rewrite(
        _ element: DataElement, _ bytes: ArraySlice<UInt8>, _ decision: Decision, _ rule: RuleID,
        _ charset: CharacterSet, _ sequence: Tag?
    ) -> DataElement? {
        let (tag, vr) = (element.tag, element.vr)
        switch decision {
        case .mapUID:
            let values = element.plainText.split(separator: "\\", omittingEmptySubsequences: false).map(String.init)
            // Vocabulary is the same for everybody, wherever it stands.
            let mapped = values.map { $0.isEmpty || standard_uid_kind($0) != nil ? $0 : names.uid($0) }
            guard mapped != values else { return element }
            note(element, charset)
            tally.count(.mapped, rule, tag)
            return DataElement(tag, .UI, text: mapped.joined(separator: "\\"))
        case .pseudonym:
            note(element, charset)
            tally.count(.replaced, rule, tag)
            return DataElement(tag, vr, text: pseudonym(element, charset))
        case .shiftDate:
            if shift.leaves(element) { return element }
            guard let moved = shift.moved(element) else {
                let problem = DateShift(days: 0).moved(element) == nil ? "no date or time" : StandInDate.problem
                warnings.insert("\(tag) holds \(problem), and cannot be shifted; it was removed")
                let fallback: Decision = types.need(of: tag, in: sequence) == .type1 ? .dummy : .empty
                return apply(fallback, rule, to: element, charset, sequence)
            }
            note(element, charset)
            tally.count(.shifted, rule, tag)
            return DataElement(tag, vr, text: moved)
        case .cleanText:
            // Most explanations are terms alone; a name that is one is found later, among what stays.
            if case .unlisted = rule, TextCleaner.isTerms(bytes) {
                tally.count(.kept, rule, tag)
                return element
            }
            let text = charset.decode(bytes)
            let values = vr.isMultiValued ? text.split(separator: "\\", omittingEmptySubsequences: false) : [text[...]]
            let cleaner = texts ?? TextCleaner(identities: IdentityWords(of: original))
            texts = cleaner
            let cleaned = values.map { cleaner.clean(String($0)).text }.joined(separator: "\\")
            note(element, charset)
            tally.count(.cleaned, rule, tag)
            guard cleaned.isEmpty else { return DataElement(tag, vr, text: cleaned) }
            return types.need(of: tag, in: sequence) == .type1 ? Dummy.element(tag, vr) : Dummy.empty(tag, vr)
        case .capAge:
            guard let age = PatientAge.capped(element.plainText) else {
                return withhold(element, rule, charset, sequence)
            }
            tally.count(age == element.plainText ? .kept : .replaced, rule, tag)
            return age == element.plainText ? element : DataElement(tag, vr, text: age)
        default:
            return nil
        }
    }

    private func pseudonym(_ element: DataElement, _ charset: CharacterSet) -> String {
        switch element.tag {
        case .patientID, .patientName: subject.pseudonym
        case .accessionNumber: names.name("accession\u{1F}\(subject.key)\u{1F}\(element.plainText)")
        default: names.name(charset.decode(element.bytes ?? []), .text)
        }
    }

    private mutating func note(_ element: DataElement, _ charset: CharacterSet) {
        harvest.note(element, charset: charset)
    }

    /// Text that stays, as UTF-8: other bytes, and no other value.
    private static func transcoded(_ element: DataElement, _ charset: CharacterSet) -> DataElement {
        guard element.vr.dependsOnCharacterSet, let bytes = element.bytes,
            bytes.contains(where: { $0 >= 0x80 || $0 == 0x1B })
        else { return element }
        return element.transcoded(charset.decode(bytes))
    }

    private static func zeros(_ element: DataElement) -> DataElement {
        DataElement(element.tag, element.vr, .bytes(ArraySlice(repeating: 0, count: element.length ?? 0)))
    }
}
