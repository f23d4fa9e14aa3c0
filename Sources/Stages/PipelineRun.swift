import Cryptography
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
    /// Where the encrypted table of what the keyed names stand for goes; nil for none.
    public var mapPath: String?
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
        var discovery = Discovery(
            inputs: inputs, output: runner.output, selection: pipeline.input, workers: runner.workers,
            memoryEstimate: { pipeline.memoryEstimate(of: $0) })
        discovery.ownResults = OwnResults(of: pipeline.resolved)
        return discovery
    }

    /// Digest of everything but the input that decides an item's outputs.
    public var digest: String {
        Digest.of(
            "\(hilumVersion)\n\(seed)\n\(pipeline.resolved.text())\(concealment.map { "\n\($0.key.fingerprint)" } ?? "")"
        )
    }

    /// Why an earlier run in the output folder cannot be gone on with; nil when it can.
    public var obstacle: String? {
        EarlierRuns(in: runner.output).obstacle(toPipelineUnder: concealment?.key.fingerprint, shard: runner.shard)
    }

    /// Works through the inputs and writes `manifest.jsonl` and `run.json`.
    ///
    /// - Throws: `FileError` when the output folder can't be written.
    public func run(progress: RunProgress) async throws(FileError) -> RunSummary {
        // Before discovery begins, which leaves the folder out by its identity: it may lie within an input.
        try AtomicFile.makeFolder(runner.output)
        let lock = try runner.lock()
        defer { withExtendedLifetime(lock) {} }
        let digest = digest
        let start = ContinuousClock.now
        @Sendable func report(_ summary: RunSummary) throws(FileError) -> PendingFile {
            let report = RunReport(run: self, summary: summary, duration: ContinuousClock.now - start)
            return try AtomicFile.prepare(
                "\(runner.output)/run\(runner.shard.suffix).json", tag: runner.shard.suffix,
                text: report.json.text(indented: true) + "\n")
        }
        let ending = RunEnding(of: pipeline, in: runner.output, suffix: runner.shard.suffix)
        let outdated = runner.resume ? ending.outdated() : []
        try noteBeginning()
        // Where nothing more is made of the items, it appears together with the manifest: one wait for the disk less.
        let reports = { @Sendable (summary: RunSummary) throws(FileError) -> [PendingFile] in
            ending.isEmpty ? [try report(summary)] : []
        }
        let map = Locked<[JSONValue]>([])
        var summary: RunSummary
        if let unit = replay?.unit {
            progress.found()
            progress.discoveryFinished()
            let (units, continuation) = AsyncStream.makeStream(of: WorkUnit<ItemInput>.self)
            continuation.yield(unit)
            continuation.finish()
            summary = try await work(units, digest, progress, lock, reports)
        } else if let concealment {
            let units = discovery.units(progress: progress).map { found in
                let unit = concealment.concealed(found)
                if mapPath != nil, runner.shard.contains(unit.name) {
                    map.withLock { $0.append(IdentityMap.line(found, concealedAs: unit)) }
                }
                return unit
            }
            summary = try await work(units, digest, progress, lock, reports)
        } else {
            summary = try await work(discovery.units(progress: progress), digest, progress, lock, reports)
        }
        progress.end()
        if !ending.isEmpty, summary.isComplete {
            summary.isComplete = try ending.write(summary.entries)
            if summary.isComplete { try AtomicFile.publish([report(summary)], in: runner.output) }
        }
        guard summary.isComplete else { return summary }
        for file in outdated { unlink("\(runner.output)/\(file)") }
        if let mapPath, let concealment {
            try IdentityMap.write(
                map.withLock { $0 }, keeping: Set(summary.entries.map(\.item)), to: mapPath, key: concealment.key)
        }
        return summary
    }

    /// A `run.json` without counts is of a run that has not come to its end: that of an earlier one loses them before
    /// anything is added. Where there is none a first one is written, so that the key of a run that conceals is known, and
    /// runs over the folder around it know what it holds.
    private func noteBeginning() throws(FileError) {
        let path = "\(runner.output)/run\(runner.shard.suffix).json"
        let note: JSONValue
        if var earlier = (try? FileBytes.read(path)).flatMap({ JSONValue(parsing: $0) }) {
            guard earlier["counts"] != .null else { return }
            earlier.set("counts", .null)
            earlier.set("seconds", .null)
            note = earlier
        } else if access(path, F_OK) != 0 {
            note = RunReport(run: self).json
        } else {
            return
        }
        try AtomicFile.write(path, tag: runner.shard.suffix, text: note.text(indented: true) + "\n")
    }

    private func work(
        _ units: some AsyncSequence<WorkUnit<ItemInput>, Never> & Sendable, _ digest: String, _ progress: RunProgress,
        _ lock: RunLock, _ reports: @Sendable (RunSummary) throws(FileError) -> [PendingFile]
    ) async throws(FileError) -> RunSummary {
        try await runner.run(
            units, progress: progress, under: lock,
            key: { input in
                let content = try input.digests(runner.workers).map { "\($0.digest)  \($0.path)" }
                let text = "\(digest)\n\(content.joined(separator: "\n"))"
                return concealment?.digest(text) ?? Digest.of(text)
            },
            process: { unit, input in process(unit.name, input, digest) }, reports: reports)
    }

    /// One item from its files to its outputs. Never throws: whatever stops it becomes a line of the manifest.
    private func process(_ name: String, _ input: ItemInput, _ digest: String) -> WorkResult {
        var stage = "read"
        do {
            if Interruption.isRequested { return .interrupted }
            if let refusal = pipeline.refusal(of: input, named: name) { return .failed(refusal) }
            // A page that shows the image as it came needs it whole.
            let first = stagesBeforeView == nil ? pipeline.stages.first?.stage as? ResizeStage : nil
            var item = try input.read(
                named: name, before: first, keepsColor: pipeline.takesColor, workers: runner.workers)
            concealment?.conceal(&item)
            try replay?.checkSources(of: item)
            warnOfUnscaledValues(&item)
            try pipeline.run(
                &item, named: name, seed: seed, stages: pipeline.sharedStages, workers: runner.workers,
                isInterrupted: { Interruption.isRequested }, observe: showBefore)
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
        let rescaling = [RescaleStage.name, DynamicRangeStage.name]
        // What comes first decides: a scale of its own cannot be rescaled.
        let first = pipeline.stages.first {
            rescaling.contains($0.name) || type(of: $0.stage).produces.contains(.normalized)
        }
        guard sidecar == .provenance, first.map({ !rescaling.contains($0.name) }) ?? true else { return }
        let place = first.map { " before \($0.name)" } ?? ""
        if item.volume.attributes.padding != nil {
            item.warn(
                "padding",
                "the header marks a value as padding and the pipeline has no rescale stage\(place) to fill it")
        }
        if item.volume.attributes.hasStoredValues {
            item.warn(
                "stored-values",
                "the header has a rescale slope, intercept or table and the pipeline no rescale stage\(place)")
        }
    }

    /// After how many stages a quality page looks at the image: never before it is de-identified. Nil without a page.
    private var stagesBeforeView: Int? {
        guard pipeline.outputs.contains(where: { $0.options is QualityOptions }) else { return nil }
        return pipeline.stages.lastIndex { $0.name == DeidentifyStage.name }.map { $0 + 1 } ?? 0
    }

    private func showBefore(_ item: inout Item, _ done: Int) throws {
        if done == stagesBeforeView { item.before = try QualityView(item.volume) }
    }

    /// What a reader of the outputs would find odd, and not know from where.
    func warnOfOutputs(_ item: inout Item) {
        let names = Set(pipeline.outputs.map(\.name))
        let converted = pipeline.outputs.first { $0.name == "converted" }.flatMap {
            ConversionOptions.format(named: $0.format)
        }
        let isTensor = names.contains("tensors") || converted == .npy || converted == .safetensors
        if isTensor, case let count = item.volume.notFiniteCount, count > 0 {
            item.warn("not-finite", "\(count) voxels of the tensor are NaN or infinite")
        }
        if converted == .png, item.volume.attributes.hasVaryingWindows {
            item.warn(
                "windows-differ",
                "slices have windows of their own in the header, and all are shown by the middle one's")
        }
        if names.contains("images"), let share = item.volume.shareClippedInPictures {
            item.warn(
                "clipped",
                "\(share) of the pixels are outside of [0, 1], where PNGs end; bring them back by normalize or window last"
            )
        }
        // Where there can be none, writing them says why.
        if names.contains("dicom") { item.warnings += (try? ItemResults(item).warnings) ?? [] }
        if names.contains("masks"), item.masks.isEmpty {
            item.warn("no-masks", "the pipeline writes masks and the item has none")
        }
    }
}
