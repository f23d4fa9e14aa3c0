import TestSupport

/// Changes of text by words, for YAML and JSON.
enum TextMutation {
    /// What grammars stumble over.
    private static let words = [
        "", "-", ":", "{", "}", "[", "]", "&a", "*a", "<<: *a", "|", ">", "!!binary", "!!int", "~", "null", "true",
        "1e999",
        "-1", "0", "99999999999999999999", ".nan", ".inf", "0x7fffffffffffffff", "\"", "'", "\\u0000", "\u{FEFF}",
        "\u{1F600}",
        "\t", "---", "...", "? x", "a: &a [*a, *a]", "stages:", "- resize: { size: [1, 1, 1, 1, 1] }", "\"dtype\"",
        "F64",
        "data_offsets", "__metadata__", "4503599627370497", "-9223372036854775808",
    ]

    /// Swaps, repeats, removes or replaces words; a word is what stands between separators.
    static func apply(to bytes: inout [UInt8], _ random: inout SeededGenerator) {
        let starts = wordStarts(bytes)
        guard starts.count > 2 else { return }
        let first = Int.random(in: 0..<starts.count - 1, using: &random)
        let second = Int.random(in: 0..<starts.count - 1, using: &random)
        let (a, b) = (starts[first]..<starts[first + 1], starts[second]..<starts[second + 1])
        switch Int.random(in: 0..<4, using: &random) {
        case 0 where !a.overlaps(b):
            let (low, high) = a.lowerBound < b.lowerBound ? (a, b) : (b, a)
            let (lowText, highText) = (Array(bytes[low]), Array(bytes[high]))
            bytes.replaceSubrange(high, with: lowText)
            bytes.replaceSubrange(low, with: highText)
        case 1: bytes.insert(contentsOf: bytes[a], at: b.lowerBound)
        case 2: bytes.removeSubrange(a)
        default: bytes.replaceSubrange(a, with: Array(words.randomElement(using: &random)!.utf8))
        }
    }

    private static func wordStarts(_ bytes: [UInt8]) -> [Int] {
        let separators = Set(" \n,:{}[]\"".utf8)
        return [0]
            + bytes.indices.dropFirst().filter {
                separators.contains(bytes[$0]) != separators.contains(bytes[$0 - 1])
            } + [bytes.count]
    }
}
