import DataSets
public import Deidentification
public import Pipelines

/// A policy as a project writes it down, in YAML:
///
/// ```yaml
/// profile: basic
/// options: [retain-longitudinal-modified-dates, clean-descriptors]
/// patientRule: id                          # id, id-and-issuer, id-and-birth-date
/// attributes: { StudyDescription: hash, "(0018,1030)": keep }   # keep, remove, replace, hash
/// private:
///   - { creator: SIEMENS MR HEADER, element: "0019,100C" }      # kept; the block's number doesn't matter
/// ```
public enum PolicyFile {
    /// - Throws: `ConfigurationError` with every mistake at its line and column.
    public static func parse(_ text: String, name: String) throws(ConfigurationError) -> Policy {
        let root = try ConfigurationNode.parse(yaml: text, name: name)
        var reader = ConfigurationReader()
        let policy = read(root, &reader)
        try reader.finish()
        return policy
    }

    private static func read(_ root: ConfigurationNode, _ reader: inout ConfigurationReader) -> Policy {
        var (options, overrides, kept): (Set<ProfileOption>, [Tag: Policy.Override], Set<Policy.PrivateAttribute>) = (
            [], [:], []
        )
        var rule = Policy.PatientRule.id
        var (optionsMark, marks) = (root.mark, [Tag: ConfigurationNode.Mark]())
        for entry in reader.mapping(
            root, "a policy", ["name", "profile", "options", "patientRule", "attributes", "private"]) ?? []
        {
            switch entry.key {
            case "profile":
                if entry.value.string != "basic" { reader.report(entry.value.mark, "profile: there is one, basic") }
            case "options":
                optionsMark = entry.value.mark
                for node in entry.value.sequence ?? [entry.value] {
                    if let option: ProfileOption = reader.choice(node, "options") { options.insert(option) }
                }
            case "patientRule": rule = reader.choice(entry.value, "patientRule") ?? rule
            case "attributes": (overrides, marks) = attributes(entry, &reader)
            case "private": kept = privateAttributes(entry, &reader)
            default: break
            }
        }
        for (tag, override) in overrides.sorted(by: { $0.key < $1.key }) {
            guard let obstacle = Policy.obstacle(to: override, for: tag, options) else { continue }
            reader.report(marks[tag] ?? root.mark, "attributes: \(obstacle)")
            overrides[tag] = nil
        }
        var policy: Policy
        do { policy = try Policy(options: options, overrides: overrides) } catch {
            reader.report(optionsMark, "options: \(error.description)")
            return (try? Policy()) ?? { fatalError("the Basic Profile alone contradicts nothing") }()
        }
        (policy.keptPrivate, policy.patientRule) = (kept, rule)
        return policy
    }

    private static func attributes(
        _ entry: ConfigurationNode.Entry, _ reader: inout ConfigurationReader
    ) -> ([Tag: Policy.Override], marks: [Tag: ConfigurationNode.Mark]) {
        var (overrides, marks): ([Tag: Policy.Override], [Tag: ConfigurationNode.Mark]) = ([:], [:])
        for attribute in entry.value.mapping ?? [] {
            guard let tag = Tag(attribute.key) ?? Tag(keyword: attribute.key) else {
                reader.report(
                    attribute.keyMark, "attributes: no attribute of PS3.6 is called '\(attribute.key.prefix(64))'")
                continue
            }
            guard !tag.isPrivate else {
                reader.report(attribute.keyMark, "attributes: private attributes go by their creator, under private")
                continue
            }
            if let override: Policy.Override = reader.choice(attribute.value, attribute.key) {
                (overrides[tag], marks[tag]) = (override, attribute.keyMark)
            }
        }
        if entry.value.mapping == nil { reader.report(entry.value.mark, "attributes: expected a mapping") }
        return (overrides, marks)
    }

    private static func privateAttributes(
        _ entry: ConfigurationNode.Entry, _ reader: inout ConfigurationReader
    ) -> Set<Policy.PrivateAttribute> {
        var kept: Set<Policy.PrivateAttribute> = []
        for node in entry.value.sequence ?? [] {
            let parts = reader.mapping(node, "a private attribute", ["creator", "element"]) ?? []
            let creator = parts.first { $0.key == "creator" }?.value.string ?? ""
            let tag = parts.first { $0.key == "element" }?.value.string.flatMap { Tag($0) }
            guard !creator.isEmpty, let tag, tag.isPrivate else {
                reader.report(
                    node.mark, "private: expected { creator: NAME, element: \"gggg,eeee\" } with an odd group")
                continue
            }
            kept.insert(.init(creator: creator, group: tag.group, element: UInt8(tag.element & 0xFF)))
        }
        if entry.value.sequence == nil { reader.report(entry.value.mark, "private: expected a list") }
        return kept
    }
}
