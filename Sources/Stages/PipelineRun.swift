public import Files
import Glibc
import Parallel
public import Pipelines
import Volumes

/// A pipeline over inputs into a folder: what `hilum run`, `detect` and `explain` have in common.
public struct PipelineRun: Sendable {
    public var pipeline: Pipeline<Item>
    public var inputs: [String]
    public var runner: Runner
    public var seed: UInt64
    /// Names of inputs and instances that go into outputs, when the pipeline has a `deidentify` stage; nil for the true ones.
    public var concealment: Concealment?
    /// What the JSON beside each item tells.
    public var sidecar = Sidecar.provenance
    /// What is made again, of all that the pipeline would make; nil in every other run.
    public var replay: Replay?

    public enum Sidecar: Sendable {
        /// Where the outputs come from and every stage with its options.
        case provenance
        /// How the image was acquired, under BIDS names, and which file became which slice.
        case acquisition
    }

    public init(pipeline: Pipeline<Item>, inputs: [String], runner: Runner, seed: UInt64) {
        (self.pipeline, self.inputs, self.runner, self.seed) = (pipeline, inputs, runner, seed)
    }

    public var discovery: Discovery {
        let pipeline = pipeline
        return Discovery(
            inputs: inputs, output: runner.output, selection: pipeline.input,
            memoryEstimate: { pipeline.memoryEstimate(of: $0) })
    }

    /// Digest of everything but the input that decides an item's outputs.
    public var digest: String {
        Digest.of(
            "\(hilumVersion)\n\(seed)\n\(pipeline.resolved.text())\(concealment.map { "\n\($0.keyFingerprint)" } ?? "")"
        )
    }

    /// Works through the inputs and writes `manifest.jsonl` and `run.json`.
    ///
    /// - Throws: `FileError` when the output folder can't be written.
    public func run(progress: RunProgress) async throws(FileError) -> RunSummary {
        // Before discovery begins, which leaves the folder out by its identity: it may lie within an input.
        try AtomicFile.makeFolder(runner.output)
        let digest = digest
        let start = ContinuousClock.now
        let summary = try await runner.run(
            units(progress), progress: progress,
            key: { input in
                let content = try input.digests(runner.workers).map { "\($0.digest)  \($0.path)" }
                return Digest.of("\(digest)\n\(content.joined(separator: "\n"))")
            },
            process: { unit, input in process(unit.name, input, digest) })
        progress.end()
        if summary.isComplete {
            let report = RunReport(run: self, summary: summary, duration: ContinuousClock.now - start)
            try AtomicFile.write(
                "\(runner.output)/run\(runner.shard.suffix).json", tag: runner.shard.suffix,
                text: report.json.text(indented: true) + "\n")
        }
        return summary
    }

    private func units(_ progress: RunProgress) -> AsyncStream<WorkUnit<ItemInput>> {
        if let unit = replay?.unit {
            progress.found()
            progress.discoveryFinished()
            return AsyncStream { continuation in
                continuation.yield(unit)
                continuation.finish()
            }
        }
        let units = discovery.units(progress: progress)
        return concealment.map { $0.concealed(units) } ?? units
    }

    /// One item from its files to its outputs. Never throws: whatever stops it becomes a line of the manifest.
    private func process(_ name: String, _ input: ItemInput, _ digest: String) -> WorkResult {
        var stage = "read"
        do {
            if Interruption.isRequested { return .interrupted }
            var item = try input.read(
                named: name, before: pipeline.stages.first?.stage as? ResizeStage, workers: runner.workers)
            concealment?.conceal(&item)
            try replay?.checkSources(of: item)
            warnOfUnscaledValues(&item)
            try pipeline.run(
                &item, named: name, seed: seed, stages: pipeline.sharedStages, workers: runner.workers,
                isInterrupted: { Interruption.isRequested })
            stage = "write"
            return try results(of: item, named: name, digest)
        } catch is CancellationError {
            return .interrupted
        } catch let failure as StageFailure {
            if failure.cause is CancellationError { return .interrupted }
            return failed(name, failure.stage, failure.cause)
        } catch {
            return failed(name, stage, error)
        }
    }

    private func failed(_ name: String, _ stage: String, _ error: any Error) -> WorkResult {
        let report = ErrorReport(error)
        return .failed(.init(code: report.code, stage: stage, message: "\(name): \(report.message)"))
    }

    /// Values that the header says must be rescaled, or are none, and that no stage treats so would pass for something
    /// they are not. `convert` always does.
    private func warnOfUnscaledValues(_ item: inout Item) {
        guard sidecar == .provenance, !pipeline.stages.contains(where: { $0.name == RescaleStage.name }) else { return }
        if item.volume.attributes.padding != nil {
            item.warn("padding", "the header marks a value as padding and the pipeline has no rescale stage to fill it")
        }
        if item.volume.attributes.hasStoredValues {
            item.warn(
                "stored-values", "the header has a rescale slope, intercept or table and the pipeline no rescale stage")
        }
    }

    /// All files of an item, or none: what was written before a failure is taken back, since no manifest line names it.
    func write(_ item: Item, _ digest: String) throws -> [PendingFile] {
        var written: [PendingFile] = []
        func add(_ file: OutputFile) throws(FileError) {
            let path = "\(runner.output)/\(item.outputName)\(file.suffix)"
            written.append(
                try AtomicFile.prepare(path, tag: runner.shard.suffix) { (sink) throws(FileError) in
                    try file.write(sink)
                })
        }
        do {
            for (output, format) in pipeline.outputs {
                for file in try output.files(item, format, runner.workers) { try add(file) }
            }
            let json =
                switch sidecar {
                case .provenance:
                    Provenance(item: item, pipeline: pipeline.resolved, pipelineDigest: digest, seed: seed).json
                case .acquisition: try ConversionSidecar(item: item).json()
                }
            try add(OutputFile(suffix: ".json", text: json.text(indented: true) + "\n"))
        } catch {
            for file in written { file.discard() }
            throw error
        }
        return written
    }
}

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
