import Parallel
import Pipelines

/// `OUT/run.json`: what was run, with what result. The only output that tells times.
struct RunReport {
    let run: PipelineRun
    let summary: RunSummary
    let duration: Duration

    var json: JSONValue {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        return [
            "generatedBy": ["name": "hilum", "version": .string(hilumVersion)],
            "notice": "Research software. Not for clinical use.",
            "pipeline": run.pipeline.resolved,
            "pipelineSHA256": .string(run.digest),
            "seed": .integer(Int(truncatingIfNeeded: run.seed)),
            "shard": ["index": .integer(run.runner.shard.index), "count": .integer(run.runner.shard.count)],
            "workers": .integer(run.runner.workers.count),
            "counts": summary.json,
            "seconds": .number((seconds * 1000).rounded() / 1000),
        ]
    }
}
