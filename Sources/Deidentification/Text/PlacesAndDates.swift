extension TokenizedText {
    /// Streets, towns, hospitals, and what is numbered as an identifier; months with their days, times of day.
    mutating func removePlacesAndDates() {
        for i in tokens.indices {
            let roles = tokens[i].roles
            if tokens[i].verdict == .unknown, isStreet(i) {
                remove(i + 1)
                removeRestOfAddress(after: i + 1)
            }
            if roles.isEmpty && !tokens[i].hasDigit { continue }
            if roles.contains(.month) { removeDate(i) }
            if roles.contains(.clock) { removeTime(i) }
            if roles.contains(.identifier) { removeIdentifier(after: i) }
            if roles.contains(.streetFirst) { removeStreet(after: i) }
            if roles.contains(.street) { removeStreet(before: i) }
            if roles.contains(.saint) { removeSaint(i) }
            if roles.contains(.place) { removeTown(after: i) }
            if isInstitution(i) { removeInstitution(i) }
            if tokens[i].hasDigit { removePostalCode(i) }
        }
    }

    /// A month goes with the numbers on both sides: "5 May 2004", "May 5th".
    private mutating func removeDate(_ i: Int) {
        func isDay(_ k: Int) -> Bool {
            tokens[k].shape == .number && text(k).count <= 4
                || tokens[k].shape == .mixed && tokens[k].folded.count <= 4 && text(k).first! < 0x3A
        }
        var hasNumber = false
        var k = i
        while k > 0, !tokens[k].gap.contains(.newline), isDay(k - 1), i - k <= 1 {
            remove(k - 1)
            hasNumber = true
            k -= 1
        }
        k = i
        while k + 1 < tokens.count, !tokens[k + 1].gap.contains(.newline), isDay(k + 1), k == i || !hasUnit(k + 1),
            k + 1 - i <= 3
        {
            remove(k + 1)
            hasNumber = true
            k += 1
        }
        if hasNumber { remove(i) }
    }

    private mutating func removeTime(_ i: Int) {
        guard let previous = before(i), tokens[previous].shape == .number, tokens[previous].verdict != .kept else {
            return
        }
        remove(previous)
        remove(i)
        if let earlier = before(previous), tokens[earlier].shape == .number { remove(earlier) }
    }

    /// "MRN 1234", "room B12", "Tel. 089/123 45", "Acc# 12-345".
    private mutating func removeIdentifier(after i: Int) {
        var k = i + 1
        if k < tokens.count, isEqual(k, "no") || isEqual(k, "nr") || isEqual(k, "number") || isEqual(k, "is") { k += 1 }
        let first = k
        while k < tokens.count, k - first < 8, !tokens[k].gap.contains(.newline),
            k == first || !tokens[k].gap.contains(.stop)
        {
            let joins =
                k > first && !tokens[k].gap.isEmpty && tokens[k].gap.joins && !tokens[k].gap.contains(.underscore)
            guard
                (k == first ? tokens[k].hasDigit : tokens[k].shape == .number && !tokens[k].gap.contains(.underscore))
                    || joins || k == first && tokens[k].isLetter && !gapAfter(k).contains(.space)
            else { return }
            if k > first, !joins, hasUnit(k) { return }
            remove(k)
            remove(i)
            k += 1
        }
    }
}
