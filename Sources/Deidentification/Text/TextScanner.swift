import CStandards

/// Cuts tokens off UTF-8 bytes.
struct TextScanner {
    private enum Sign { case letter, digit, foreign, mark, separator }

    private let utf8: [UInt8]
    private var position = 0
    private var gap: Gap = []
    private var gapStart = 0
    /// Tokens from here on are in one piece without spaces, and whether it is an address or a path.
    private var chunkStart = 0
    private var chunkIsAddress = false
    /// The same between underscores, for a name with carets.
    private var pieceStart = 0
    private var pieceIsName = false

    init(_ utf8: [UInt8]) { self.utf8 = utf8 }

    mutating func run(into text: inout TokenizedText) {
        while position < utf8.count {
            let (sign, length, letters) = next(at: position)
            if sign == .separator || sign == .mark {
                separate(length, &text)
            } else {
                token(sign, length, letters, &text)
            }
        }
        endChunk(&text)
    }

    /// What is at a position, its length in bytes, and its letters without accents, the second in the upper byte.
    private func next(at i: Int) -> (Sign, Int, UInt16) {
        let byte = utf8[i]
        switch byte {
        case 0x61...0x7A: return (.letter, 1, UInt16(byte))
        case 0x41...0x5A: return (.letter, 1, UInt16(byte | 0x20))
        case 0x30...0x39: return (.digit, 1, UInt16(byte))
        case 0..<0x80: return (.separator, 1, 0)
        default: break
        }
        let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        var scalar = UInt32(byte) & (0x7F >> UInt32(length))
        for k in 1..<length { scalar = scalar << 6 | UInt32(utf8[i + k] & 0x3F) }
        var letters: (CChar, CChar) = (0, 0)
        let count = withUnsafeMutableBytes(of: &letters) {
            standard_fold(scalar, $0.assumingMemoryBound(to: CChar.self).baseAddress)
        }
        if count > 0 { return (.letter, length, UInt16(UInt8(letters.0)) | UInt16(UInt8(letters.1)) << 8) }
        switch scalar {
        case 0xB5, 0x3BC: return (.letter, length, UInt16(UInt8(ascii: "u")))
        case 0x300...0x36F: return (.mark, length, 0)
        case 0xA0, 0xB0, 0xB1, 0xB2, 0xB3, 0xB7, 0xD7, 0xAB, 0xBB, 0x2009, 0x202F, 0x2010...0x2015, 0x2018...0x201F,
            0x2022,
            0x2026, 0x2032, 0x2033, 0x2212, 0x2248, 0x2264, 0x2265, 0x2192:
            return (.separator, length, 0)
        default: return (.foreign, length, 0)
        }
    }

    private mutating func token(_ first: Sign, _ length: Int, _ letters: UInt16, _ text: inout TokenizedText) {
        let (start, foldedStart) = (position, text.folded.count)
        var (sign, length, letters) = (first, length, letters)
        var (hasLetter, hasDigit, isForeign) = (false, false, false)
        var (capitals, smalls, startsCapital) = (0, 0, false)
        scan: while true {
            switch sign {
            case .letter:
                hasLetter = true
                let isCapital = length == 1 ? utf8[position] < 0x61 : isCapital(at: position, length)
                if isCapital { capitals += 1 } else { smalls += 1 }
                if position == start { startsCapital = isCapital }
                text.folded.append(UInt8(truncatingIfNeeded: letters))
                if letters > 0xFF { text.folded.append(UInt8(letters >> 8)) }
            case .digit:
                hasDigit = true
                text.folded.append(utf8[position])
            case .foreign: isForeign = true
            case .mark: break
            case .separator:
                // Only decimal signs and apostrophes get here: "1.5", "12:30", "patient's".
                if hasDigit { text.folded.append(utf8[position] == 0x3A ? 0x3A : 0x2E) }
            }
            position += length
            guard position < utf8.count else { break scan }
            (sign, length, letters) = next(at: position)
            if sign == .separator {
                guard continues(at: position, length, afterDigit: isDigit(text.folded.last), start) else { break scan }
                if length == 1, !isDigit(text.folded.last) {
                    position += 1
                    (sign, length, letters) = next(at: position)
                }
                if length == 3 {
                    position += 3
                    (sign, length, letters) = next(at: position)
                }
            }
        }
        if hasLetter, !hasDigit, dropsPossessive(start, text.folded.count - foldedStart) { text.folded.removeLast() }
        text.tokens.append(
            TextToken(
                bytes: start..<position, folded: foldedStart..<text.folded.count,
                shape: isForeign ? .foreign : !hasDigit ? .word : hasLetter ? .mixed : .number,
                casing: capitals == 0
                    ? .lower : smalls == 0 ? .upper : startsCapital && capitals == 1 ? .capitalised : .mixed,
                gap: closeGap(before: start, text)))
        gap = []
        gapStart = position
    }

    private func isDigit(_ byte: UInt8?) -> Bool { byte.map { $0 >= 0x30 && $0 <= 0x39 } ?? false }

    private func isCapital(at i: Int, _ length: Int) -> Bool {
        String(decoding: utf8[i..<i + length], as: UTF8.self).unicodeScalars.first?.properties.isUppercase ?? false
    }

    /// A decimal sign or colon between digits, or an apostrophe between letters, belongs to the token.
    private func continues(at i: Int, _ length: Int, afterDigit: Bool, _ start: Int) -> Bool {
        guard i + length < utf8.count, i > start else { return false }
        let following = next(at: i + length).0
        if length == 1, afterDigit, utf8[i] == 0x2E || utf8[i] == 0x2C || utf8[i] == 0x3A {
            // "0,500,1000" are three numbers.
            let isList =
                utf8[i] == 0x2C && i + 3 < utf8.count && next(at: i + 2).0 == .digit && next(at: i + 3).0 == .digit
            return following == .digit && !isList
        }
        let isApostrophe =
            length == 1 ? utf8[i] == 0x27 : length == 3 && utf8[i] == 0xE2 && utf8[i + 1] == 0x80 && utf8[i + 2] == 0x99
        // "l'aorta" are two words; "O'Brien" is one.
        let isElision = i - start == 1 && [0x64, 0x6C, 0x6E, 0x73].contains(utf8[start])
        return isApostrophe && !afterDigit && !isElision && following == .letter
    }

    /// Whether a word ends with an apostrophe and s.
    private func dropsPossessive(_ start: Int, _ letters: Int) -> Bool {
        guard letters > 1, utf8[position - 1] | 0x20 == 0x73 else { return false }
        return utf8[position - 2] == 0x27
            || position - start > 4 && utf8[position - 4] == 0xE2 && utf8[position - 3] == 0x80
                && utf8[position - 2] == 0x99
    }

    private mutating func separate(_ length: Int, _ text: inout TokenizedText) {
        let byte = utf8[position]
        if length > 1 {
            let scalar = next(at: position).0 == .mark ? 0 : Int(utf8[position + length - 1])
            if byte == 0xC2, scalar == 0xA0 { gap.insert(.space) } else { gap.insert(byte == 0xC3 ? .times : .other) }
            if byte == 0xC2, scalar == 0xB0 { gap.insert(.percent) }
            if byte == 0xE2, utf8[position + 1] == 0x80, scalar >= 0x90, scalar <= 0x95 {
                gap.remove(.other)
                gap.insert(.hyphen)
            }
        } else {
            switch byte {
            case 0x20, 0x09: gap.insert(.space)
            case 0x0A, 0x0D, 0x0C, 0x0B: gap.insert([.newline, .stop])
            case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"): gap.insert(.dot)
            case UInt8(ascii: ";"), UInt8(ascii: "|"): gap.insert([.other, .stop])
            case UInt8(ascii: ","): gap.insert(.comma)
            case UInt8(ascii: ":"): gap.insert(.colon)
            case UInt8(ascii: "-"): gap.insert(.hyphen)
            case UInt8(ascii: "/"): gap.insert(.slash)
            case UInt8(ascii: "_"): gap.insert(.underscore)
            case UInt8(ascii: "="): gap.insert(.equals)
            case UInt8(ascii: "%"): gap.insert(.percent)
            case UInt8(ascii: "+"): gap.insert(.plus)
            case UInt8(ascii: "#"): gap.insert(.hash)
            case UInt8(ascii: "*"): gap.insert(.times)
            default: gap.insert(.other)
            }
            noteAddress(byte)
        }
        position += length
        if byte == UInt8(ascii: "_") { endPiece(&text) }
        if gap.contains(.space) || gap.contains(.newline) { endChunk(&text) }
    }

    /// Mail, web addresses, names with carets and paths go whole.
    private mutating func noteAddress(_ byte: UInt8) {
        func isLetter(_ i: Int) -> Bool {
            utf8.indices.contains(i) && (utf8[i] | 0x20) >= 0x61 && (utf8[i] | 0x20) <= 0x7A
        }
        func isWord(_ i: Int) -> Bool {
            isLetter(i) || utf8.indices.contains(i) && (isDigit(utf8[i]) || utf8[i] >= 0x80)
        }
        switch byte {
        case UInt8(ascii: "@"), UInt8(ascii: "\\"):
            chunkIsAddress = chunkIsAddress || isWord(position - 1) && isWord(position + 1)
        case UInt8(ascii: "^"): pieceIsName = pieceIsName || isLetter(position - 1) || isLetter(position + 1)
        case UInt8(ascii: ":"):
            chunkIsAddress =
                chunkIsAddress || utf8[position...].starts(with: [0x3A, 0x2F, 0x2F])
                || isLetter(position - 1) && position + 1 < utf8.count && utf8[position + 1] == UInt8(ascii: "\\")
        default: break
        }
    }

    private mutating func endPiece(_ text: inout TokenizedText) {
        if pieceIsName {
            for i in pieceStart..<text.tokens.count { text.remove(i) }
        }
        pieceIsName = false
        pieceStart = text.tokens.count
    }

    private mutating func endChunk(_ text: inout TokenizedText) {
        endPiece(&text)
        guard chunkStart < text.tokens.count else { return }
        if chunkIsAddress || isHost(text) {
            for i in chunkStart..<text.tokens.count { text.remove(i) }
        }
        chunkIsAddress = false
        chunkStart = text.tokens.count
    }

    /// "www." or a top-level domain after a dot: only in small letters, as "seen.In" is no host.
    private func isHost(_ text: TokenizedText) -> Bool {
        guard text.tokens.count - chunkStart > 1 else { return false }
        if text.isEqual(chunkStart, "www") { return true }
        return text.tokens.indices[(chunkStart + 1)...].contains { i in
            let token = text.tokens[i]
            return token.gap == .dot && token.casing == .lower
                && Vocabulary.look(up: text.folded[token.folded]).roles.contains(.domain)
        }
    }

    /// Adds where a sentence ends: a dot and a space, but not after an initial or an abbreviation that a name follows.
    private func closeGap(before start: Int, _ text: TokenizedText) -> Gap {
        var gap = gap
        if gap.contains(.dot), gap.contains(.space), let last = text.tokens.last {
            let abbreviates: WordRoles = [.title, .saint, .street, .identifier]
            let roles = Vocabulary.look(up: text.folded[last.folded]).roles
            if !last.isLetter, roles.isDisjoint(with: abbreviates) { gap.insert(.stop) }
        }
        return gap
    }
}
