public import Pipelines

/// The rules of a file such as `pipelines/burned-in-text.yaml`, in its order.
public struct DeviceRules: Sendable, Hashable {
    public var rules: [DeviceRule]

    public init(_ rules: [DeviceRule]) { self.rules = rules }

    /// Reads a rule file; its own header documents the format.
    ///
    /// - Throws: `ConfigurationError` with every mistake at its line and column.
    public static func parse(_ text: String, name: String) throws(ConfigurationError) -> DeviceRules {
        let root = try ConfigurationNode.parse(yaml: text, name: name)
        var parser = RuleParser()
        let rules = parser.rules(root)
        guard parser.diagnostics.isEmpty else { throw ConfigurationError(parser.diagnostics) }
        return DeviceRules(rules)
    }
}

/// Collects mistakes instead of stopping at the first.
private struct RuleParser {
    var diagnostics: [Diagnostic] = []

    mutating func rules(_ root: ConfigurationNode) -> [DeviceRule] {
        guard let entries = mapping(root, "a rule file", ["version", "rules"]) else { return [] }
        let version = entries.first { $0.key == "version" }?.value
        if version?.number != 1 { report(version?.mark ?? root.mark, "version: expected 1") }
        guard let list = entries.first(where: { $0.key == "rules" })?.value.sequence else {
            report(root.mark, "rules: expected a list of rules")
            return []
        }
        var names: Set<String> = []
        return list.compactMap { node in
            let rule = rule(node)
            if let rule, !names.insert(rule.name).inserted {
                report(node.mark, "there are two rules '\(rule.name)'")
            }
            return rule
        }
    }

    private mutating func rule(_ node: ConfigurationNode) -> DeviceRule? {
        let keys = ["name", "match", "blank", "detect", "outsideRegions", "hold"]
        guard let entries = mapping(node, "a rule", keys) else { return nil }
        var rule = DeviceRule(name: "", match: .init(), blank: [])
        for entry in entries {
            switch entry.key {
            case "name": rule.name = text(entry) ?? ""
            case "match": rule.match = match(entry.value)
            case "blank": rule.blank = rectangles(entry.value)
            case "detect": rule.detect = choice(entry)
            case "outsideRegions": rule.outsideRegions = choice(entry)
            case "hold": rule.hold = text(entry)
            default: break
            }
        }
        if rule.name.isEmpty { report(node.mark, "a rule needs a name: reports cite it") }
        let saysNothing = ["blank", "detect", "outsideRegions", "hold"].allSatisfy { key in
            !entries.contains { $0.key == key }
        }
        if saysNothing { report(node.mark, "a rule needs blank, detect, outsideRegions or hold") }
        return rule
    }

    private mutating func match(_ node: ConfigurationNode) -> DeviceRule.Match {
        let keys = [
            "sopClass", "modality", "manufacturer", "model", "rows", "columns", "imageType", "imageTypeWithout",
            "burnedIn",
        ]
        var match = DeviceRule.Match()
        for entry in mapping(node, "match", keys) ?? [] {
            switch entry.key {
            case "sopClass": match.sopClass = texts(entry)
            case "modality": match.modality = texts(entry)
            case "manufacturer": match.manufacturer = texts(entry)
            case "model": match.model = texts(entry)
            case "rows": match.rows = range(entry)
            case "columns": match.columns = range(entry)
            case "imageType": match.imageType = texts(entry)
            case "imageTypeWithout": match.imageTypeWithout = texts(entry)
            case "burnedIn":
                match.burnedIn = texts(entry)
                for value in match.burnedIn where !["YES", "NO", "ABSENT"].contains(value) {
                    report(entry.value.mark, "burnedIn: '\(value.prefix(40))' is not one of YES, NO, ABSENT")
                }
            default: break
            }
        }
        return match
    }

    private mutating func rectangles(_ node: ConfigurationNode) -> [PixelRectangle] {
        guard let list = node.sequence else {
            report(node.mark, "blank: expected a list of [x, y, width, height], found \(node.kindDescription)")
            return []
        }
        return list.compactMap { item in
            let numbers = (item.sequence ?? []).compactMap { whole($0) }
            guard item.sequence?.count == 4, numbers.count == 4, numbers[2] > 0, numbers[3] > 0 else {
                report(item.mark, "blank: expected [x, y, width, height], whole numbers of pixels up to 65535")
                return nil
            }
            return PixelRectangle(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
        }
    }

    private mutating func range(_ entry: ConfigurationNode.Entry) -> ClosedRange<Int>? {
        if let number = whole(entry.value) { return number...number }
        let bounds = (entry.value.sequence ?? []).compactMap { whole($0) }
        guard entry.value.sequence?.count == 2, bounds.count == 2, bounds[0] <= bounds[1] else {
            report(entry.value.mark, "\(entry.key): expected a number or [least, greatest]")
            return nil
        }
        return bounds[0]...bounds[1]
    }

    private func whole(_ node: ConfigurationNode) -> Int? {
        guard let number = node.number, (0...65_535).contains(number), number == number.rounded() else { return nil }
        return Int(number)
    }

    private mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ entry: ConfigurationNode.Entry
    ) -> Choice? where Choice.RawValue == String {
        let names = Choice.allCases.map(\.rawValue)
        if let choice = entry.value.string.flatMap({ Choice(rawValue: $0) }) { return choice }
        report(
            entry.value.mark,
            "\(entry.key): expected one of \(names.joined(separator: ", ")), found \(entry.value.kindDescription)",
            suggestion: entry.value.string.flatMap { nearest(to: $0, among: names) })
        return nil
    }

    private mutating func text(_ entry: ConfigurationNode.Entry) -> String? {
        if let text = entry.value.string, !text.isEmpty { return text }
        report(entry.value.mark, "\(entry.key): expected text, found \(entry.value.kindDescription)")
        return nil
    }

    private mutating func texts(_ entry: ConfigurationNode.Entry) -> [String] {
        let nodes = entry.value.sequence ?? [entry.value]
        let texts = nodes.compactMap(\.string)
        if texts.count != nodes.count || texts.isEmpty {
            report(entry.value.mark, "\(entry.key): expected text or a list of it")
        }
        return texts
    }

    private mutating func mapping(
        _ node: ConfigurationNode, _ owner: String, _ known: [String]
    ) -> [ConfigurationNode.Entry]? {
        guard let entries = node.mapping else {
            report(node.mark, "\(owner): expected a mapping, found \(node.kindDescription)")
            return nil
        }
        for entry in entries where !known.contains(entry.key) {
            report(
                entry.keyMark, "\(owner) has no '\(entry.key)'; it has \(known.joined(separator: ", "))",
                suggestion: nearest(to: entry.key, among: known))
        }
        return entries
    }

    private mutating func report(_ mark: ConfigurationNode.Mark, _ message: String, suggestion: String? = nil) {
        diagnostics.append(Diagnostic(mark, message, suggestion: suggestion))
    }
}
