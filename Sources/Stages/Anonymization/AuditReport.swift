import Cryptography
import Deidentification
import Files
import Pipelines

/// The report that can be handed on: what was done to which file by which rule, what was held back and why, and how
/// alike patients are. It holds no original value and no path of an input.
struct AuditReport {
    let program: String
    let policy: Policy
    let layout: String
    let key: ProjectKey
    let entries: [ManifestEntry]

    static let fileName = "deidentification.json"

    /// - Parameter entries: in the order of the manifest.
    var json: JSONValue {
        var object = heading
        var chain = HashChain(start: JSONValue.object(Self.members(heading).map(Self.ordered)).text())
        var lines: [JSONValue] = []
        for entry in entries {
            var line = Self.line(of: entry)
            chain.append(JSONValue.object(Self.members(line).map(Self.ordered)).text())
            line.set("chain", .string(chain.head))
            lines.append(line)
        }
        object.set("counts", counts)
        object.set("actions", actions)
        object.set("kAnonymity", anonymity)
        object.set("files", .array(lines))
        object.set("chain", ["head": .string(chain.head), "seal": .string(chain.seal(key))])
        return object
    }

    /// What all entries were made under: the beginning of the chain.
    var heading: JSONValue {
        [
            "program": .string(program),
            "standard": [
                "profile": "PS3.15 Basic Application Level Confidentiality Profile",
                "table": "E.1-1", "edition": .string(PS315.edition), "sha256": .string(PS315.digest),
                "safePrivateEdition": .string(PS315.safePrivateEdition),
            ],
            "policy": .array(policy.summary.map { .string($0) }),
            "layout": .string(layout),
            "keyFingerprint": .string(key.fingerprint),
            "notice": .string(
                "This report says which rules were applied and which checks were passed. It does not say that the data set "
                    + "meets a law, or that nobody can be recognised in it. Research software. Not for clinical use."),
        ]
    }

    private static func line(of entry: ManifestEntry) -> JSONValue {
        [
            "item": .string(entry.item), "status": .string(entry.status.rawValue),
            "outputs": .array(entry.outputs.map { .string($0) }),
            "warnings": .array(entry.warnings.map { .string($0.message) }),
            "reason": entry.error.map { ["code": .string($0.code), "message": .string($0.message)] } ?? .null,
            "details": entry.details ?? .null,
        ]
    }

    private var counts: JSONValue {
        var reasons: [String: Int] = [:]
        for entry in entries { if let error = entry.error { reasons[error.code, default: 0] += 1 } }
        func count(_ status: ManifestEntry.Status) -> JSONValue {
            .integer(entries.count { $0.status == status })
        }
        return [
            "files": .integer(entries.count), "released": count(.ok), "heldBack": count(.failed),
            "left": count(.skipped),
            "reasons": .object(reasons.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }),
            "patients": .integer(Set(entries.compactMap { $0.details?["patient"]?.text() }).count),
        ]
    }

    private var actions: JSONValue {
        var totals: [String: Int] = [:]
        for entry in entries {
            guard case .object(let members) = entry.details?["actions"] else { continue }
            for member in members {
                if case .integer(let count) = member.value { totals[member.key, default: 0] += count }
            }
        }
        return .object(totals.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) })
    }

    private var anonymity: JSONValue {
        let records = entries.compactMap { entry -> (patient: String, values: [String: String])? in
            guard case .string(let patient) = entry.details?["patient"] else { return nil }
            var values: [String: String] = [:]
            if case .object(let members) = entry.details?["quasiIdentifiers"] {
                for member in members { if case .string(let value) = member.value { values[member.key] = value } }
            }
            return (patient, values)
        }
        let result = KAnonymity(records)
        return [
            "k": .integer(result.k), "patients": .integer(result.patients), "groups": .integer(result.groups.count),
            "smallestGroup": .integer(result.groups.map(\.patients.count).min() ?? 0),
            "groupsBelowK": .array(
                result.small.map { group in
                    [
                        "quasiIdentifiers": .object(group.values.map { .init($0.name, .string($0.value)) }),
                        "patients": .array(group.patients.map { .string($0) }),
                    ]
                }),
        ]
    }

    /// Whether a report is as it was written: every entry in its place, and the seal made with this key.
    static func isIntact(_ report: JSONValue, _ key: ProjectKey) -> Bool {
        guard case .object(let members) = report else { return false }
        // Members come in the order of their names from a file; the chain is over the order in which they are written.
        let heading = JSONValue.object(
            headingNames.compactMap { name in members.first { $0.key == name } }.map(Self.ordered))
        var chain = HashChain(start: heading.text())
        for file in report["files"]?.elements ?? [] {
            guard case .object(let parts) = file else { return false }
            let line = JSONValue.object(
                lineNames.compactMap { name in parts.first { $0.key == name } }.map(Self.ordered))
            chain.append(line.text())
            guard file["chain"] == .string(chain.head) else { return false }
        }
        return report["chain"]?["head"] == .string(chain.head) && report["chain"]?["seal"] == .string(chain.seal(key))
    }

    private static func members(_ value: JSONValue) -> [JSONValue.Member] {
        if case .object(let members) = value { members } else { [] }
    }

    private static let headingNames = ["program", "standard", "policy", "layout", "keyFingerprint", "notice"]
    private static let lineNames = ["item", "status", "outputs", "warnings", "reason", "details"]

    /// The chain is over members in the order of their names, below the first level: decoders tell no other.
    private static func ordered(_ member: JSONValue.Member) -> JSONValue.Member {
        .init(member.key, member.value.sorted)
    }

    /// Writes the report as JSON and, beside it, as a page to read.
    func write(to path: String) throws(FileError) {
        let json = json
        try AtomicFile.write(path, text: json.text(indented: true) + "\n")
        let page = path.hasSuffix(".json") ? String(path.dropLast(5)) + ".html" : path + ".html"
        try AtomicFile.write(page, text: AuditPage(report: json).html)
    }
}
