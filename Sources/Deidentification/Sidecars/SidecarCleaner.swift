import CStandards
import DataSets

/// De-identifies the JSON files beside images (BIDS, dcm2niix, dcmstack, `hilum convert`): what no rule knows goes.
public struct SidecarCleaner: Sendable {
    private let files: FileCleaner
    private let tree: TreeNames

    public init(_ files: FileCleaner, _ tree: TreeNames) { (self.files, self.tree) = (files, tree) }

    /// - Parameters:
    ///   - path: of the file below the input; what it refers to is relative to it.
    ///   - subject: whose dates and names these are.
    /// - Throws: `Refusal` for text that is no object of JSON.
    public func clean(_ bytes: [UInt8], path: String, subject: Subject) throws(Refusal) -> CleanedText {
        guard case .object(let members) = try JSONParser.parse(bytes) else {
            throw Refusal(.unparsable, "JSON that is no object, so that no key says what its values are")
        }
        let attributes = Self.attributes(members)
        let values = ValueCleaner(files, subject, attributes: attributes)
        var work = Work(values: values, tree: tree, path: path)
        var node = JSONNode.object(work.clean(members, place: "") { SidecarRule.at($0) })
        if let result = tree.path(path) {
            work.values.values.note(path: path, becoming: result, technique: attributes.scannerNames)
        }
        // Names typed into fields for technique: only now all identities are known.
        let needles = work.values.values.needles
        node = work.withoutIdentities(node, needles) ?? .object([])
        if path.hasSuffix("dataset_description.json") { node = Self.named(node) }
        work.noteQuasiIdentifiers(node)
        let writer = JSONWriter(node)
        return CleanedText(
            bytes: writer.bytes, record: work.values.record, values: work.values.values, free: writer.free)
    }

    /// The members that mean what attributes of DICOM mean, as a data set.
    private static func attributes(_ members: [JSONNode.Member]) -> DataSet {
        var attributes = DataSet()
        for member in members {
            guard case .attribute(let tag)? = SidecarRule.at(member.key), let text = member.value.text else { continue }
            attributes.set(DataElement(tag, SidecarRule.representation(of: tag), text: text))
        }
        return attributes
    }

    private static func named(_ node: JSONNode) -> JSONNode {
        guard case .object(let members) = node, node["Name"] == nil else { return node }
        return .object([.init(key: "Name", value: .string(SidecarRule.dataSetName))] + members)
    }
}

/// The work on one file.
private struct Work {
    var values: ValueCleaner
    let tree: TreeNames
    let path: String

    mutating func clean(
        _ members: [JSONNode.Member], place: String, _ rule: (String) -> SidecarRule?
    ) -> [JSONNode.Member] {
        var result: [JSONNode.Member] = []
        for (index, member) in members.enumerated() {
            guard let rule = rule(member.key) else {
                // A key can be a name; its place tells where to look.
                values.values.note(member.key)
                values.note(member.value)
                values.record.count(.removed, "unknown key")
                values.record.noteUnruled("\(place)/\(index + 1)")
                continue
            }
            if let value = clean(member.value, rule, "\(place)/\(index + 1)") {
                result.append(.init(key: member.key, value: value))
            }
        }
        return result
    }

    private mutating func clean(_ node: JSONNode, _ rule: SidecarRule, _ place: String) -> JSONNode? {
        switch rule {
        case .attribute(let tag): return attribute(node, tag, place)
        case .object(let rules): return objects(node, place) { rules[$0] }
        case .scope: return objects(node, place) { SidecarRule.at($0) }
        case .numbers: return leaves(node) { Self.isNumber($0) { TechnicalNumber.isMeasure($0) } ? $0 : nil }
        case .quantities: return leaves(node) { Self.isNumber($0, TechnicalNumber.isQuantity) ? $0 : nil }
        case .oneOf(let words): return leaves(node) { $0.text.map(words.contains) == true ? $0 : nil }
        case .code: return leaves(node) { $0.text.map(ValueCleaner.isCode) == true ? $0 : nil }
        case .constant(let text): return leaves(node) { $0 == .string(text) ? $0 : nil }
        case .version: return leaves(node) { Self.version($0) }
        case .label(let entity):
            return leaves(node) { [tree] leaf in
                let label = (leaf.text ?? "").filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
                return label.isEmpty ? nil : .string(tree.label(label, of: entity))
            }
        case .paths: return leaves(node) { [self] in reference($0.text ?? "").map { .string($0) } }
        case .instances: return leaves(node) { [values] in Self.instance($0.text ?? "", values).map { .string($0) } }
        }
    }

    private mutating func attribute(_ node: JSONNode, _ tag: Tag, _ place: String) -> JSONNode? {
        guard SidecarRule.representation(of: tag) == .SQ else { return values.clean(node, as: tag) }
        let rule = values.book.rule(for: tag)
        guard rule.optional == .enter || rule.optional == .keep else {
            values.note(node)
            values.record.count(.removed, rule.id.text)
            return nil
        }
        return objects(node, place) { SidecarRule.at($0) }
    }

    private mutating func objects(_ node: JSONNode, _ place: String, _ rule: (String) -> SidecarRule?) -> JSONNode? {
        switch node {
        case .object(let members): return .object(clean(members, place: place, rule))
        case .array(let items):
            var result: [JSONNode] = []
            for (index, item) in items.enumerated() {
                guard case .object(let members) = item else { return leaves(node) { _ in nil } }
                result.append(.object(clean(members, place: "\(place)/\(index + 1)", rule)))
            }
            return .array(result)
        default: return leaves(node) { _ in nil }
        }
    }

    /// A leaf, or arrays of leaves, each by a rule; the whole goes when one of them does.
    private mutating func leaves(_ node: JSONNode, _ body: (JSONNode) -> JSONNode?) -> JSONNode? {
        let result = Self.map(node, body)
        if result != node { values.note(node) }
        if result == nil { values.record.count(.removed, "not what its key announces") }
        if let result, result != node { values.record.count(.replaced, "name under the key") }
        return result
    }

    private static func map(_ node: JSONNode, _ body: (JSONNode) -> JSONNode?) -> JSONNode? {
        switch node {
        case .null: return .null
        case .object: return nil
        case .array(let elements):
            let mapped = elements.map { map($0, body) }
            return mapped.contains(nil) ? nil : .array(mapped.compactMap { $0 })
        default: return body(node)
        }
    }

    // MARK: Kinds of values

    private static func isNumber(_ node: JSONNode, _ isOne: (String) -> Bool) -> Bool {
        if case .bool = node { return true }
        return node.text.map(isOne) == true
    }

    /// The first word, when it is the number of a version: what follows may name machines and builders.
    private static func version(_ node: JSONNode) -> JSONNode? {
        guard let word = node.text?.split(separator: " ").first, word.utf8.count <= 32,
            word.wholeMatch(of: #/v?\d+(\.\d+)*([-+.]?(alpha|beta|rc|dev|post)?\d*)?/#) != nil
        else { return nil }
        return node.text == String(word) ? node : .string(String(word))
    }

    /// A UID, with "#" and a number behind it for one frame.
    private static func instance(_ text: String, _ values: ValueCleaner) -> String? {
        let parts = text.split(separator: "#", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.dropFirst().allSatisfy({ Int($0) != nil }) else { return nil }
        guard !parts[0].isEmpty, parts[0].allSatisfy({ $0.isASCIIDigit || $0 == "." }) else { return nil }
        let isKept = values.book.policy.has(.retainUIDs)
        let uid = isKept ? String(parts[0]) : values.names.uid(String(parts[0]))
        return ([uid] + parts.dropFirst().map(String.init)).joined(separator: "#")
    }

    /// A path from the participant's folder, or with "bids::" from the data set's.
    private func reference(_ text: String) -> String? {
        let folders = path.split(separator: "/").map(String.init).dropLast()
        let root = folders.firstIndex { $0.hasPrefix("sub-") } ?? folders.endIndex
        if text.hasPrefix("bids::") {
            let base = folders[..<root].joined(separator: "/")
            return tree.reference(String(text.dropFirst(6)), from: base).map { "bids::" + $0 }
        }
        let base = folders.prefix(root < folders.endIndex ? root + 1 : root).joined(separator: "/")
        return tree.reference(text, from: base)
    }

    // MARK: What stays

    /// - Parameter key: under which the node stands; empty at the top.
    mutating func withoutIdentities(_ node: JSONNode, _ needles: NeedleSet, under key: String = "") -> JSONNode? {
        switch node {
        case .string(var text):
            guard text.withUTF8({ needles.identify($0) }) else { return node }
            values.values.note(text)
            values.record.count(.removed, RuleID.identityFound.text)
            return nil
        case .number(let text):
            guard needles.identify(number: text.utf8, isGiven: key.hasSuffix("Number")) else { return node }
            values.values.note(text)
            values.record.count(.removed, RuleID.identityFound.text)
            return nil
        case .array(let elements):
            let cleaned = elements.map { withoutIdentities($0, needles, under: key) }
            return cleaned.contains(nil) ? nil : node
        case .object(let members):
            return .object(
                members.compactMap { member in
                    withoutIdentities(member.value, needles, under: member.key).map {
                        .init(key: member.key, value: $0)
                    }
                })
        default: return node
        }
    }

    /// At the top, and wherever an object holds members that mean attributes.
    mutating func noteQuasiIdentifiers(_ node: JSONNode) {
        guard case .object(let members) = node else { return }
        for member in members {
            noteQuasiIdentifiers(member.value)
            guard case .attribute(let tag)? = SidecarRule.at(member.key), let name = QuasiIdentifiers.names[tag],
                let text = member.value.text, !text.isEmpty
            else { continue }
            values.record.noteQuasiIdentifier(name, tag == .patientSex ? QuasiIdentifiers.code(ofSex: text) : text)
        }
    }
}
