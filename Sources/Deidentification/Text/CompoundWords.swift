/// Words of letters and digits, and words joined without a sign: "T2w", "L5", "b1000", "3mm", "ep2d", "HeadNeck".
///
/// They stay by pattern: few digits, each run of letters a word or a sign of the field. A room's number of the same
/// form ("C3") cannot be told from a vertebra, but by what is beside it.
struct CompoundWord {
    /// A run of letters or a number, decimal sign included.
    struct Run {
        var range: Range<Int>
        var isNumber: Bool
        var digits: Int
        var isFraction: Bool
    }

    private let bytes: ArraySlice<UInt8>
    private var runs: [Run] = []

    /// - Parameter bytes: small letters without accents, digits, and "." and ":" between digits.
    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let isNumber = bytes[start] < 0x61
            var end = start
            while end < bytes.endIndex, (bytes[end] < 0x61) == isNumber { end += 1 }
            let digits = isNumber ? bytes[start..<end].prefix { $0 >= 0x30 && $0 <= 0x39 }.count : 0
            runs.append(Run(range: start..<end, isNumber: isNumber, digits: digits, isFraction: digits < end - start))
            start = end
        }
    }

    /// Whether it may stay as far as itself tells.
    var isTechnical: Bool {
        guard bytes.count <= 20, !bytes.contains(UInt8(ascii: ":")), runs.count > 1 else { return false }
        return isKernel || !isOldAge && (isMeasure || isOrdinal || isLevel || isSequence)
    }

    /// "93yo", "age93", "1116mo".
    private var isOldAge: Bool {
        runs.indices.contains { i in
            guard runs[i].isNumber else { return false }
            let next = i + 1 < runs.count ? runs[i + 1] : nil
            if let next, Vocabulary.isOldAge(value(runs[i]), bytes[next.range]) { return true }
            let hasUnit = next.map { roles($0).contains(.unit) } ?? false
            return i > 0 && !hasUnit && value(runs[i]) > 89 && roles(runs[i - 1]).contains(.age)
        }
    }

    /// "3mm", "1.5t", "120kv", "3x3x3", "0.5x0.5x2mm", "24h".
    var isMeasure: Bool {
        guard runs[0].isNumber else { return false }
        var rest = runs[...]
        while let number = rest.popFirst() {
            guard number.isNumber, number.digits <= 4, isDecimal(number) else { return false }
            guard let unit = rest.popFirst() else { return true }
            if equals(unit, "x"), !rest.isEmpty { continue }
            // 2,004 ms is an inversion time, 2004 of anything else a year.
            if Number(bytes[number.range]).isYear, !equals(unit, "ms") { return false }
            guard rest.isEmpty, roles(unit).contains(.unit) || roles(unit).contains(.age) else { return false }
            if equals(unit, "h") { return value(number) <= 6 || [12, 24, 48, 72].contains(value(number)) }
            return true
        }
        return true
    }

    /// "1st", "2nd".
    private var isOrdinal: Bool {
        runs.count == 2 && runs[0].isNumber && runs[0].digits <= 2 && !runs[0].isFraction
            && ["st", "nd", "rd", "th"].contains { equals(runs[1], $0) }
    }

    /// A vertebra, segment, stage, lead or weighting: one or two letters and a small number, "c3", "th12", "t1", "4a".
    var isLevel: Bool {
        guard runs.count == 2 else { return false }
        // "4a"
        if runs[0].isNumber, runs[0].digits == 1, !runs[0].isFraction {
            return runs[1].range.count == 1 && bytes.last! <= 0x64
        }
        guard runs[1].isNumber, !runs[1].isFraction, runs[1].digits <= 2 else { return false }
        if runs[0].range.count == 1 {
            return value(runs[1]) <= 12 && !"efjkoquwxyz".utf8.contains(bytes[runs[0].range.lowerBound])
        }
        return equals(runs[0], "th") && value(runs[1]) <= 12
    }

    /// A kernel of reconstruction: "b30f", "br40", "i70f", "bl57d".
    private var isKernel: Bool {
        guard runs.count == 2 || runs.count == 3, !runs[0].isNumber, runs[1].digits == 2, !runs[1].isFraction else {
            return false
        }
        let name = bytes[runs[0].range]
        guard name.count <= 2, "bdhijtuquv".utf8.contains(name.first!),
            name.count == 1 || "bfhlmnprtuvxz".utf8.contains(name.last!)
        else { return false }
        return runs.count == 2 || runs[2].range.count == 1 && "dfhmrsv".utf8.contains(bytes[runs[2].range.lowerBound])
    }

    /// Words and signs of sequences with up to two digits between ("tfl3d1", "t2w", "2ch", "v3"), four after a label
    /// ("b1000").
    private var isSequence: Bool {
        var (singles, loose) = (0, 0)
        for (i, run) in runs.enumerated() {
            if run.isNumber {
                guard isDecimal(run) else { return false }
                let follows = i > 0 ? runs[i - 1] : nil
                let leads = i + 1 < runs.count ? runs[i + 1] : nil
                let isLabelled = follows.map { roles($0).contains(.label) && !equals($0, "p") } ?? false
                let hasUnit = leads.map { roles($0).contains(.unit) } ?? false
                if Number(bytes[run.range]).isYear, !isLabelled || follows!.range.count > 3 { return false }
                guard run.digits <= (isLabelled || hasUnit ? 4 : 2) else { return false }
                if !isLabelled, !hasUnit { loose += run.digits }
            } else if run.range.count == 1 {
                guard "bcdfknprstvwx".utf8.contains(bytes[run.range.lowerBound]) else { return false }
                singles += 1
            } else if !isWord(run), !(i + 1 < runs.count && isPlaneAndWeighting(run)) {
                return false
            }
        }
        return loose <= 4 && singles <= 3
            && (singles < runs.count / 2 + 1 && loose <= 3 || singles == 0 || runs.count <= 3)
    }

    private func isWord(_ run: Run) -> Bool {
        let (kind, roles) = Vocabulary.look(up: bytes[run.range])
        return kind == .plain || kind == .surname || !roles.isDisjoint(with: [.label, .unit]) || equals(run, "ns")
    }

    /// "axt" of "axt2", as GE's descriptions run together.
    private func isPlaneAndWeighting(_ run: Run) -> Bool {
        guard bytes[run.range].last == UInt8(ascii: "t") else { return false }
        return ["ax", "sag", "cor", "tra", "obl"].contains { bytes[run.range].dropLast().elementsEqual($0.utf8) }
    }

    private func roles(_ run: Run) -> WordRoles { Vocabulary.look(up: bytes[run.range]).roles }
    private func equals(_ run: Run, _ text: String) -> Bool { bytes[run.range].elementsEqual(text.utf8) }
    private func value(_ run: Run) -> Int {
        bytes[run.range].prefix { $0 != 0x2E }.prefix(9).reduce(0) { $0 * 10 + Int($1 & 15) }
    }
    private func isDecimal(_ run: Run) -> Bool { bytes[run.range].filter { $0 == 0x2E }.count <= 1 }
}

extension TokenizedText {
    /// Kinds, roles and what goes for itself.
    mutating func classify() {
        for i in tokens.indices {
            let (kind, roles) = tokens[i].shape == .number ? (.none, []) : Vocabulary.look(up: text(i))
            tokens[i].kind = kind
            tokens[i].roles = roles
            guard tokens[i].verdict == .kept else { continue }
            switch tokens[i].shape {
            case .foreign: remove(i)
            case .number: tokens[i].verdict = .bare
            case .mixed: if !kind.isWord, !CompoundWord(text(i)).isTechnical { tokens[i].verdict = .unknown }
            case .word:
                if !kind.isWord { tokens[i].verdict = isJoinedWords(i) ? .kept : .unknown }
            }
        }
    }

    /// "HeadNeck": each part that starts with a capital is a word, and none is a name.
    private mutating func isJoinedWords(_ i: Int) -> Bool {
        let token = tokens[i]
        guard token.casing == .mixed, token.bytes.count == token.folded.count else { return false }
        var start = token.folded.lowerBound
        for (k, byte) in utf8[token.bytes].enumerated().dropFirst() where byte < 0x61 {
            let end = token.folded.lowerBound + k
            guard end - start > 1, Vocabulary.look(up: folded[start..<end]).kind == .plain else { return false }
            start = end
        }
        let isWord =
            token.folded.upperBound - start > 1
            && Vocabulary.look(up: folded[start..<token.folded.upperBound]).kind == .plain
        if isWord { tokens[i].kind = .plain }
        return isWord
    }
}
