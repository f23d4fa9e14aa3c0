extension TokenizedText {
    /// Words that are names as well go where something beside them says that they are one here.
    mutating func removeNames() {
        decideEponyms()
        decideLetters()
        // Decided from what is no word before any word goes, so that one stranger does not empty a whole line.
        let evidence = tokens.indices.map { isEvidence($0) }
        for i in tokens.indices where !tokens[i].isGone {
            switch tokens[i].kind {
            case .surname, .beside: if isBesideName(i, evidence) || isAfterGivenName(i) { remove(i) }
            case .name, .given:
                if isBesideName(i, evidence) || isBesideOther(i) || isSetOff(i) || isBetweenSigns(i) { remove(i) }
            default: break
            }
        }
        removeParticles()
        removeLoneNames()
    }

    /// A word that is none of the field or of the file's identity, and so may be a name's part; or an initial.
    private func isEvidence(_ i: Int) -> Bool {
        let token = tokens[i]
        if token.isLetter { return token.hasCapital && gapAfter(i).contains(.dot) }
        return token.isGone && token.shape != .number && token.shape != .mixed
    }

    private func isBesideName(_ i: Int, _ evidence: [Bool]) -> Bool {
        if isSmall(i) { return false }
        if let next = after(i), evidence[next] { return true }
        if let previous = before(i), evidence[previous] { return true }
        return false
    }

    /// "Mark Hand"
    private func isAfterGivenName(_ i: Int) -> Bool {
        guard let previous = before(i), tokens[previous].kind == .given else { return false }
        return !isSmall(i) && !isSmall(previous) && tokens[i].gap.isOnlySpace
    }

    /// Two words that are names beside each other: "Young Brown", "Mark Hand". Joined ones are no names: "gray-white".
    private func isBesideOther(_ i: Int) -> Bool {
        func isPair(_ other: Int, _ gap: Gap) -> Bool {
            guard !gap.contains(.hyphen), !gap.contains(.slash) else { return false }
            switch tokens[other].kind {
            case .name, .given: return true
            case .beside, .surname: return tokens[i].kind == .given && (!hasBothCases || tokens[other].hasCapital)
            default: return false
            }
        }
        if let next = after(i), isPair(next, tokens[next].gap) { return true }
        if let previous = before(i), isPair(previous, tokens[i].gap), tokens[i].kind == .name { return true }
        return false
    }

    /// "Case: Young, 45 M"
    private func isBetweenSigns(_ i: Int) -> Bool {
        func isSign(_ gap: Gap) -> Bool { !gap.isDisjoint(with: [.comma, .colon, .stop]) }
        return !isSmall(i) && (i == 0 || isSign(tokens[i].gap)) && (i + 1 == tokens.count || isSign(gapAfter(i)))
    }

    /// With a capital in the middle of a sentence.
    private func isSetOff(_ i: Int) -> Bool {
        guard hasBothCases, tokens[i].casing == .capitalised, let previous = before(i) else { return false }
        return tokens[previous].shape == .word && tokens[previous].casing == .lower
    }

    /// "Crohn disease", "circle of Willis", "Legg-Calve-Perthes disease" stay; elsewhere an eponym is a name.
    private mutating func decideEponyms() {
        for i in tokens.indices.reversed() where tokens[i].kind == .eponym && !tokens[i].isGone {
            if let next = after(i) {
                let isChain = tokens[next].kind == .eponym && !tokens[next].isGone && tokens[next].gap == .hyphen
                if isChain || tokens[next].roles.contains(.eponymHead) && tokens[next].verdict == .kept { continue }
            }
            if i > 1, before(i) != nil, isEqual(i - 1, "of"), tokens[i - 2].roles.contains(.eponymOf) { continue }
            tokens[i].verdict = .unknown
        }
    }

    /// Single letters stay as sides, in compounds and where a number makes a unit or label of them.
    private mutating func decideLetters() {
        for i in tokens.indices where tokens[i].isLetter && tokens[i].verdict != .removed {
            tokens[i].verdict = letterStays(i) ? .kept : .unknown
            if isEqual(i, "x"), tokens[i].verdict == .kept, let next = after(i), isRay(next) {
                tokens[next].verdict = .kept
            }
        }
    }

    /// "x-ray": otherwise a given name.
    private func isRay(_ i: Int) -> Bool { tokens[i].verdict != .removed && (isEqual(i, "ray") || isEqual(i, "rays")) }

    private func letterStays(_ i: Int) -> Bool {
        let letter = folded[tokens[i].folded.lowerBound]
        let (previous, next) = (before(i), after(i))
        func isMeasure(_ k: Int?) -> Bool { k.map { tokens[$0].hasDigit && tokens[$0].verdict == .kept } ?? false }
        func isJoined(_ k: Int?, _ gap: Gap) -> Bool {
            guard let k, !gap.isEmpty, gap.joins, !gap.contains(.dot) else { return false }
            return tokens[k].isLetter || tokens[k].verdict == .kept && (tokens[k].kind == .plain || tokens[k].hasDigit)
                || isRay(k)
        }
        if isJoined(previous, tokens[i].gap) || isJoined(next, gapAfter(i)) { return true }
        if tokens[i].roles.contains(.unit) || tokens[i].roles.contains(.age), isMeasure(previous) { return true }
        if tokens[i].roles.contains(.label), isMeasure(next) { return true }
        if letter == UInt8(ascii: "i"), let previous {
            // "Grade I", "Bosniak I"
            return tokens[previous].roles.contains(.label)
                || tokens[previous].kind == .eponym && !tokens[previous].isGone
        }
        let isAlone = !(gapAfter(i).contains(.dot) && next != nil)
        switch letter {
        case UInt8(ascii: "l"), UInt8(ascii: "r"):
            func isGone(_ k: Int?) -> Bool { k.map { tokens[$0].isGone } ?? false }
            return isAlone && !isGone(previous) && !isGone(next)
        case UInt8(ascii: "a"): return isAlone && (tokens[i].casing == .lower || !hasBothCases || previous == nil)
        case UInt8(ascii: "w"), UInt8(ascii: "c"), UInt8(ascii: "s"):
            return isAlone && next.map { tokens[$0].verdict == .kept && !tokens[$0].hasDigit } ?? false
                && tokens[i].kind == .plain
        default: return false
        }
    }

    /// Articles of names go with what they belong to.
    private mutating func removeParticles() {
        func isBare(_ gap: Gap) -> Bool { !gap.contains(.comma) && !gap.contains(.colon) }
        for i in tokens.indices where tokens[i].kind == .particle && !tokens[i].isGone {
            if let previous = before(i), tokens[previous].isGone, isBare(tokens[i].gap) { remove(i) }
        }
        for i in tokens.indices.reversed() where tokens[i].kind == .particle && !tokens[i].isGone {
            if let next = after(i), tokens[next].isGone, !tokens[next].hasDigit, isBare(tokens[next].gap) { remove(i) }
        }
    }

    /// A text of nothing but such words is a name.
    private mutating func removeLoneNames() {
        let kept = tokens.indices.filter { !tokens[$0].isGone }
        if kept.allSatisfy({ tokens[$0].kind == .name || tokens[$0].kind == .given || tokens[$0].verdict == .bare }) {
            for i in kept { remove(i) }
        }
    }
}
