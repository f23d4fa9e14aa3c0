/// What was done to an item: one entry a stage, in order, with every option's resolved value and every random draw.
public struct History: Sendable {
    public struct Entry: Sendable {
        public var stage: String
        public var parameters: JSONValue
        /// What the stage drew or decided for this item, enough to do it again.
        public var notes: [JSONValue.Member] = []
    }

    public private(set) var entries: [Entry] = []

    public init() {}

    /// A stage begins.
    mutating func begin(_ stage: String, _ parameters: JSONValue) {
        entries.append(Entry(stage: stage, parameters: parameters))
    }

    /// The stage at work records a draw or a decision.
    public mutating func note(_ key: String, _ value: JSONValue) {
        guard !entries.isEmpty else { return }
        entries[entries.count - 1].notes.append(.init(key, value))
    }

    public var json: JSONValue {
        .array(
            entries.map { entry in
                var object: JSONValue = ["stage": .string(entry.stage), "parameters": entry.parameters]
                if !entry.notes.isEmpty { object.set("notes", .object(entry.notes)) }
                return object
            })
    }
}

/// What a pipeline must be able to say of any item.
public protocol PipelineItem: Sendable {
    var history: History { get set }

    /// What in the item contradicts itself, as the stage left it that ran last: a fault of that stage, in words for its
    /// author. The item fails by it, for what would be written could not be trusted.
    var contradiction: String? { get }
}

extension PipelineItem {
    public var contradiction: String? { nil }
}

/// A stage left an item that contradicts itself.
public struct ContradictionError: Error, CustomStringConvertible {
    public let description: String
}
