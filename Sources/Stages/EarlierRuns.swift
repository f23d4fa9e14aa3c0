import Files
import Glibc
import Pipelines

/// Runs that an output folder holds already, and why another may not go on there.
///
/// A folder is one tree: under one key or none, of one command, in one division into shards. What is mixed could neither be
/// released nor counted.
struct EarlierRuns {
    /// Who wrote a run, as its `run.json` says it. A run that conceals notes its key before its first output, so that one
    /// without a note has concealed nothing.
    private enum Author: Equatable {
        case pipeline
        case concealingPipeline(key: String)
        case anonymization(key: String)
    }

    private let folder: String
    private let runs: [(shard: Shard, author: Author, isMerged: Bool, terms: AnonymizationTerms)]

    init(in folder: String) {
        self.folder = folder
        let files = RunFiles.all(in: folder, \.run) + RunFiles.all(in: folder, \.manifest)
        runs = files.map { file in
            let record = file.readRun()
            return (
                file.shard, Self.author(of: record), record?["shards"] != nil, AnonymizationTerms(record ?? .null)
            )
        }
    }

    private static func author(of record: JSONValue?) -> Author {
        guard case .string(let key)? = record?["keyFingerprint"] else { return .pipeline }
        return record?["pipelineSHA256"] == nil ? .anonymization(key: key) : .concealingPipeline(key: key)
    }

    /// Why a pipeline can't run into the folder; nil when it can.
    ///
    /// - Parameter key: fingerprint of the key that it conceals under; nil when it conceals nothing.
    func obstacle(toPipelineUnder key: String?, shard: Shard) -> String? {
        obstacle(to: key.map { .concealingPipeline(key: $0) } ?? .pipeline) ?? obstacle(toDivisionOf: shard)
    }

    /// Why `hilum anonymize` can't run into the folder; nil when it can.
    ///
    /// - Parameters:
    ///   - terms: that it makes results under.
    ///   - left: counts results that would stay as the run before made them; asked for only where its terms were others.
    func obstacle(
        toAnonymizationUnder key: String, _ terms: AnonymizationTerms, shard: Shard, left: () -> Int
    ) -> String? {
        obstacle(to: .anonymization(key: key)) ?? obstacle(toDivisionOf: shard)
            ?? obstacle(toResultsUnder: terms, shard, left)
    }

    /// A report speaks of one policy. Where everything is made anew, it may be another than before.
    private func obstacle(toResultsUnder terms: AnonymizationTerms, _ shard: Shard, _ left: () -> Int) -> String? {
        func difference(_ isOther: Bool) -> String? {
            runs.lazy.filter { ($0.shard != shard) == isOther }.compactMap { terms.difference(ofEarlier: $0.terms) }
                .first
        }
        if let found = difference(true) {
            return "\(folder) holds another shard, made \(found); give the same options, or choose another folder"
        }
        guard let found = difference(false) else { return nil }
        let count = left()
        return count == 0
            ? nil
            : "\(folder) holds results made \(found), and \(count) of them would stay, for their files are not among these "
                + "inputs or would get other names; give the options of before, or choose another folder"
    }

    /// Whether there are runs, and all are other shards of this one's division.
    func areShards(besides shard: Shard) -> Bool {
        shard != .whole && !runs.isEmpty && runs.allSatisfy { $0.shard.count == shard.count && $0.shard != shard }
    }

    /// Whether a name in the folder is that of a first `run.json` which a shard of this division is writing now: it began
    /// a moment ago, and all that it has for others to see is this.
    static func isBeginning(_ name: String, of shard: Shard) -> Bool {
        let parts = name.split(separator: ".")
        guard parts.count > 1, let other = Shard(suffix: ".\(parts[1])"), other.count == shard.count else {
            return false
        }
        return "./\(name)" == AtomicFile.temporaryPath(of: RunFiles("", other).run, tag: other.suffix)
    }

    private func obstacle(to author: Author) -> String? {
        guard let other = runs.lazy.map(\.author).first(where: { $0 != author }) else { return nil }
        switch (other, author) {
        case (.anonymization, .anonymization), (.concealingPipeline, .concealingPipeline):
            return
                "\(folder) holds results under another key, and no tree may have two; give that key, or another folder"
        case (.concealingPipeline, .pipeline):
            return
                "\(folder) holds results of a pipeline with a deidentify stage, and this one has none: its outputs would "
                + "tell where they come from; choose another folder"
        case (.pipeline, .concealingPipeline):
            return "\(folder) holds results of a pipeline without a deidentify stage, which tell where they come from; "
                + "choose another folder"
        case (.anonymization, _): return "\(folder) holds results of `hilum anonymize`; choose another folder"
        case (_, .anonymization): return "\(folder) holds results of a pipeline; choose another folder"
        case (.pipeline, .pipeline): return nil
        }
    }

    /// Samples and pages of two divisions would hold every item twice.
    private func obstacle(toDivisionOf shard: Shard) -> String? {
        if let other = runs.first(where: { $0.shard.count != shard.count && !$0.isMerged }) {
            let found = other.shard == .whole ? "a whole run" : "shards of \(other.shard.count)"
            let wanted = shard == .whole ? "the whole" : "shard \(shard)"
            return
                "\(folder) holds \(found), and \(wanted) would come beside it; go on in the same division, or choose "
                + "another folder"
        }
        guard shard == .whole, runs.contains(where: \.isMerged) else { return nil }
        return
            "\(folder) holds shards that were merged; go on with these and merge them again, or choose another folder"
    }
}
