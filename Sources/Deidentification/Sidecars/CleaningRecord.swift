/// What was done to a file that is no DICOM object, for its report. No values, and no names that somebody made up.
public struct CleaningRecord: Sendable, Equatable {
    /// By what was done and why: "removed, Table E.1-1 X".
    public private(set) var actions: [String: Int] = [:]
    /// What was removed because no rule knows it, by its place in the file.
    public private(set) var unruled: Set<String> = []
    public private(set) var warnings: Set<String> = []
    /// Attributes of the result that could single a person out, by the names that DICOM files have for them.
    public private(set) var quasiIdentifiers: [String: String] = [:]
    /// The same of each row of a table that has any.
    public private(set) var people: [Person] = []

    public struct Person: Sendable, Equatable {
        /// The pseudonym.
        public var patient: String
        public var quasiIdentifiers: [String: String]
    }

    public init() {}

    /// Whether something had to go: never when a cleaned file is cleaned again.
    public var hasRemovals: Bool { !unruled.isEmpty || actions.keys.contains { $0.hasPrefix("removed") } }

    mutating func count(_ deed: Tally.Deed, _ why: String) { actions["\(deed.rawValue), \(why)", default: 0] += 1 }

    public mutating func countRemoved(_ why: String) { count(.removed, why) }
    public mutating func warn(_ text: String) { warnings.insert(text) }
    mutating func noteUnruled(_ place: String) { unruled.insert(place) }
    mutating func noteQuasiIdentifier(_ name: String, _ value: String) { quasiIdentifiers[name] = value }
    mutating func note(_ person: Person) { people.append(person) }
}

/// A file of characters that is ready to be written: JSON, a table, gradients.
public struct CleanedText: Sendable {
    public let bytes: [UInt8]
    public let record: CleaningRecord
    public let values: OriginalValues
    /// Where values may meet original ones by chance.
    let free: [Range<Int>]

    public var allowance: ByteScan.Allowance { .text(free) }
}
