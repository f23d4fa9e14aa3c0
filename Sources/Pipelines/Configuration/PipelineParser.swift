extension Pipeline {
    /// Reads and checks a pipeline file.
    ///
    /// - Parameters:
    ///   - text: YAML.
    ///   - name: the file's name for messages.
    ///   - settings: changes from the command line, applied in order before anything is checked.
    /// - Throws: `ConfigurationError` with every mistake of the file, in its order.
    public static func parse(
        _ text: String, name: String, settings: [Setting] = [], registry: Registry<Item>
    ) throws(ConfigurationError) -> Pipeline {
        var parser = PipelineParser(registry: registry)
        var root = try ConfigurationNode.parse(yaml: text, name: name, &parser.diagnostics)
        for setting in settings { root = try setting.applied(to: root) }
        let pipeline = parser.pipeline(root)
        guard parser.diagnostics.isEmpty, let pipeline else {
            let inFileOrder = parser.diagnostics.enumerated().sorted {
                ($0.element.mark.line, $0.element.mark.column, $0.offset)
                    < ($1.element.mark.line, $1.element.mark.column, $1.offset)
            }
            throw ConfigurationError(inFileOrder.map(\.element))
        }
        return pipeline
    }
}

/// Collects mistakes instead of stopping at the first.
private struct PipelineParser<Item: PipelineItem> {
    let registry: Registry<Item>
    var diagnostics: [Diagnostic] = []
    /// The last stage that withholds a kind, for messages.
    var withholders: [Kind: String] = [:]
    private static var keys: [String] { ["name", "input", "stages", "outputs", "variants"] }

    mutating func pipeline(_ root: ConfigurationNode) -> Pipeline<Item>? {
        guard case .mapping = root.content, let entries = root.mapping else {
            report(root.mark, "a pipeline is a mapping with name, input, stages and outputs")
            return nil
        }
        checkKeys(entries, Self.keys, of: "a pipeline")
        func value(_ key: String) -> ConfigurationNode? { entries.first { $0.key == key }?.value }

        var name = "pipeline"
        if let node = value("name") {
            if let text = text(node, "name: expected text") { name = text }
        }
        let input = value("input").map { selection($0) } ?? defaultSelection
        var kinds = registry.initialKinds
        var stages: [ConfiguredStage<Item>] = []
        if let node = value("stages") {
            stages = self.stages(node, &kinds)
        } else if !isMisspelt("stages", in: entries) {
            report(root.mark, "stages is missing: list at least one, as in `stages: [rescale]`")
        }
        var outputs: [ConfiguredOutput<Item>] = []
        if let node = value("outputs") {
            outputs = self.outputs(node, kinds)
        } else if !isMisspelt("outputs", in: entries) {
            report(root.mark, "outputs is missing: say what to write, as in `outputs: { tensors: npy }`")
        }
        return Pipeline(
            name: name, input: input, stages: stages, outputs: outputs,
            variants: value("variants").map { variants($0, of: stages) } ?? 1)
    }

    private mutating func variants(_ node: ConfigurationNode, of stages: [ConfiguredStage<Item>]) -> Int {
        switch node.integer(in: 1...1000) {
        case .wrong(let message, _, _): report(node.mark, "variants: \(message)")
        case .value(let count) where count > 1 && !stages.contains(where: \.isRandom):
            report(node.mark, "variants: no stage draws anything, so that all \(count) would be the same")
        case .value(let count): return count
        }
        return 1
    }

    private var defaultSelection: InputSelection {
        var result = InputSelection()
        result.options = registry.inputOptions.map { ($0.name, $0.defaultValue) }
        return result
    }

    private mutating func selection(_ node: ConfigurationNode) -> InputSelection {
        var result = defaultSelection
        guard let entries = node.mapping else {
            report(node.mark, "input: expected a mapping, found \(node.kindDescription)")
            return result
        }
        checkKeys(entries, ["modality", "formats"] + registry.inputOptions.map(\.name), of: "input")
        for entry in entries {
            let nodes = entry.value.sequence ?? [entry.value]
            if let index = registry.inputOptions.firstIndex(where: { $0.name == entry.key }) {
                switch registry.inputOptions[index].read(entry.value) {
                case .value(let value): result.options[index].value = value
                case .wrong(let message, let suggestion, let mark):
                    report(mark ?? entry.value.mark, "\(entry.key): \(message)", suggestion: suggestion)
                }
            } else if entry.key == "modality" {
                for node in nodes {
                    guard let code = text(node, "modality: expected a code such as CT or MR") else { continue }
                    result.modalities.append(code)
                    if !registry.modalities.contains(code) {
                        report(
                            node.mark, "modality: '\(code)' is not a code of DICOM, such as CT or MR",
                            suggestion: nearest(to: code, among: registry.modalities))
                    }
                }
            } else if entry.key == "formats" {
                for node in nodes {
                    guard let format = text(node, "formats: expected text") else { continue }
                    if registry.formats.contains(format) {
                        result.formats.append(format)
                    } else {
                        report(
                            node.mark, "formats: '\(format)' is not one of \(registry.formats.joined(separator: ", "))",
                            suggestion: nearest(to: format, among: registry.formats))
                    }
                }
            }
        }
        return result
    }

    private mutating func stages(_ node: ConfigurationNode, _ kinds: inout Set<Kind>) -> [ConfiguredStage<Item>] {
        guard let nodes = node.sequence, !nodes.isEmpty else {
            report(node.mark, "stages: expected a list with at least one stage, found \(node.kindDescription)")
            return []
        }
        var result: [ConfiguredStage<Item>] = []
        for node in nodes {
            let (name, mark, options): (String, ConfigurationNode.Mark, ConfigurationNode)
            switch node.content {
            case .scalar(let text, _):
                (name, mark) = (text, node.mark)
                options = ConfigurationNode(content: .null, mark: node.mark)
            case .mapping(let entries) where entries.count == 1:
                (name, mark, options) = (entries[0].key, entries[0].keyMark, entries[0].value)
            default:
                report(
                    node.mark,
                    "stages: expected one stage, as in `- rescale` or `- window: { preset: lung }`, found \(node.kindDescription)"
                )
                continue
            }
            guard let stage = registry.stage(named: name) else {
                report(mark, "there is no stage '\(name)'", suggestion: registry.suggestion(for: name))
                continue
            }
            for kind in stage.requires.subtracting(kinds).sorted(by: { $0.description < $1.description }) {
                report(mark, "\(name) needs \(demand(for: kind))put \(makers(of: kind)) before it")
            }
            for kind in stage.precedes.intersection(kinds).sorted(by: { $0.description < $1.description }) {
                let maker = result.map(\.name).first { registry.stage(named: $0)?.produces.contains(kind) == true }
                report(mark, "\(name) cannot follow \(kind): put it before \(maker ?? makers(of: kind))")
            }
            let configured = stage.configure(options, &diagnostics)
            if let mask = configured.stage.ownMask, result.contains(where: { $0.stage.ownMask == mask }) {
                report(
                    mark, "\(name) would replace the mask '\(mask)' that a stage before it makes: keep one of them")
            }
            kinds.formUnion(stage.produces)
            for kind in configured.stage.withholds {
                kinds.remove(kind)
                withholders[kind] = name
            }
            result.append(configured)
        }
        return result
    }

    private mutating func outputs(_ node: ConfigurationNode, _ kinds: Set<Kind>) -> [ConfiguredOutput<Item>] {
        guard let entries = node.mapping, !entries.isEmpty else {
            report(node.mark, "outputs: expected a mapping with at least one output, found \(node.kindDescription)")
            return []
        }
        checkKeys(entries, registry.outputs.map(\.name), of: "outputs")
        if entries.allSatisfy({ $0.value.sequence?.isEmpty == true }) {
            report(node.mark, "outputs: the lists are empty, and nothing would be written")
        }
        var result: [ConfiguredOutput<Item>] = []
        for entry in entries {
            guard let output = registry.outputs.first(where: { $0.name == entry.key }) else { continue }
            for node in entry.value.sequence ?? [entry.value] {
                guard let request = output.configured(node, &diagnostics) else { continue }
                for kind in request.requires.subtracting(kinds).sorted(by: { $0.description < $1.description }) {
                    report(entry.keyMark, "\(entry.key) needs \(demand(for: kind))add the stage \(makers(of: kind))")
                }
                if let other = result.first(where: { $0.name == request.name && $0.fileKind == request.fileKind }) {
                    report(
                        node.mark,
                        "\(entry.key): \(other.format) and \(request.format) would write the same files; keep one of them"
                    )
                }
                result.append(request)
            }
        }
        return result
    }

    /// What is missing and why, before what to do: a stage may be there that makes it with other options only.
    private func demand(for kind: Kind) -> String {
        guard let stage = withholders[kind] else { return "\(kind): " }
        return "\(kind), which \(stage) with its options does not leave: change these, or "
    }

    /// The stages that make something, for a message.
    private func makers(of kind: Kind) -> String {
        registry.stages.filter { $0.produces.contains(kind) }.map(\.name).joined(separator: " or ")
    }

    private mutating func text(_ node: ConfigurationNode, _ message: String) -> String? {
        if let text = node.string { return text }
        report(node.mark, "\(message), found \(node.kindDescription)")
        return nil
    }

    private mutating func checkKeys(_ entries: [ConfigurationNode.Entry], _ known: [String], of owner: String) {
        for entry in entries where !known.contains(entry.key) {
            report(
                entry.keyMark, "\(owner) has no '\(entry.key)'; it has \(known.joined(separator: ", "))",
                suggestion: nearest(to: entry.key, among: known))
        }
    }

    /// Whether a key stands there that was meant to be `key`: its own message is enough then.
    private func isMisspelt(_ key: String, in entries: [ConfigurationNode.Entry]) -> Bool {
        entries.contains { nearest(to: $0.key, among: Self.keys) == key }
    }

    private mutating func report(_ mark: ConfigurationNode.Mark, _ message: String, suggestion: String? = nil) {
        diagnostics.append(Diagnostic(mark, message, suggestion: suggestion))
    }
}
