import Cryptography
import Parallel
import Pipelines

/// `OUT/run.json`: what was run, with what result. The only output that tells times.
struct RunReport {
    let run: PipelineRun
    /// Nil for a run that has only begun.
    var summary: RunSummary?
    var duration: Duration?

    var json: JSONValue {
        var report: JSONValue = [
            "generatedBy": ["name": "hilum", "version": .string(hilumVersion)],
            "notice": "Research software. Not for clinical use.",
            "pipeline": run.pipeline.resolved,
            "pipelineSHA256": .string(run.digest),
            "seed": .integer(Int(truncatingIfNeeded: run.seed)),
        ]
        if let key = run.concealment?.key { report.set("keyFingerprint", .string(key.fingerprint)) }
        report.set(
            "shard", ["index": .integer(run.runner.shard.index), "count": .integer(run.runner.shard.count)])
        report.set("workers", .integer(run.runner.workers.count))
        report.set("counts", summary?.json ?? .null)
        report.set("seconds", duration.map { .number(($0 / .milliseconds(1)).rounded() / 1000) } ?? .null)
        return report
    }
}
