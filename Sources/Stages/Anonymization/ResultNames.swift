import Cryptography
import Deidentification
import Files

/// Names of results, each given once.
struct ResultNames {
    let layout: OutputLayout
    let names: Pseudonyms
    private var taken: [String: (sopInstanceUID: String, path: String, digest: String?)] = [:]

    init(layout: OutputLayout, names: Pseudonyms) { (self.layout, self.names) = (layout, names) }

    enum Answer {
        case name(String)
        /// The bytes of a file that has a name already.
        case copy
        /// Another object's short name is the same.
        case collision
    }

    /// Two files that say they are one object and differ are both kept: the second is named by its content, too.
    /// - Parameter name: what the layout makes of the head.
    mutating func name(for path: String, _ head: FileHead, _ subject: Subject, first name: String) -> Answer {
        guard var first = taken[name] else {
            taken[name] = (head.sopInstanceUID, path, nil)
            return .name(name)
        }
        guard first.sopInstanceUID == head.sopInstanceUID else { return .collision }
        guard let digest = try? InputDigest.of(file: path),
            let other = first.digest ?? (try? InputDigest.of(file: first.path))
        else { return .collision }
        first.digest = other
        taken[name] = first
        if digest == other { return .copy }
        var variant = head
        variant.sopInstanceUID += "\u{1F}\(digest)"
        let second = layout.path(variant, subject, names)
        if taken[second] != nil { return .copy }
        taken[second] = (variant.sopInstanceUID, path, digest)
        return .name(second)
    }
}
