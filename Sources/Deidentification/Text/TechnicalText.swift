import Parallel

/// Looks through texts that describe equipment and technique. Most of their words are of no vocabulary ("*tfl3d1_16ns",
/// "HeadNeck_20"), so that only what has the form of an address, a person, a hospital, a number of theirs or a day goes.
/// Names that the file's own header tells are found wherever they stand, later (`IdentitySearch`).
enum TechnicalText {
    /// What a text may hold by right.
    enum Use {
        /// Codes and their schemes: numbers of any length and days of versions.
        case vocabulary
        /// Makers, models and versions: days and long numbers of parts, makers called after a doctor or a university, and
        /// their hosts.
        case equipment
        case technique
    }

    /// What is wrong with such a text, for a warning.
    static let problem = "what reads like a person, a place, an address, a telephone number or a day"

    /// Whether a text, or one of several values, tells of somebody, some place or some day.
    static func isPersonal(_ text: String, _ use: Use) -> Bool {
        // The files of a study say the same thing a thousand times.
        let question = Question(text: text, use: use)
        if let verdict = verdicts.withLock({ $0[question] }) { return verdict }
        let verdict = text.split { $0 == "\\" || $0 == "\0" }.contains { isPersonal(value: String($0), use) }
        verdicts.withLock { if $0.count < 4096, text.utf8.count <= 256 { $0[question] = verdict } }
        return verdict
    }

    private struct Question: Hashable {
        let text: String
        let use: Use
    }

    private static let verdicts = Locked<[Question: Bool]>([:])

    private static func isPersonal(value text: String, _ use: Use) -> Bool {
        // A word alone with few digits has none of these forms, and texts of frames are many.
        let (digits, marks) = text.utf8.reduce(into: (0, 0)) { count, byte in
            count.0 += (0x30...0x39).contains(byte) ? 1 : 0
            count.1 += (0x20...0x2F).contains(byte) || (0x3A...0x40).contains(byte) ? 1 : 0
        }
        guard digits >= 6 || marks > 0 || text.utf8.contains(0x5E) else { return false }
        // "^18^Fluorine" is no name.
        let isIsotope = zip(text.utf8, text.utf8.dropFirst()).contains { first, second in
            first == 0x5E && (0x30...0x39).contains(second) || second == 0x5E && (0x30...0x39).contains(first)
        }
        var tokenized = TokenizedText(isIsotope ? text.split(separator: "^").joined(separator: " ") : text)
        // Addresses of mail and web, hosts and names with carets are known as soon as they are cut.
        let isAddress = tokenized.tokens.contains { $0.verdict == .removed }
        if isAddress, use != .equipment || text.contains("@") { return true }
        guard use == .technique else { return false }
        if digits >= 8, WrittenNumbers(text).hasTelephone { return true }
        tokenized.classify()
        return tokenized.namesPerson || tokenized.namesDay || digits >= 6 && WrittenNumbers(text).hasDate
            || tokenized.namesInstitution
    }
}

extension TokenizedText {
    /// "Dr Young"; not "DR CHEST", "Hr 40".
    fileprivate var namesPerson: Bool {
        tokens.indices.contains { i in
            guard tokens[i].roles.contains(.title), isTitle(i), let next = after(i) else { return false }
            return tokens[next].shape == .word && !tokens[next].isLetter && tokens[next].kind != .plain
                && !gapAfter(i).contains(.hyphen) && !gapAfter(i).contains(.underscore)
        }
    }

    /// "14 March 2019"
    fileprivate var namesDay: Bool {
        tokens.indices.contains { i in
            guard tokens[i].roles.contains(.month) else { return false }
            let near = [i - 2, i - 1, i + 1, i + 2].filter { tokens.indices.contains($0) && tokens[$0].hasDigit }
            return near.contains { Number(text($0)).isYear } && near.contains { text($0).count <= 4 && !isYear($0) }
        }
    }

    private func isYear(_ i: Int) -> Bool { Number(text(i)).isYear }

    /// "St. Mary's Hospital"; not "hospital" alone.
    fileprivate var namesInstitution: Bool {
        guard let place = tokens.indices.first(where: { isInstitution($0) }) else { return false }
        var copy = self
        let known = copy.tokens.count { $0.verdict == .removed }
        copy.removeInstitution(place)
        return copy.tokens.count { $0.verdict == .removed } > known
    }
}

/// Numbers of a text as they stand, with the signs within them.
private struct WrittenNumbers {
    private let words: [Substring]

    init(_ text: String) { words = text.split { $0.isWhitespace || ",;=".contains($0) } }

    /// "555-123-4567", "555.123.4567", "(555) 123-4567", "+49 89 123456", "0664 1234567", and nine digits in a row that
    /// are no mask of bits.
    var hasTelephone: Bool {
        words.indices.contains { i in
            let word = words[i].filter { !"():".contains($0) }[...]
            if word.split(whereSeparator: { !$0.isASCIIDigit }).contains(where: { $0.count >= 9 && Set($0).count > 2 })
            {
                return true
            }
            let isForeign = word.first == "+"
            guard let parts = Self.parts(word.drop { $0 == "+" }) else { return false }
            let next = i + 1 < words.endIndex ? Self.parts(words[i + 1]) ?? [] : []
            let (count, more) = (parts.reduce(0) { $0 + $1.count }, next.reduce(0) { $0 + $1.count })
            if isForeign { return count + words[(i + 1)...].prefix(4).reduce(0) { $0 + Self.digits($1) } >= 8 }
            if words[i].first == "(", count >= 2, more >= 5 { return true }
            if parts[0].first == "0", count >= 3, !word.contains(".") {
                return parts.count == 1 && count <= 5 && more >= 6 || parts.count > 1 && count >= 8
            }
            // Versions and part numbers have dots, too.
            let isWhole = word.contains(".") ? parts.map(\.count) == [3, 3, 4] : !word.contains("/") && parts.count > 2
            return isWhole && count >= 9 && parts.allSatisfy { (2...5).contains($0.count) }
        }
    }

    /// "14.03.2019", "2019-03-14"
    var hasDate: Bool {
        words.contains { word in
            guard let parts = Self.parts(word.filter { !"():".contains($0) }[...]), parts.count == 3 else {
                return false
            }
            let counts = parts.map(\.count)
            guard counts[1] <= 2, let year = [parts[0], parts[2]].first(where: { $0.count == 4 }).flatMap({ Int($0) })
            else { return false }
            let others = parts.filter { $0.count <= 2 }.compactMap { Int($0) }
            return (1900..<2100).contains(year) && others.count == 2 && others.allSatisfy { (1...31).contains($0) }
        }
    }

    private static func parts(_ word: Substring) -> [String]? {
        var parts = [""]
        for sign in word { if "-./".contains(sign) { parts.append("") } else { parts[parts.count - 1].append(sign) } }
        return parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) } ? parts : nil
    }

    private static func digits(_ word: Substring) -> Int { parts(word)?.reduce(0) { $0 + $1.count } ?? 0 }
}
