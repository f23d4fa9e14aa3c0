import Cryptography
import Deidentification

/// Where outputs go, by a template of folders and a name: `{patient}/{study}/{series}/{instance}`.
///
/// Each place stands for eight characters of a keyed hash, which DICOM media allow (PS3.10 8.2); `{patient:16}` for
/// sixteen; `{modality}` for the modality's code.
public struct OutputLayout: Sendable, Hashable {
    public static let standard = OutputLayout(parts: [
        .place(.patient, 8), .text("/"), .place(.study, 8), .text("/"), .place(.series, 8), .text("/"),
        .place(.instance, 8),
    ])

    enum Place: String, CaseIterable { case patient, study, series, instance, modality }

    private enum Part: Hashable {
        case text(String)
        case place(Place, Int)
    }

    private let parts: [Part]
    /// As it was given.
    public let template: String

    private init(parts: [Part]) { (self.parts, template) = (parts, "{patient}/{study}/{series}/{instance}") }

    /// Where a run puts files of its own: what is held or refused, and how names of files about it begin.
    public static let reserved = ["held/", "refused/", "run.", "manifest.", "deidentification."]

    /// - Returns: nil for a template with an unknown place, without `{instance}`, that begins like something `reserved`, or
    ///   with anything but letters, digits, `-`, `_`, `.` and `/` around the places.
    public init?(_ template: String) {
        var parts: [Part] = []
        var rest = template[...]
        while !rest.isEmpty {
            if rest.first == "{" {
                guard let end = rest.firstIndex(of: "}") else { return nil }
                let words = rest[rest.index(after: rest.startIndex)..<end].split(separator: ":")
                guard (1...2).contains(words.count), let place = Place(rawValue: String(words[0])) else { return nil }
                let count = words.count == 2 ? Int(words[1]) : 8
                guard let count, (4...32).contains(count) else { return nil }
                parts.append(.place(place, count))
                rest = rest[rest.index(after: end)...]
            } else {
                let text = rest.prefix { $0 != "{" }
                guard text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_./".contains($0)) }) else {
                    return nil
                }
                parts.append(.text(String(text)))
                rest = rest[text.endIndex...]
            }
        }
        (self.parts, self.template) = (parts, template)
        let sample = parts.map { if case .text(let text) = $0 { text } else { "X" } }.joined()
        let names = sample.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.contains(where: { if case .place(.instance, _) = $0 { true } else { false } }),
            !names.contains(where: { $0.isEmpty || $0.hasPrefix(".") }),
            !Self.reserved.contains(where: { sample.lowercased().hasPrefix($0) })
        else { return nil }
    }

    /// Whether DICOM media allow all its names: at most eight capitals, digits and underscores in each.
    public var fitsMedia: Bool { parts == Self.standard.parts }

    /// Path below the output folder.
    func path(_ head: FileHead, _ subject: Subject, _ names: Pseudonyms) -> String {
        parts.map { part in
            switch part {
            case .text(let text): return text
            case .place(.patient, let count): return names.name(subject.key, .path, count: count)
            case .place(.study, let count):
                return names.name("study\u{1F}\(head.studyInstanceUID)", .path, count: count)
            case .place(.series, let count):
                return names.name("series\u{1F}\(head.seriesInstanceUID)", .path, count: count)
            case .place(.instance, let count):
                return names.name("instance\u{1F}\(head.sopInstanceUID)", .path, count: count)
            case .place(.modality, _):
                let code = head.modality.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
                return code.isEmpty ? "OT" : String(code.prefix(8))
            }
        }.joined()
    }
}
