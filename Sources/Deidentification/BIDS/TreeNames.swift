public import Cryptography

/// New names for the paths of files that are no DICOM objects, each a function of the old path, the key and the
/// participants: image, sidecar and gradients of one stem stay together, and so does a BIDS tree.
public struct TreeNames: Sendable {
    private let names: Pseudonyms
    /// By `participant(of:)`; others are known by their label alone.
    private let participants: [String: Subject]

    public init(_ names: Pseudonyms, participants: [String: Subject] = [:]) {
        (self.names, self.participants) = (names, participants)
    }

    /// The participant that a path belongs to: the data set's folder and the label of `sub-LABEL`; nil outside of one.
    ///
    /// Derivatives and source data of a participant are about the same person.
    public static func participant(of path: String) -> String? {
        let parts = path.split(separator: "/").map(String.init)
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            let name = isLast ? BIDSName(stem: SplitName(part).stem) : BIDSName(stem: part)
            guard let label = name?["sub"], isLast || part == "sub-\(label)" else { continue }
            return key(dataSet(parts[..<index]), label)
        }
        return nil
    }

    /// A participant of the data set whose table stands at a path.
    public static func participant(_ label: String, besides path: String) -> String {
        key(dataSet(path.split(separator: "/").map(String.init).dropLast()), label)
    }

    private static func dataSet(_ folders: ArraySlice<String>) -> String {
        folders.prefix { !BIDSVocabulary.layers.contains($0) }.joined(separator: "/")
    }

    private static func key(_ dataSet: String, _ label: String) -> String { "\(dataSet)\u{1F}\(label)" }

    /// The subject of a participant: by Patient ID where its sidecars have one, else by its label.
    public func subject(_ participant: String) -> Subject {
        participants[participant] ?? Self.subject(participant, names.key)
    }

    public static func subject(_ participant: String, _ key: ProjectKey) -> Subject {
        Subject(key: "participant\u{1F}\(participant)", key)
    }

    /// Tells trees with other participants apart, and says nothing of them without the key.
    public var fingerprint: String {
        let lines = participants.sorted { $0.key < $1.key }.map { "\($0.key)\u{1F}\($0.value.key)" }
        return names.name(lines.joined(separator: "\n"), .path)
    }

    // MARK: Names

    /// What stands for a participant's label: the folder's name of the same patient among DICOM files.
    func label(ofParticipant participant: String) -> String { names.name(subject(participant).key, .path, count: 8) }

    /// Sessions of one name stay sessions of one name over all participants, unless the name looks like a date.
    func session(_ label: String, of participant: String?) -> String {
        let isDated = label.filter(\.isNumber).count >= 6
        let owner = isDated ? participant.map { subject($0).key } ?? "" : ""
        return names.name("session\u{1F}\(owner)\u{1F}\(label)", .path, count: 8)
    }

    /// The label of an entity: vocabulary and numbers as they are.
    func label(_ label: String, of entity: String) -> String {
        if BIDSVocabulary.counters.contains(entity), label.count <= 4, label.allSatisfy(\.isASCIIDigit) { return label }
        if BIDSVocabulary.labels.contains(label) { return label }
        return names.name("label\u{1F}\(entity)\u{1F}\(label)", .path, count: 8)
    }

    /// The path of a file, or nil when its name belongs to another participant than its folder.
    ///
    /// - Parameter suffix: how the new name ends; the old one's ending when nil.
    public func path(_ path: String, suffix: String? = nil) -> String? {
        var (result, above) = ([String](), "")
        let parts = path.split(separator: "/").map(String.init)
        let owner = Self.participant(of: path)
        for folder in parts.dropLast() {
            above += "/\(folder)"
            result.append(self.folder(folder, above, owner))
        }
        guard let last = parts.last else { return nil }
        let split = SplitName(last)
        guard let stem = stem(split.stem, above, owner) else { return nil }
        return (result + [stem + (suffix ?? split.suffix)]).joined(separator: "/")
    }

    private func folder(_ name: String, _ path: String, _ owner: String?) -> String {
        if BIDSVocabulary.folders.contains(name) { return name }
        let parsed = BIDSName(stem: name)
        if let owner, let label = parsed?["sub"], name == "sub-\(label)", owner.hasSuffix("\u{1F}\(label)") {
            return "sub-\(self.label(ofParticipant: owner))"
        }
        if let label = parsed?["ses"], name == "ses-\(label)" { return "ses-\(session(label, of: owner))" }
        return names.name("folder\u{1F}\(path)", .path, count: 8)
    }

    private func stem(_ stem: String, _ folder: String, _ owner: String?) -> String? {
        if BIDSVocabulary.files.contains(stem) { return stem }
        guard var name = BIDSName(stem: stem) else {
            return names.name("stem\u{1F}\(folder)/\(stem)", .path, count: 8)
        }
        if let label = name["sub"], let owner, !owner.hasSuffix("\u{1F}\(label)") { return nil }
        name.entities = name.entities.map { key, label in
            switch key {
            case "sub": (key, owner.map { self.label(ofParticipant: $0) } ?? self.label(label, of: key))
            case "ses": (key, session(label, of: owner))
            default: (key, self.label(label, of: key))
            }
        }
        if let suffix = name.suffix, !BIDSVocabulary.suffixes.contains(suffix) {
            name.suffix = names.name("suffix\u{1F}\(suffix)", .path, count: 8)
        }
        return name.stem
    }

    // MARK: Paths inside of files

    /// A path that a file gives, relative to its own folder, a participant's folder or the root of its data set.
    func reference(_ text: String, from base: String) -> String? {
        let folders = base.split(separator: "/").map(String.init)
        let whole = (folders + text.split(separator: "/").map(String.init)).joined(separator: "/")
        guard !text.isEmpty, !text.hasPrefix("/"), !text.contains(".."), let mapped = path(whole) else { return nil }
        return mapped.split(separator: "/").dropFirst(folders.count).joined(separator: "/")
    }
}
