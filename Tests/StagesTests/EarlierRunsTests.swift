import BurnedInText
import Cryptography
import Deidentification
import Files
import Pipelines
import TestSupport
import Testing

@testable import Stages

/// A folder is one tree: what must not be mixed is refused before anything is written.
struct EarlierRunsTests {
    private static let anonymization = #"""
        { "keyFingerprint": "aa", "policy": ["profile basic", "patient id"], "counts": {},
          "layout": "{patient}/{study}/{series}/{instance}" }
        """#
    private static let concealing = #"{ "pipelineSHA256": "1", "keyFingerprint": "aa", "counts": {} }"#
    private static let plain = #"{ "pipelineSHA256": "1", "counts": {} }"#
    private static let merged = #"{ "pipelineSHA256": "1", "counts": {}, "shards": [] }"#

    private func terms(_ options: Set<ProfileOption> = [], _ layout: OutputLayout = .standard) throws
        -> AnonymizationTerms
    {
        AnonymizationTerms(
            try Policy(options: options), layout, try DeviceRules.parse("version: 1\nrules: []", name: "rules"))
    }

    /// The folder after a run whose `run.json`, if any, is this.
    private func runs(_ record: String?, shard: String = "1/1", _ scratch: Scratch) throws -> EarlierRuns {
        let files = RunFiles(scratch.path, Shard(shard)!)
        try AtomicFile.write(files.path(files.manifest), text: "")
        if let record { try AtomicFile.write(files.path(files.run), text: record) }
        return EarlierRuns(in: scratch.path)
    }

    @Test(arguments: [
        (record: anonymization, key: "aa" as String?, reason: "`hilum anonymize`"),
        (anonymization, nil, "`hilum anonymize`"), (concealing, "bb", "another key"),
        (concealing, nil, "this one has none"), (plain, "aa", "without a deidentify stage"),
    ])
    func pipelinesAreRefused(record: String, key: String?, reason: String) throws {
        let obstacle = try runs(record, Scratch()).obstacle(toPipelineUnder: key, shard: .whole)
        #expect(obstacle?.contains(reason) == true)
    }

    @Test func whatHasNoNoteHasConcealedNothing() throws {
        let runs = try runs(nil, Scratch())
        #expect(runs.obstacle(toPipelineUnder: "aa", shard: .whole) != nil)
        #expect(try runs.obstacle(toAnonymizationUnder: "aa", terms(), shard: .whole) { 0 } != nil)
        #expect(runs.obstacle(toPipelineUnder: nil, shard: .whole) == nil)
    }

    @Test(arguments: [(record: anonymization, key: "bb"), (concealing, "aa"), (plain, "aa")])
    func anonymizationsAreRefused(record: String, key: String) throws {
        #expect(try runs(record, Scratch()).obstacle(toAnonymizationUnder: key, terms(), shard: .whole) { 0 } != nil)
    }

    @Test func whatBelongsTogetherGoesOn() throws {
        #expect(EarlierRuns(in: try Scratch().path).obstacle(toPipelineUnder: "aa", shard: .whole) == nil)
        #expect(try runs(Self.concealing, Scratch()).obstacle(toPipelineUnder: "aa", shard: .whole) == nil)
        let anonymization = try runs(Self.anonymization, Scratch())
        #expect(try anonymization.obstacle(toAnonymizationUnder: "aa", terms(), shard: .whole) { 1 } == nil)
        #expect(try runs(Self.plain, Scratch()).obstacle(toPipelineUnder: nil, shard: .whole) == nil)
    }

    /// A data set that shall be released begins in an empty folder, or beside other shards of it.
    @Test func shardsComeBesideOthersOfTheirDivision() throws {
        let shards = try runs(Self.anonymization, shard: "1/2", Scratch())
        #expect(shards.areShards(besides: Shard("2/2")!))
        for other in ["1/2", "2/3", "1/1"] { #expect(!shards.areShards(besides: Shard(other)!), "\(other)") }
        #expect(try !runs(Self.anonymization, Scratch()).areShards(besides: Shard("2/2")!))
        #expect(!EarlierRuns(in: try Scratch().path).areShards(besides: Shard("2/2")!))
    }

    /// Shards that are started at one moment find each other's first file under its temporary name.
    @Test func shardsThatBeginAreNoObstacle() {
        let shard = Shard("2/4")!
        func partial(_ path: String, _ tag: String) -> String {
            String(AtomicFile.temporaryPath(of: path, tag: tag).dropFirst(2))
        }
        #expect(EarlierRuns.isBeginning(partial("run.1-of-4.json", ".1-of-4"), of: shard))
        for other in [
            partial("run.1-of-3.json", ".1-of-3"), partial("run.json", ""), partial("run.1-of-4.json", ".3-of-4"),
            partial("image.npy", ".1-of-4"), "run.1-of-4.json",
        ] { #expect(!EarlierRuns.isBeginning(other, of: shard), "\(other)") }
        #expect(!EarlierRuns.isBeginning(partial("run.json", ""), of: .whole))
    }

    @Test func divisionsDoNotMix() throws {
        let scratch = try Scratch()
        let shards = try runs(Self.plain, shard: "1/3", scratch)
        #expect(shards.obstacle(toPipelineUnder: nil, shard: Shard("2/3")!) == nil)
        #expect(shards.obstacle(toPipelineUnder: nil, shard: Shard("1/2")!)?.contains("shards of 3") == true)
        #expect(shards.obstacle(toPipelineUnder: nil, shard: .whole)?.contains("shards of 3") == true)
        let joined = try runs(Self.merged, scratch)
        #expect(joined.obstacle(toPipelineUnder: nil, shard: Shard("2/3")!) == nil)
        #expect(joined.obstacle(toPipelineUnder: nil, shard: .whole) != nil)
        let elsewhere = try runs(Self.merged, Scratch())
        #expect(elsewhere.obstacle(toPipelineUnder: nil, shard: .whole)?.contains("merged") == true)
        let whole = try runs(Self.plain, Scratch())
        #expect(whole.obstacle(toPipelineUnder: nil, shard: Shard("1/2")!)?.contains("a whole run") == true)
    }

    @Test func divisionsOfAReleaseDoNotMix() throws {
        let shards = try runs(Self.anonymization, shard: "1/3", Scratch())
        func obstacle(_ runs: EarlierRuns, _ shard: Shard) throws -> String? {
            runs.obstacle(toAnonymizationUnder: "aa", try terms(), shard: shard) { 0 }
        }
        #expect(try obstacle(shards, Shard("2/3")!) == nil)
        #expect(try obstacle(shards, .whole)?.contains("shards of 3") == true)
        #expect(try obstacle(runs(Self.anonymization, Scratch()), Shard("1/2")!)?.contains("a whole run") == true)
    }

    /// Only what would stay is in the way; of another shard everything does.
    @Test func policiesDoNotMix() throws {
        let scratch = try Scratch()
        let runs = try runs(Self.anonymization, shard: "1/2", scratch)
        func obstacle(_ terms: AnonymizationTerms, _ shard: String, left: Int) -> String? {
            runs.obstacle(toAnonymizationUnder: "aa", terms, shard: Shard(shard)!) { left }
        }
        let (same, other) = (try terms(), try terms([.retainFullDates]))
        #expect(obstacle(same, "1/2", left: 3) == nil && obstacle(same, "2/2", left: 3) == nil)
        #expect(obstacle(other, "1/2", left: 0) == nil)
        #expect(obstacle(other, "1/2", left: 3)?.contains("without option retain-longitudinal-full-dates") == true)
        #expect(obstacle(other, "2/2", left: 0)?.contains("another shard") == true)
        let layout = try terms([], #require(OutputLayout("{instance}")))
        #expect(obstacle(layout, "1/2", left: 1)?.contains("with --layout {patient}/") == true)
    }
}
