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

    /// The members `files` and `chain`, and the end of the report.
    func write(to sink: borrowing FileSink) throws(FileError) {
        var block = Array("  \"files\": [".utf8)
        for (index, line) in lines.enumerated() {
            block += (index > 0 ? ",\n    " : "\n    ").utf8
            block += line[..<(line.count - 1)]
            block += ",\"chain\":\"\(heads[index])\"}".utf8
            if block.count > 1 << 20 {
                try sink.write(block)
                block.removeAll(keepingCapacity: true)
            }
        }
        block += (lines.isEmpty ? "]" : "\n  ]").utf8
        block += ",\n  \"chain\": {\"head\": \"\(head)\", \"seal\": \"\(seal)\"}\n}\n".utf8
        try sink.write(block)
    }

    /// Whether a report is as it was written: every file in its place, and the seal made with this key.
    static func isIntact(_ report: JSONValue, _ key: ProjectKey) -> Bool {
        var chain = HashChain(start: spelled(report, headingNames))
        for file in report["files"]?.elements ?? [] {
            guard case .object = file else { return false }
            chain.append(spelled(file, lineNames))
            guard file["chain"] == .string(chain.head) else { return false }
        }
        return report["chain"]?["head"] == .string(chain.head) && report["chain"]?["seal"] == .string(chain.seal(key))
    }

    /// What the chain covers of a file.
    static func spelled(line: JSONValue) -> [UInt8] { spelled(line, lineNames) }

    private static let headingNames = ["program", "standard", "policy", "layout", "keyFingerprint", "notice"]
    private static let lineNames = ["item", "status", "outputs", "warnings", "reason", "details"]

    private static func spelled(_ object: JSONValue, _ names: [String]) -> [UInt8] {
        JSONValue.object(names.compactMap { name in object[name].map { .init(name, $0.sorted) } }).utf8()
    }
}
