import CStandards

/// The data dictionary (PS3.6), as far as encoding asks for it.
enum DataDictionary {
    /// - Parameter isSigned: chooses where the standard allows US or SS.
    /// - Returns: nil for what the standard doesn't know, private elements among it.
    static func representation(of tag: Tag, isSigned: Bool) -> ValueRepresentation? {
        if tag.isGroupLength { return .UL }
        if tag.isPrivateCreator { return .LO }
        guard let element = standard_element_for(tag.number)?.pointee else { return nil }
        let first = ValueRepresentation(UInt8(bitPattern: element.vr.0), UInt8(bitPattern: element.vr.1))
        guard isSigned, element.vr2.0 != 0 else { return first }
        let second = ValueRepresentation(UInt8(bitPattern: element.vr2.0), UInt8(bitPattern: element.vr2.1))
        return second == .SS ? second : first
    }
}

extension Tag {
    /// By the keyword of PS3.6: "StudyDescription".
    public init?(keyword: String) {
        guard let number = Self.numbers[keyword] else { return nil }
        self.init(number)
    }

    private static let numbers: [String: UInt32] = {
        var numbers: [String: UInt32] = [:]
        for index in 0..<standard_element_count() {
            let element = standard_element_at(index)!.pointee
            numbers[String(cString: element.keyword)] = element.tag
        }
        return numbers
    }()
}
