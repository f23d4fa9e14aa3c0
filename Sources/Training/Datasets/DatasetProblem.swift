/// Something about a data set that was mended or that is refused.
public struct DatasetProblem: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        case notFinite = "boxes hold no numbers"
        case noArea = "boxes have no area"
        case outside = "boxes lie outside their image"
        case leaving = "boxes leave their image"
        case repeated = "boxes are there twice"
        case crowd = "crowd regions are left out: they are no single object"
        case polygon = "outlines are taken as the boxes around them"
        case unread = "images are left out: the reader did not look at them"
        case labelAlone = "label files have no image"
        case unreadable = "image files are of a kind that is not read: save them as PNG or JPEG"
        case missingFile = "image files are missing"

        /// Whether the data set is refused for it under `BoxRule.refuse`.
        var isFaultyBox: Bool { [.notFinite, .noArea, .outside, .leaving].contains(self) }
    }

    public var kind: Kind
    /// File and line, or file and number of the annotation; never an image's or patient's name.
    public var place: String

    /// A line for each kind: its count, what it is, and the first three places.
    static func summary(_ problems: [DatasetProblem]) -> [String] {
        Kind.allCases.compactMap { kind in
            let places = problems.filter { $0.kind == kind }.map(\.place)
            guard !places.isEmpty else { return nil }
            let more = places.count > 3 ? ", .." : ""
            return "\(places.count) \(kind.rawValue) (\(places.prefix(3).joined(separator: ", "))\(more))"
        }
    }
}
