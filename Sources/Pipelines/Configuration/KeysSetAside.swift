import Yams

/// Lets YAML with a key that stands twice in a mapping be read to its end. Yams stops at the first, and tells where it is:
/// there it is replaced by as many characters that nobody writes, so that every other mistake keeps its place.
struct KeysSetAside {
    private var lines: [String]
    /// By what stands in their place.
    private var keys: [String: String] = [:]

    /// More are not looked for: each takes another reading.
    private static let most = 20

    init(lines: [String]) { self.lines = lines }

    var isEmpty: Bool { keys.isEmpty }

    /// A key as the file has it.
    func original(_ key: String) -> String { keys[key] ?? key }

    mutating func compose(_ text: String) throws -> Yams.Node? {
        var text = text
        while true {
            do {
                return try Yams.compose(yaml: text)
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) where setsAside(keys[0], context.mark) {
                text = lines.joined(separator: "\n")
            }
        }
    }

    /// - Returns: false where the key is not spelled at its mark as it reads, by escapes or an anchor.
    private mutating func setsAside(_ key: String, _ mark: Mark) -> Bool {
        guard keys.count < Self.most, !key.isEmpty, lines.indices.contains(mark.line - 1) else { return false }
        var line = Array(lines[mark.line - 1].unicodeScalars)
        var start = mark.column - 1
        if line.indices.contains(start), line[start] == "\"" || line[start] == "'" { start += 1 }
        let range = start..<start + key.unicodeScalars.count
        guard range.upperBound <= line.count, line[range].elementsEqual(key.unicodeScalars),
            // For private use: no key has them.
            let place = Unicode.Scalar(0xE000 + UInt32(keys.count))
        else { return false }
        line.replaceSubrange(range, with: repeatElement(place, count: range.count))
        var changed = String.UnicodeScalarView()
        changed.append(contentsOf: line)
        lines[mark.line - 1] = String(changed)
        keys[String(repeating: Character(place), count: range.count)] = key
        return true
    }
}
