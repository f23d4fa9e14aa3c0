import CStandards
import DataSets

/// Looks at the values that stay for identities that other elements gave away: a name typed into a field for technique.
struct IdentitySearch {
    let needles: NeedleSet
    let types: AttributeTypes
    /// Elements whose value had to go.
    private(set) var found: [Tag] = []
    /// An element of numbers by which pixels are read that holds an identity: without it they would be read otherwise.
    private(set) var withinPixels: Tag?

    init(_ needles: NeedleSet, _ types: AttributeTypes) { (self.needles, self.types) = (needles, types) }

    mutating func clean(_ dataSet: inout DataSet, in sequence: Tag? = nil) {
        for index in dataSet.elements.indices {
            let element = dataSet.elements[index]
            if case .items(var items) = element.value {
                let before = found.count
                for place in items.indices { clean(&items[place], in: element.tag) }
                if found.count > before { dataSet.elements[index] = DataElement(element.tag, .SQ, .items(items)) }
            } else if isHit(element, in: sequence) {
                if element.vr.isNumeric, Self.isOfPixels(element.tag) { withinPixels = element.tag }
                found.append(element.tag)
                dataSet.elements[index] = replacement(of: element, in: sequence)
            }
        }
    }

    private func replacement(of element: DataElement, in sequence: Tag?) -> DataElement {
        let (tag, vr) = (element.tag, element.vr)
        let isRequired = types.need(of: tag, in: sequence) == .type1
        // Of several codes the others keep their places, by which they mean something: those of Image Type.
        let codes = vr == .CS ? (element.bytes ?? []).split(separator: 0x5C, omittingEmptySubsequences: false) : []
        if codes.count > 1 {
            let texts = codes.map { code in
                isIdentity(code, isCode: true, isRequired) ? Dummy.word : String(decoding: code, as: UTF8.self)
            }
            return DataElement(tag, vr, text: texts.joined(separator: "\\"))
        }
        return isRequired ? Dummy.element(tag, ValueSyntax.announced(tag) ?? vr) : Dummy.empty(tag, vr)
    }

    private func isHit(_ element: DataElement, in sequence: Tag?) -> Bool {
        guard element.isOriginal, let bytes = element.bytes, bytes.count >= 2 else { return false }
        guard element.vr.isText else {
            return element.vr == .FD && needles.identify(doubles: bytes)
        }
        switch element.vr {
        // Only what is a date or a UID stayed in these (`ValueSyntax`), and tells nobody.
        case .DA, .TM, .DT, .AS, .UI: return false
        case .DS, .IS:
            guard bytes.count >= 6 else { return false }
            let isGiven = element.vr == .IS && Self.isGivenNumber(element.tag)
            return bytes.split(separator: 0x5C).contains { needles.identify(number: $0, isGiven: isGiven) }
        case .CS: return isIdentity(bytes, isCode: true, types.need(of: element.tag, in: sequence) == .type1)
        // A vocabulary numbers what it likes: "121206" is a distance.
        case _ where element.tag == .codeValue:
            return bytes.withUnsafeBufferPointer { needles.identify($0, mayBeDate: false) }
        default: return isIdentity(bytes, isCode: false, false)
        }
    }

    private static func isGivenNumber(_ tag: Tag) -> Bool {
        standard_element_for(tag.number).map { String(cString: $0.pointee.keyword).hasSuffix("Number") } == true
    }

    /// Image Pixel and its transforms, and the scaling of doses.
    private static func isOfPixels(_ tag: Tag) -> Bool { tag.group == 0x0028 || tag == Tag(0x3004, 0x000E) }

    private func isIdentity(_ bytes: ArraySlice<UInt8>, isCode: Bool, _ isRequired: Bool) -> Bool {
        bytes.withUnsafeBufferPointer { text in
            guard isCode, isRequired else { return needles.identify(text, isCode: isCode) }
            // A code that the file needs, such as the type of a content item, is a term before it is a name, and files are
            // called by what they are ("rtdose.dcm").
            return needles.hits(in: UnsafeRawBufferPointer(text)).contains { hit in
                hit.needle.kind != .description && hit.needle.origin != Tag(0) && !Vocabulary.isTerm(text[hit.range])
            }
        }
    }
}
