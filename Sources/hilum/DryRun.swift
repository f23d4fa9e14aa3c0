import Pipelines
import Stages

/// What a run would do, item by item, told from headers alone.
struct DryRun {
    let run: PipelineRun
    let isJSON: Bool

    func print() {
        var counts = (process: 0, skip: 0, fail: 0)
        run.discovery.run { unit in
            guard run.runner.shard.contains(unit.name) else { return true }
            switch unit.verdict {
            case .process(let input):
                counts.process += 1
                show(unit, input)
            case .skip(let reason):
                counts.skip += 1
                show(unit.name, "skip", reason)
            case .fail(let reason):
                counts.fail += 1
                show(unit.name, "fail", reason)
            }
            return true
        }
        if !isJSON {
            Console.out(
                "\(counts.process) to do, \(counts.skip) to skip, \(counts.fail) would fail; nothing was written\n")
        }
    }

    private func show(_ unit: WorkUnit<ItemInput>, _ input: ItemInput) {
        let stages = run.pipeline.outlines(of: input.outline)
        let variants = run.pipeline.variants
        let outputs = run.pipeline.outputs.map { "\($0.name) (\($0.format))" }
        if isJSON {
            let object: JSONValue = [
                "item": .string(unit.name), "action": "process", "format": .string(input.format.rawValue),
                "inputs": .integer(unit.inputs.count), "shape": shape(input.outline),
                "stages": .array(stages.map { ["stage": .string($0.stage), "shape": shape($0.outline)] }),
                "outputs": .array(outputs.map { .string($0) }), "variants": .integer(variants),
                "memoryBytes": .integer(unit.estimatedBytes),
            ]
            Console.out(object.text() + "\n")
            return
        }
        var text =
            "\(unit.name): \(input.format.rawValue), \(unit.inputs.count) file\(unit.inputs.count == 1 ? "" : "s"), "
        text += "\(words(input.outline)), about \((unit.estimatedBytes + 1 << 20 - 1) >> 20) MiB\n"
        var previous = input.outline
        for (stage, outline) in stages {
            text += "  \(stage)\(outline == previous ? "" : " -> \(words(outline))")\n"
            previous = outline
        }
        let times = variants == 1 ? "" : ", each \(variants) times"
        Console.out(text + "  outputs: \(outputs.joined(separator: ", "))\(times)\n")
    }

    private func show(_ name: String, _ action: String, _ reason: ManifestEntry.Failure) {
        if isJSON {
            let object: JSONValue = [
                "item": .string(name), "action": .string(action), "code": .string(reason.code),
                "message": .string(reason.message),
            ]
            Console.out(object.text() + "\n")
        } else {
            Console.out("\(name): \(action): \(reason.message)\n")
        }
    }

    private func shape(_ outline: Outline) -> JSONValue { .array(outline.shape.map { .integer($0) }) }

    private func words(_ outline: Outline) -> String { outline.shape.map(String.init).joined(separator: " x ") }
}
