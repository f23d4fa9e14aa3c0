import Cryptography
import Deidentification
import Files
import Pipelines

/// The files of a report, each with a digest that covers it and all before it, and the seal of the last.
///
/// A digest is over the members of a file in the order of `lineNames`, and below them in the order of their names: the
/// decoders that verify a report tell no other.
struct AuditChain {
    /// One a file, without its digest.
    private let lines: [[UInt8]]
    /// The digest of each.
    private let heads: [String]
    let head: String
    let seal: String

    /// - Parameter lines: as `spelled(line:)` says.
    init(heading: JSONValue, lines: [[UInt8]], key: ProjectKey) {
        self.lines = lines
        var chain = HashChain(start: Self.spelled(heading, Self.headingNames))
        heads = lines.map { line in
            chain.append(line)
            return chain.head
        }
        (head, seal) = (chain.head, chain.seal(key))
    }

    /// The members `files` and `chain`, and the end of the report, a mebibyte at a time.
    func forEachPart(_ body: ([UInt8]) throws(FileError) -> Void) throws(FileError) {
        var block = Array("  \"files\": [".utf8)
        for (index, line) in lines.enumerated() {
            block += (index > 0 ? ",\n    " : "\n    ").utf8
            block += line[..<(line.count - 1)]
            block += ",\"chain\":\"\(heads[index])\"}".utf8
            if block.count > 1 << 20 {
                try body(block)
                block.removeAll(keepingCapacity: true)
            }
        }
        block += (lines.isEmpty ? "]" : "\n  ]").utf8
        block += ",\n  \"chain\": {\"head\": \"\(head)\", \"seal\": \"\(seal)\"}\n}\n".utf8
        try body(block)
    }

    /// What the chain covers of a file.
    static func spelled(line: JSONValue) -> [UInt8] { spelled(line, lineNames) }

    static let headingNames = [
        "program", "standard", "policy", "layout", "textRules", "keyFingerprint", "shard", "notice",
    ]
    private static let lineNames = ["item", "status", "outputs", "warnings", "reason", "details"]

    private static func spelled(_ object: JSONValue, _ names: [String]) -> [UInt8] {
        JSONValue.object(names.compactMap { name in object[name].map { .init(name, $0.sorted) } }).utf8()
    }
}
