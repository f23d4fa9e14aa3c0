/// A file name of the form `key-label_key-label_suffix.ext` (BIDS, "File name structure").
struct BIDSName: Equatable {
    var entities: [(key: String, label: String)]
    /// "bold"; nil when the name ends with an entity.
    var suffix: String?

    /// - Parameter stem: the name without what tells the format.
    /// - Returns: nil for any other name.
    init?(stem: String) {
        var parts = stem.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
        guard let last = parts.last else { return nil }
        if last.contains("-") { suffix = nil } else { suffix = parts.removeLast() }
        entities = []
        for part in parts {
            let pair = part.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
            guard pair.count == 2, BIDSVocabulary.entities.contains(pair[0]), Self.isLabel(pair[1]) else { return nil }
            entities.append((pair[0], pair[1]))
        }
        guard !entities.isEmpty || suffix.map({ BIDSVocabulary.suffixes.contains($0) }) == true else { return nil }
        guard Set(entities.map(\.key)).count == entities.count, suffix.map(Self.isLabel) != false else { return nil }
    }

    static func isLabel(_ text: String) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "+") }
    }

    subscript(key: String) -> String? { entities.first { $0.key == key }?.label }

    var stem: String { (entities.map { "\($0.key)-\($0.label)" } + [suffix].compactMap { $0 }).joined(separator: "_") }

    static func == (left: Self, right: Self) -> Bool { left.stem == right.stem }
}

/// A file name in two: what names the content, and what tells the format.
public struct SplitName: Sendable, Equatable {
    public var stem: String
    /// In lower case, with its first point; empty when it is none of those that go together here.
    public var suffix: String

    public init(_ name: String) {
        let lowered = name.lowercased()
        suffix = Self.suffixes.first { lowered.hasSuffix($0) && lowered.utf8.count > $0.utf8.count } ?? ""
        stem = String(name.dropLast(suffix.count))
    }

    private static let suffixes = [
        ".nii.gz", ".hdr.gz", ".img.gz", ".tsv.gz", ".nii", ".hdr", ".img", ".json", ".tsv", ".bval", ".bvec", ".png",
        ".jpeg", ".jpg",
    ]
}
