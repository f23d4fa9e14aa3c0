import CStandards
public import DataSets

/// What a project decided: the Basic Profile, its options, and exceptions of its own.
public struct Policy: Sendable, Hashable {
    /// What to do with one attribute, against or beyond the table.
    public enum Override: String, Sendable, CaseIterable {
        case keep, remove, replace, hash
    }

    /// A private attribute, by its creator: the block that it lies in moves from file to file.
    public struct PrivateAttribute: Sendable, Hashable {
        public var creator: String
        public var group: UInt16
        /// The low byte of its element.
        public var element: UInt8

        public init(creator: String, group: UInt16, element: UInt8) {
            (self.creator, self.group, self.element) = (creator, group, element)
        }
    }

    /// Which files belong to one patient.
    public enum PatientRule: String, Sendable, CaseIterable {
        /// Patient ID. One ID with contradicting issuers, birth dates, sexes or names is refused.
        case id
        /// Patient ID with its issuer: the same number of two hospitals is two patients.
        case idAndIssuer = "id-and-issuer"
        /// Patient ID and birth date: a number that was given twice is two patients.
        case idAndBirthDate = "id-and-birth-date"
    }

    public var options: Set<ProfileOption>
    public var overrides: [Tag: Override]
    public var keptPrivate: Set<PrivateAttribute> = []
    public var patientRule = PatientRule.id

    /// - Throws: `PolicyError` for options that exclude each other, or an exception of the project's own.
    public init(options: Set<ProfileOption> = [], overrides: [Tag: Override] = [:]) throws(PolicyError) {
        (self.options, self.overrides) = (options, overrides)
        func both(_ first: ProfileOption, _ second: ProfileOption, _ reason: String) throws(PolicyError) {
            guard options.contains(first), options.contains(second) else { return }
            throw PolicyError("\(first.rawValue) and \(second.rawValue) exclude each other: \(reason)")
        }
        try both(.retainFullDates, .retainModifiedDates, "a date cannot be both true and shifted")
        try both(
            .retainModifiedDates, .retainUIDs,
            "UIDs often contain the date they were made on, and a true date beside a shifted one reveals the offset")
        for (tag, override) in overrides.sorted(by: { $0.key < $1.key }) {
            if let obstacle = Self.obstacle(to: override, for: tag, options) { throw PolicyError(obstacle) }
        }
    }

    public func has(_ option: ProfileOption) -> Bool { options.contains(option) }

    /// Whether an option is carried out in full: not where an exception keeps what it cleans (Table E.1-1, C), or takes what
    /// it keeps (K).
    func fulfils(_ option: ProfileOption) -> Bool {
        guard let column = option.column else { return true }
        return !overrides.contains { tag, override in
            guard let row = standard_rule_for(tag.number)?.pointee else { return false }
            let action = standard_action(UInt32(withUnsafeBytes(of: row.option) { $0[column] }))
            return action == (override == .keep ? ACTION_C : ACTION_K)
        }
    }

    /// Everything that decides a result, in a fixed order: part of resume keys and reports.
    public var summary: [String] {
        ["profile basic"] + options.sorted().map { "option \($0.rawValue)" } + ["patient \(patientRule.rawValue)"]
            + overrides.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.rawValue)" }
            + keptPrivate.map { "keep \(Tag($0.group, UInt16($0.element))) of \($0.creator)" }.sorted()
    }
}

extension Policy {
    /// The policy that a summary tells of, as in a report.
    ///
    /// - Returns: nil for lines that no policy of this version has.
    public init?(summary: [String]) {
        guard summary.first == "profile basic" else { return nil }
        var options: Set<ProfileOption> = []
        var (overrides, kept): ([Tag: Override], Set<PrivateAttribute>) = ([:], [])
        var rule: PatientRule?
        for line in summary.dropFirst() {
            let words = line.split(separator: " ", maxSplits: 3).map(String.init)
            switch words.first {
            case "option" where words.count == 2:
                guard let option = ProfileOption(rawValue: words[1]) else { return nil }
                options.insert(option)
            case "patient" where words.count == 2: rule = PatientRule(rawValue: words[1])
            case "keep" where words.count == 4 && words[2] == "of":
                guard let tag = Tag(words[1]) else { return nil }
                kept.insert(.init(creator: words[3], group: tag.group, element: UInt8(tag.element & 0xFF)))
            case let first? where words.count == 2:
                guard let tag = Tag(first), let override = Override(rawValue: words[1]) else { return nil }
                overrides[tag] = override
            default: return nil
            }
        }
        guard let rule, let policy = try? Policy(options: options, overrides: overrides) else { return nil }
        self = policy
        (keptPrivate, patientRule) = (kept, rule)
    }
}

/// A policy that contradicts itself.
public struct PolicyError: Error, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
