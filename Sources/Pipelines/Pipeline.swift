public import Parallel

/// A checked pipeline: every name, option and order in it is right before any file is opened.
public struct Pipeline<Item: PipelineItem>: Sendable {
    public let name: String
    public let input: InputSelection
    public let stages: [ConfiguredStage<Item>]
    public let outputs: [ConfiguredOutput<Item>]
    /// How many results each item has; they differ from the first random stage on.
    public let variants: Int

    public init(
        name: String, input: InputSelection, stages: [ConfiguredStage<Item>], outputs: [ConfiguredOutput<Item>],
        variants: Int = 1
    ) {
        (self.name, self.input, self.stages, self.outputs) = (name, input, stages, outputs)
        self.variants = variants
    }

    /// Stages that all variants of an item share, and those that each runs for itself.
    public var sharedStages: Range<Int> {
        variants == 1 ? stages.indices : 0..<(stages.firstIndex(where: \.isRandom) ?? stages.count)
    }
    public var variantStages: Range<Int> { sharedStages.upperBound..<stages.count }

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
            "outputs": resolvedOutputs,
            "variants": .integer(variants),
        ]
    }

    /// A list where an output is asked for in several formats.
    private var resolvedOutputs: JSONValue {
        var result: JSONValue = .object([])
        for output in outputs where result[output.name] == nil {
            let requests = outputs.filter { $0.name == output.name }.map(\.resolved)
            result.set(output.name, requests.count == 1 ? requests[0] : .array(requests))
        }
        return result
    }

    /// Names and shapes after each stage, for `--dry-run`.
    public func outlines(of input: Outline) -> [(stage: String, outline: Outline)] {
        var current = input
        return stages.map { stage in
            current = stage.outline(current)
            return (stage.name, current)
        }
    }

    /// Bytes that an item needs at once: the largest neighbouring pair of stage input and output, with what the stage
    /// works in. While variants are made, the item that they share is there as well.
    public func memoryEstimate(of input: Outline) -> Int {
        memoryEstimates(of: input).reduce(input.bytes) { max($0, $1.bytes) }
    }

    /// The same stage by stage, and whether the stage makes anything beside what it changes in place.
    public func memoryEstimates(of input: Outline) -> [(stage: String, bytes: Int, makesMore: Bool)] {
        var (current, shared) = (input, 0)
        return stages.enumerated().map { index, stage in
            if index == variantStages.lowerBound { shared = current.bytes }
            let (next, working) = (stage.outline(current), stage.workingBytes(current))
            let both = next == current ? current.bytes : sum(current.bytes, next.bytes)
            defer { current = next }
            return (stage.name, sum(sum(both, working), shared), next != current || working > 0)
        }
    }

    /// Never overflows: a nonsensical header must not stop the run.
    private func sum(_ a: Int, _ b: Int) -> Int {
        let (total, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : total
    }

    /// Runs stages on one item: all of them, or those of a range.
    ///
    /// - Parameters:
    ///   - variant: from 0.
    ///   - observe: sees the item before the first stage of the pipeline and after each, with the number of stages done.
    /// - Throws: `StageFailure` naming the stage, or `CancellationError` between stages after an interruption.
    public func run(
        _ item: inout Item, named itemName: String, seed: UInt64, variant: Int = 0, stages range: Range<Int>? = nil,
        workers: Workers = .single, isInterrupted: () -> Bool = { false },
        observe: (inout Item, _ done: Int) throws -> Void = { _, _ in }
    ) throws {
        let range = range ?? stages.indices
        if range.lowerBound == 0 { try observe(&item, 0) }
        for index in range {
            if isInterrupted() { throw CancellationError() }
            let stage = stages[index]
            item.history.begin(stage.name, stage.parameters)
            do {
                try stage.run(
                    &item,
                    StageContext(
                        seed: seed, item: itemName, variant: variant, stageIndex: index, workers: workers,
                        isReadOnce: index == stages.count - 1 && variants == 1 && outputs.count == 1
                            && outputs[0].readsOnce))
                if let words = item.contradiction { throw ContradictionError(description: words) }
            } catch {
                throw StageFailure(stage: stage.name, cause: error)
            }
            try observe(&item, index + 1)
        }
    }
}

/// Which of the things found in the input go through the pipeline; everything else is reported as skipped.
public struct InputSelection: Sendable {
    /// DICOM modality codes; empty takes all. Formats that tell no modality always pass.
    public var modalities: [String] = []
    /// Format names of the registry; empty takes all.
    public var formats: [String] = []
    /// The registry's input options, each with its value.
    public var options: [(name: String, value: Value)] = []

    public enum Value: Sendable, Hashable {
        case choice(String)
        case words([String])
    }

    public init() {}

    /// The choice of an option; nil when the registry has none of this name.
    public func choice(_ name: String) -> String? {
        if case .choice(let choice) = options.first(where: { $0.name == name })?.value { choice } else { nil }
    }

    /// The words of an option; empty when they are not given.
    public func words(_ name: String) -> [String] {
        if case .words(let words) = options.first(where: { $0.name == name })?.value { words } else { [] }
    }

    var resolved: JSONValue {
        .object(
            [
                .init("modality", .array(modalities.map { .string($0) })),
                .init("formats", .array(formats.map { .string($0) })),
            ] + options.map { .init($0.name, $0.value.json) })
    }
}

extension InputSelection.Value {
    var json: JSONValue {
        switch self {
        case .choice(let choice): .string(choice)
        case .words(let words): .array(words.map { .string($0) })
        }
    }
}

/// An error with the stage that it came from.
public struct StageFailure: Error {
    public var stage: String
    public var cause: any Error

    public init(stage: String, cause: any Error) { (self.stage, self.cause) = (stage, cause) }
}
