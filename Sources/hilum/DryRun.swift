import Pipelines
import Stages

/// What a run would do, item by item, told from headers alone.
struct DryRun {
    let run: PipelineRun
    let isJSON: Bool

    func print() {
        var counts: [DryRunAction: Int] = [:]
        var done = 0
        let earlier = EarlierResults(of: run.runner)
        func tell(_ unit: WorkUnit<ItemInput>, writtenAs name: String) {
            switch unit.verdict {
            case .process(let input):
                if let refusal = run.pipeline.refusal(of: input, named: unit.name) {
                    counts[.fail, default: 0] += 1
                    Self.show(unit.name, .fail, refusal, isJSON: isJSON)
                } else {
                    counts[.process, default: 0] += 1
                    let isDone = earlier.hold(name)
                    done += isDone ? 1 : 0
                    show(unit, input, isDone: isDone)
                }
            case .skip(let reason):
                counts[.skip, default: 0] += 1
                Self.show(unit.name, .skip, reason, isJSON: isJSON)
            case .fail(let reason):
                counts[.fail, default: 0] += 1
                Self.show(unit.name, .fail, reason, isJSON: isJSON)
            }
        }
        if let unit = run.replay?.unit {
            tell(unit, writtenAs: unit.name)
        } else {
            run.discovery.run { unit in
                let name = run.concealment?.concealed(unit).name ?? unit.name
                if run.runner.shard.contains(name) { tell(unit, writtenAs: name) }
                return true
            }
        }
        Self.show(counts, done: done, isJSON: isJSON)
    }

    /// - Parameter done: of those to do, how many an earlier run has done already.
    static func show(_ counts: [DryRunAction: Int], done: Int, isJSON: Bool) {
        guard !isJSON else {
            let event: JSONValue = [
                "event": "summary", "process": .integer(counts[.process] ?? 0), "skip": .integer(counts[.skip] ?? 0),
                "fail": .integer(counts[.fail] ?? 0), "doneBefore": .integer(done),
            ]
            return Console.out(event.text() + "\n")
        }
        let earlier =
            done == 0 ? "" : " (\(done) of them done before: again only where input, pipeline or version have changed)"
        Console.out(
            "\(counts[.process] ?? 0) to do\(earlier), \(counts[.skip] ?? 0) to skip, \(counts[.fail] ?? 0) would fail; "
                + "nothing was written\n")
    }

    private func show(_ unit: WorkUnit<ItemInput>, _ input: ItemInput, isDone: Bool) {
        let stages = run.pipeline.outlines(of: input.outline)
        let variants = run.replay == nil ? run.pipeline.variants : 1
        let outputs = run.pipeline.outputs.map { "\($0.name) (\($0.format))" }
        if isJSON {
            let object: JSONValue = [
                "event": "item", "item": .string(unit.name), "action": "process",
                "format": .string(input.format.rawValue), "inputs": .integer(unit.inputs.count),
                "shape": shape(input.outline),
                "stages": .array(stages.map { ["stage": .string($0.stage), "shape": shape($0.outline)] }),
                "outputs": .array(outputs.map { .string($0) }), "variants": .integer(variants),
                "memoryBytes": .integer(unit.estimatedBytes), "doneBefore": .bool(isDone),
            ]
            Console.out(object.text() + "\n")
            return
        }
        var text =
            "\(unit.name.printable): \(input.format.rawValue), \(unit.inputs.count) file\(unit.inputs.count == 1 ? "" : "s"), "
        text += "\(words(input.outline)), about \((unit.estimatedBytes + 1 << 20 - 1) >> 20) MiB\n"
        var previous = input.outline
        for (stage, outline) in stages {
            text += "  \(stage)\(outline == previous ? "" : " -> \(words(outline))")\n"
            previous = outline
        }
        var times = variants == 1 ? "" : ", each \(variants) times"
        if let replay = run.replay, run.pipeline.variants > 1 { times = ", of variant \(replay.variant + 1) only" }
        if isDone { times += "; done before" }
        Console.out(text + "  outputs: \(outputs.joined(separator: ", "))\(times)\n")
    }

    /// A line of an item of which nothing more is to be told than why it would not be done.
    static func show(_ name: String, _ action: DryRunAction, _ reason: ManifestEntry.Failure?, isJSON: Bool) {
        if isJSON {
            let object: JSONValue = [
                "event": "item", "item": .string(name), "action": .string(action.rawValue),
                "code": reason.map { .string($0.code) } ?? .null,
                "message": reason.map { .string($0.message) } ?? .null,
            ]
            Console.out(object.text() + "\n")
        } else {
            let text = "\(name): \(action.rawValue)\(reason.map { ": \($0.message)" } ?? "")"
            Console.out(text.printable + "\n")
        }
    }

    private func shape(_ outline: Outline) -> JSONValue { .array(outline.shape.map { .integer($0) }) }

    private func words(_ outline: Outline) -> String { outline.shape.map(String.init).joined(separator: " x ") }
}
