import Files

/// Counts of a run.
public struct RunSummary: Sendable {
    public var ok = 0
    public var failed = 0
    public var skipped = 0
    /// Of the ok ones, those that an earlier run had already done.
    public var reused = 0
    public var warnings = 0
    /// Lines of the manifest whose items are not among the inputs any more.
    public var unclaimed = 0
    /// Of these, the items whose files are part of another item now: a series that has grown has another name. Their results
    /// are outdated.
    public var superseded: [String] = []
    public var isComplete = true
    /// The lines of the manifest, those of earlier runs among them; empty after an interruption.
    public var entries: [ManifestEntry] = []

    mutating func count(_ entry: ManifestEntry, isReused: Bool) {
        count(entry)
        reused += isReused ? 1 : 0
    }

    public mutating func count(_ entry: ManifestEntry) {
        switch entry.status {
        case .ok: ok += 1
        case .failed: failed += 1
        case .skipped: skipped += 1
        }
        warnings += entry.warnings.count
    }

    public var json: JSONValue {
        [
            "ok": .integer(ok), "failed": .integer(failed), "skipped": .integer(skipped), "reused": .integer(reused),
            "warnings": .integer(warnings), "unclaimed": .integer(unclaimed),
        ]
    }

    /// Parts lines of the manifest by whether their items are among the inputs.
    mutating func countUnclaimed(_ entries: [ManifestEntry], isClaimed: (ManifestEntry) -> Bool) {
        var (claimed, left): ([ManifestEntry], [ManifestEntry]) = ([], [])
        for entry in entries { if isClaimed(entry) { claimed.append(entry) } else { left.append(entry) } }
        unclaimed = left.count
        guard !left.isEmpty else { return }
        let files = Set(claimed.flatMap(\.inputs).map(PathKey.init))
        superseded = left.filter { !$0.outputs.isEmpty && $0.inputs.contains { files.contains(PathKey($0)) } }.map(
            \.item)
    }

    public init() {}

    /// 0 all succeeded, 1 some failed, 130 interrupted.
    public var exitCode: Int32 { !isComplete ? 130 : failed > 0 ? 1 : 0 }
}
