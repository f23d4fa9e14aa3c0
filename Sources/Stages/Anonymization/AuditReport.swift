import Cryptography
import Deidentification
import Files
import Parallel
import Pipelines

/// The report that can be handed on: what was done to which file by which rule, what was held back and why, and how
/// alike patients are. It holds no original value and no path of an input.
struct AuditReport {
    /// What all entries were made under: the beginning of the chain.
    let heading: JSONValue
    let key: ProjectKey
    /// In the order of the manifest.
    let entries: [ManifestEntry]
    let workers: Workers

    init(
        program: String, policy: Policy, layout: String, textRules: String, key: ProjectKey, shard: Shard,
        entries: [ManifestEntry], workers: Workers
    ) {
        (self.key, self.entries, self.workers) = (key, entries, workers)
        heading = [
            "program": .string(program),
            "standard": [
                "profile": "PS3.15 Basic Application Level Confidentiality Profile",
                "table": "E.1-1", "edition": .string(PS315.edition), "sha256": .string(PS315.digest),
                "safePrivateEdition": .string(PS315.safePrivateEdition),
            ],
            "policy": .array(policy.summary.map { .string($0) }),
            "layout": .string(layout),
            "textRules": .string(textRules),
            "keyFingerprint": .string(key.fingerprint),
            "shard": .string(shard.description),
            "notice": .string(
                "This report says which rules were applied and which checks were passed. It does not say that the data set "
                    + "meets a law, or that nobody can be recognised in it. Research software. Not for clinical use."),
        ]
    }

    /// What a report speaks of, to be written once more.
    ///
    /// - Parameter content: as decoders give it, which do not tell the order of members.
    init(written content: JSONValue, key: ProjectKey, workers: Workers) {
        (self.key, self.workers) = (key, workers)
        var heading = content.members(AuditChain.headingNames)
        if let standard = heading["standard"] { heading.set("standard", standard.members(Self.standardNames)) }
        self.heading = heading
        entries = (content["files"]?.elements ?? []).map(Self.entry)
    }

    private static let standardNames = ["profile", "table", "edition", "sha256", "safePrivateEdition"]

    /// Everything but the files and their chain.
    private var summed: JSONValue {
        var object = heading
        object.set("counts", counts)
        object.set("actions", actions)
        object.set("kAnonymity", anonymity)
        return object
    }

    /// What the report says of one file.
    static func line(of entry: ManifestEntry) -> JSONValue {
        [
            "item": .string(entry.item), "status": .string(entry.status.rawValue),
            "outputs": .array(entry.outputs.map { .string($0) }),
            "warnings": .array(entry.warnings.map { .string($0.message) }),
            "reason": entry.error.map { ["code": .string($0.code), "message": .string($0.message)] } ?? .null,
            "details": entry.details ?? .null,
        ]
    }

    /// The entry that a report has such a line of, as far as the line tells.
    private static func entry(of line: JSONValue) -> ManifestEntry {
        func text(_ value: JSONValue?) -> String { if case .string(let text) = value { text } else { "" } }
        func texts(_ value: JSONValue?) -> [String] { (value?.elements ?? []).map(text) }
        var entry = ManifestEntry(
            item: text(line["item"]), status: .init(rawValue: text(line["status"])) ?? .failed, inputs: [],
            outputs: texts(line["outputs"]),
            warnings: texts(line["warnings"]).map { .init(code: "deidentification", message: $0) })
        if let reason = line["reason"], reason != .null {
            entry.error = .init(code: text(reason["code"]), stage: "", message: text(reason["message"]))
        }
        if let details = line["details"], details != .null { entry.details = details }
        return entry
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
        // Of files, and of rows of tables.
        let records = entries.flatMap { entry in
            ([entry.details].compactMap { $0 } + (entry.details?["people"]?.elements ?? [])).compactMap(Self.record)
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

    /// The quasi-identifiers of whoever an object is about.
    private static func record(_ details: JSONValue) -> (patient: String, values: [String: String])? {
        guard case .string(let patient) = details["patient"] else { return nil }
        var values: [String: String] = [:]
        if case .object(let members) = details["quasiIdentifiers"] {
            for member in members { if case .string(let value) = member.value { values[member.key] = value } }
        }
        return (patient, values)
    }

    /// Where the page lies whose report is at `path`.
    static func pagePath(beside path: String) -> String {
        path.hasSuffix(".json") ? "\(path.dropLast(5)).html" : "\(path).html"
    }

    /// The report as JSON, a line a file, and beside it as a page to read.
    func prepare(at path: String) throws(FileError) -> [PendingFile] {
        let content = composed()
        let pagePath = Self.pagePath(beside: path)
        return try workers.prepare { () throws(FileError) in
            let report = try AtomicFile.prepare(path) { (sink) throws(FileError) in
                try content.forEachPart { (part) throws(FileError) in try sink.write(part) }
            }
            return [report]
        } beside: { () throws(FileError) in
            [try AtomicFile.prepare(pagePath, text: content.page.html)]
        }
    }

    /// All that is written.
    func composed() -> Composed {
        // All workers spell lines and rows, and one of them counts: the end of a run is nobody's alone.
        let block = 256
        let blocks = stride(from: 0, to: entries.count, by: block).map { $0..<min($0 + block, entries.count) }
        let parts = Locked([(lines: [[UInt8]], rows: [String])](repeating: ([], []), count: blocks.count))
        let counted = Locked(JSONValue.null)
        workers.forEach(blocks.count + 1) { number in
            guard number > 0 else { return counted.withLock { $0 = summed } }
            let values = entries[blocks[number - 1]].map(Self.line)
            let listed = max(0, AuditPage.most - blocks[number - 1].lowerBound)
            let part = (values.map(AuditChain.spelled(line:)), values.prefix(listed).map(AuditPage.row))
            parts.withLock { $0[number - 1] = part }
        }
        let (summary, done) = (counted.withLock { $0 }, parts.withLock { $0 })
        let chain = AuditChain(heading: heading, lines: done.flatMap(\.lines), key: key)
        let page = AuditPage(summary: summary, rows: done.flatMap(\.rows), count: entries.count, chain: chain)
        return Composed(summary: summary, chain: chain, page: page)
    }

    struct Composed {
        let summary: JSONValue
        let chain: AuditChain
        let page: AuditPage

        /// The bytes of the report in order.
        func forEachPart(_ body: ([UInt8]) throws(FileError) -> Void) throws(FileError) {
            // Without its closing line, which comes after what is added.
            try body(Array(summary.utf8(indented: true).dropLast(2)) + ",\n".utf8)
            try chain.forEachPart(body)
        }

        /// Whether the report is these bytes: every member in its place and no other, the chain whole, and the seal made
        /// with the key.
        func isSpelled(_ bytes: [UInt8]) -> Bool {
            var (rest, isSame) = (bytes[...], true)
            do throws(FileError) {
                try forEachPart { part in
                    isSame = isSame && rest.starts(with: part)
                    rest = rest.dropFirst(part.count)
                }
            } catch {
                return false
            }
            return isSame && rest.isEmpty
        }
    }
}

extension JSONValue {
    /// An object of the members of these names, in their order.
    func members(_ names: [String]) -> JSONValue {
        .object(names.compactMap { name in self[name].map { .init(name, $0) } })
    }
}
