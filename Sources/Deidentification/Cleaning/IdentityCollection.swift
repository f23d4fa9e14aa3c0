import CStandards
import DataSets

extension IdentityWords {
    /// The words by which a data set names people, places, numbers and dates, at every depth: values that Table E.1-1
    /// removes and never lets clean.
    init(of dataSet: DataSet) {
        self.init()
        collect(dataSet, charset: .ascii)
    }

    private mutating func collect(_ dataSet: DataSet, charset outer: CharacterSet) {
        let charset = dataSet[.specificCharacterSet].map { CharacterSet($0) } ?? outer
        for element in dataSet.elements {
            if let items = element.items {
                for item in items { collect(item, charset: charset) }
                continue
            }
            guard !element.tag.isPrivate, let bytes = element.bytes, !bytes.isEmpty else { continue }
            switch element.vr {
            case .PN: add(person: charset.decode(bytes))
            case .DA, .DT: for value in element.plainText.split(separator: "\\") { add(date: String(value)) }
            case .LO, .SH, .ST, .LT, .UT, .UC, .AE:
                guard let rule = standard_rule_for(element.tag.number)?.pointee,
                    standard_action(UInt32(rule.option.7)) != ACTION_C
                else { continue }
                let text = charset.decode(bytes)
                Self.numbers.contains(element.tag) ? add(identifier: text) : add(place: text)
            default: break
            }
        }
    }

    /// Identifiers proper; everything else that names is a place, an institution or a person's address.
    private static let numbers: Set<Tag> = [
        .patientID, .accessionNumber, Tag(0x0010, 0x1000), Tag(0x0010, 0x1090), Tag(0x0010, 0x2154), Tag(0x0018, 0x1000),
        Tag(0x0020, 0x0010), Tag(0x0032, 0x1032), Tag(0x0038, 0x0010), Tag(0x0040, 0x1001), Tag(0x0040, 0x2016),
        Tag(0x0040, 0x2017), Tag(0x0008, 0x0094), Tag(0x0010, 0x0021),
    ]
}
