/// One line of `OUT/manifest.jsonl`: what became of one item.
public struct ManifestEntry: Sendable, Codable, Equatable {
    public enum Status: String, Sendable, Codable { case ok, failed, skipped }

    public struct Warning: Sendable, Codable, Equatable {
        public var code: String
        public var message: String
        public init(code: String, message: String) { (self.code, self.message) = (code, message) }
    }

    public struct Failure: Sendable, Codable, Equatable {
        public var code: String
        public var stage: String
        public var message: String
        public init(code: String, stage: String, message: String) {
            (self.code, self.stage, self.message) = (code, stage, message)
        }
    }

    public var item: String
    public var status: Status
    /// Relative to the INPUT that they were found under.
    public var inputs: [String]
    /// Relative to OUT.
    public var outputs: [String]
    public var warnings: [Warning]
    /// Why it failed or was skipped.
    public var error: Failure?
    /// Digest of input bytes, resolved pipeline and version, and how many bytes the outputs have: `--resume` trusts this
    /// and nothing else.
    public var key: String?
    /// What else a run has to say of the item; nil in most.
    public var details: JSONValue?

    public init(
        item: String, status: Status, inputs: [String], outputs: [String] = [], warnings: [Warning] = [],
        error: Failure? = nil, key: String? = nil
    ) {
        (self.item, self.status, self.inputs, self.outputs) = (item, status, inputs, outputs)
        (self.warnings, self.error, self.key) = (warnings, error, key)
    }

    /// The same keys in the same order on every line.
    public var json: JSONValue {
        var object: JSONValue = [
            "item": .string(item),
            "status": .string(status.rawValue),
            "inputs": .array(inputs.map { .string($0) }),
            "outputs": .array(outputs.map { .string($0) }),
            "warnings": .array(
                warnings.map { ["code": .string($0.code), "message": .string($0.message)] }),
            "error": error.map {
                ["code": .string($0.code), "stage": .string($0.stage), "message": .string($0.message)]
            } ?? .null,
            "key": key.map { .string($0) } ?? .null,
        ]
        if let details { object.set("details", details) }
        return object
    }
}
