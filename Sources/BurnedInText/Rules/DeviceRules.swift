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
        try parser.reader.finish()
        return DeviceRules(rules)
    }
}

private struct RuleParser {
    var reader = ConfigurationReader()

    mutating func rules(_ root: ConfigurationNode) -> [DeviceRule] {
        guard let entries = reader.mapping(root, "a rule file", ["version", "rules"]) else { return [] }
        let version = entries.first { $0.key == "version" }?.value
        if version?.number != 1 { reader.report(version?.mark ?? root.mark, "version: expected 1") }
        guard let list = entries.first(where: { $0.key == "rules" })?.value.sequence else {
            reader.report(root.mark, "rules: expected a list of rules")
            return []
        }
        var names: Set<String> = []
        return list.compactMap { node in
            let rule = rule(node)
            if let rule, !names.insert(rule.name).inserted {
                reader.report(node.mark, "there are two rules '\(rule.name)'")
            }
            return rule
        }
    }

    private mutating func rule(_ node: ConfigurationNode) -> DeviceRule? {
        let keys = ["name", "match", "blank", "detect", "outsideRegions", "hold"]
        guard let entries = reader.mapping(node, "a rule", keys) else { return nil }
        var rule = DeviceRule(name: "", match: .init(), blank: [])
        for entry in entries {
            switch entry.key {
            case "name": rule.name = reader.text(entry) ?? ""
            case "match": rule.match = match(entry.value)
            case "blank": rule.blank = rectangles(entry.value)
            case "detect": rule.detect = reader.choice(entry.value, entry.key)
            case "outsideRegions": rule.outsideRegions = reader.choice(entry.value, entry.key)
            case "hold": rule.hold = reader.text(entry)
            default: break
            }
        }
        if rule.name.isEmpty { reader.report(node.mark, "a rule needs a name: reports cite it") }
        let saysNothing = ["blank", "detect", "outsideRegions", "hold"].allSatisfy { key in
            !entries.contains { $0.key == key }
        }
        if saysNothing { reader.report(node.mark, "a rule needs blank, detect, outsideRegions or hold") }
        return rule
    }

    private mutating func match(_ node: ConfigurationNode) -> DeviceRule.Match {
        let keys = [
            "sopClass", "modality", "manufacturer", "model", "rows", "columns", "imageType", "imageTypeWithout",
            "burnedIn",
        ]
        var match = DeviceRule.Match()
        for entry in reader.mapping(node, "match", keys) ?? [] {
            switch entry.key {
            case "sopClass": match.sopClass = reader.texts(entry)
            case "modality": match.modality = reader.texts(entry)
            case "manufacturer": match.manufacturer = reader.texts(entry)
            case "model": match.model = reader.texts(entry)
            case "rows": match.rows = range(entry)
            case "columns": match.columns = range(entry)
            case "imageType": match.imageType = reader.texts(entry)
            case "imageTypeWithout": match.imageTypeWithout = reader.texts(entry)
            case "burnedIn":
                match.burnedIn = reader.texts(entry)
                for value in match.burnedIn where !["YES", "NO", "ABSENT"].contains(value) {
                    reader.report(entry.value.mark, "burnedIn: '\(value.prefix(40))' is not one of YES, NO, ABSENT")
                }
            default: break
            }
        }
        return match
    }

    private mutating func rectangles(_ node: ConfigurationNode) -> [PixelRectangle] {
        guard let list = node.sequence else {
            reader.report(node.mark, "blank: expected a list of [x, y, width, height], found \(node.kindDescription)")
            return []
        }
        return list.compactMap { item in
            let numbers = (item.sequence ?? []).compactMap { whole($0) }
            guard item.sequence?.count == 4, numbers.count == 4, numbers[2] > 0, numbers[3] > 0 else {
                reader.report(item.mark, "blank: expected [x, y, width, height], whole numbers of pixels up to 65535")
                return nil
            }
            return PixelRectangle(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
        }
    }

    private mutating func range(_ entry: ConfigurationNode.Entry) -> ClosedRange<Int>? {
        if let number = whole(entry.value) { return number...number }
        let bounds = (entry.value.sequence ?? []).compactMap { whole($0) }
        guard entry.value.sequence?.count == 2, bounds.count == 2, bounds[0] <= bounds[1] else {
            reader.report(entry.value.mark, "\(entry.key): expected a number or [least, greatest]")
            return nil
        }
        return bounds[0]...bounds[1]
    }

    private func whole(_ node: ConfigurationNode) -> Int? {
        guard let number = node.number, (0...65_535).contains(number), number == number.rounded() else { return nil }
        return Int(number)
    }
}
