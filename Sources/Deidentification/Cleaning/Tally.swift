import DataSets

/// What was done to one file, for its report: counts by rule, and the attributes that no rule knew. No values.
public struct Tally: Sendable {
    /// By what was done and why: "removed, Table E.1-1 X".
    public private(set) var counts: [String: Int] = [:]
    /// Attributes that were removed because no rule names them.
    public private(set) var unruled: Set<String> = []
    /// Options that changed or kept something: only these may be claimed.
    public private(set) var exercised: Set<ProfileOption> = []
    private var raw: [Key: Int] = [:]

    private struct Key: Hashable {
        var deed: Deed
        var rule: RuleID
    }

    enum Deed: String {
        case removed, emptied, replaced, mapped, shifted, cleaned, kept, entered
    }

    mutating func count(_ deed: Deed, _ rule: RuleID, _ tag: Tag) {
        raw[Key(deed: deed, rule: rule), default: 0] += 1
        if case .table(_, let option?) = rule { exercised.insert(option) }
        if rule == .safePrivate { exercised.insert(.retainSafePrivate) }
        guard deed != .kept, deed != .entered else { return }
        switch rule {
        case .unlisted, .unknown: unruled.insert(tag.description)
        default: break
        }
    }

    /// Makes words of the counts.
    mutating func finish() {
        for (key, count) in raw where key.deed != .kept && key.deed != .entered {
            counts["\(key.deed.rawValue), \(key.rule.text)", default: 0] += count
        }
        raw = [:]
    }
}
