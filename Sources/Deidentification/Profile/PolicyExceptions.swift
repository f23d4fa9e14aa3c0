import CStandards
public import DataSets

/// Exceptions that a policy may not make: they would have no effect, break the file, or belie what is written about it.
extension Policy {
    /// Why an exception is refused beside these options; nil when it is fine.
    public static func obstacle(to override: Override, for tag: Tag, _ options: Set<ProfileOption>) -> String? {
        reason(override, tag, options).map { "\(override.rawValue) for \(tag) is not possible: \($0)" }
    }

    private static func reason(_ override: Override, _ tag: Tag, _ options: Set<ProfileOption>) -> String? {
        let vr = ValueSyntax.announced(tag)
        if tag.group == 0x0002 { return "file meta information is made anew, and no exception reaches it" }
        if PolicyCheck.marks.contains(tag) { return "it says what was done to the file, and is written for that" }
        guard override != .keep else { return reasonNotToKeep(tag, vr, options) }
        if tag == .sopClassUID { return "it says what the file is, and never changes" }
        let isWord = vr?.isText == true && vr?.isNumeric == false && tag != .photometricInterpretation
        if tag.group == 0x0028 && !isWord || tag.group == Tag.pixelData.group {
            return "pixels are read by it, and it never changes"
        }
        switch override {
        case .remove where [.sopInstanceUID, .seriesInstanceUID, .studyInstanceUID].contains(tag):
            return "no file is valid without it; hash maps it under the key"
        case .replace where vr == .UI: return "one UID for all would make different things the same; use hash"
        case .hash where !hashed.contains { $0 == vr }:
            return
                "hash makes 16 letters and digits, which its value representation does not allow; use replace or remove"
        default: return nil
        }
    }

    /// Text that any sixteen letters and digits may stand for, and UIDs, which are mapped.
    private static let hashed: [ValueRepresentation] = [.AE, .CS, .LO, .LT, .PN, .SH, .ST, .UC, .UI, .UT]

    private static func reasonNotToKeep(
        _ tag: Tag, _ vr: ValueRepresentation?, _ options: Set<ProfileOption>
    ) -> String? {
        if tag == .patientID || tag == .patientName {
            return "the file says that the patient's identity was removed"
        }
        guard options.contains(.retainModifiedDates) else { return nil }
        switch vr {
        case .DA, .DT:
            return "\(ProfileOption.retainModifiedDates.rawValue) excludes it: "
                + "a true date beside a shifted one reveals the offset"
        case .UI:
            return "\(ProfileOption.retainModifiedDates.rawValue) excludes it: "
                + "UIDs often contain the date they were made on, which reveals the offset"
        default: return nil
        }
    }
}
