public import Parallel

/// A checked pipeline: every name, option and order in it is right before any file is opened.
public struct Pipeline<Item: PipelineItem>: Sendable {
    public let name: String
    public let input: InputSelection
    public let stages: [ConfiguredStage<Item>]
    public let outputs: [(output: Output<Item>, format: String)]

    public init(
        name: String, input: InputSelection, stages: [ConfiguredStage<Item>],
        outputs: [(output: Output<Item>, format: String)]
    ) {
        (self.name, self.input, self.stages, self.outputs) = (name, input, stages, outputs)
    }

    /// Everything that decides the output's bytes, with defaults filled in: goes into `run.json` and resume keys.
    public var resolved: JSONValue {
        [
            "name": .string(name),
            "input": input.resolved,
            "stages": .array(
                stages.map { stage in
                    var options = stage.parameters
                    if stage.provenance != .null { options.set("provenance", stage.provenance) }
                    return .object([.init(stage.name, options)])
                }),
            "outputs": .object(outputs.map { .init($0.output.name, .string($0.format)) }),
        ]
    }

    /// Names and shapes after each stage, for `--dry-run`.
    public func outlines(of input: Outline) -> [(stage: String, outline: Outline)] {
        var current = input
        return stages.map { stage in
            current = stage.outline(current)
            return (stage.name, current)
        }
    }

    /// Bytes that an item needs at once: the largest neighbouring pair of stage input and output.
    public func memoryEstimate(of input: Outline) -> Int {
        var (current, peak) = (input, input.bytes)
        for stage in stages {
            let next = stage.outline(current)
            peak = max(peak, next == current ? current.bytes : sum(current.bytes, next.bytes))
            current = next
        }
        return peak
    }

    /// Never overflows: a nonsensical header must not stop the run.
    private func sum(_ a: Int, _ b: Int) -> Int {
        let (total, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : total
    }

    /// Runs every stage on one item.
    ///
    /// - Throws: `StageFailure` naming the stage, or `CancellationError` between stages after an interruption.
    public func run(
        _ item: inout Item, named itemName: String, seed: UInt64, workers: Workers = .single,
        isInterrupted: () -> Bool = { false }
    ) throws {
        for (index, stage) in stages.enumerated() {
            if isInterrupted() { throw CancellationError() }
            item.history.begin(stage.name, stage.parameters)
            do {
                try stage.run(&item, StageContext(seed: seed, item: itemName, stageIndex: index, workers: workers))
            } catch {
                throw StageFailure(stage: stage.name, cause: error)
            }
        }
    }
}

/// Which of the things found in the input go through the pipeline; everything else is reported as skipped.
public struct InputSelection: Sendable {
    /// DICOM modality codes; empty takes all. Formats that tell no modality always pass.
    public var modalities: [String] = []
    /// Format names of the registry; empty takes all.
    public var formats: [String] = []
    /// The registry's input options, each with its choice.
    public var options: [(name: String, choice: String)] = []

    public init() {}

    /// The choice of an option; nil when the registry has none of this name.
    public func choice(_ name: String) -> String? { options.first { $0.name == name }?.choice }

    var resolved: JSONValue {
        .object(
            [
                .init("modality", .array(modalities.map { .string($0) })),
                .init("formats", .array(formats.map { .string($0) })),
            ] + options.map { .init($0.name, .string($0.choice)) })
    }
}

/// An error with the stage that it came from.
public struct StageFailure: Error {
    public var stage: String
    public var cause: any Error

    public init(stage: String, cause: any Error) { (self.stage, self.cause) = (stage, cause) }
}
