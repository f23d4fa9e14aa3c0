import ArgumentParser
import Networks

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show why: a heatmap for each finding, by the method of choice.",
        discussion: """
            With --score, INPUT is one data set with boxes (see `hilum model evaluate`): every method, or the one of \
            --method, is measured on its images, beside maps that explain nothing, and OUT/explanations.json gets the \
            numbers.
            """)

    @OptionGroup var options: RunOptions

    @Option(
        help: ArgumentHelp(
            "How heatmaps are made: \(ExplanationMethod.allCases.map(\.rawValue).joined(separator: ", ")). [default: \(ExplanationMethod.preferred.rawValue); with --score all]"
        ))
    var method: String?

    @Option(
        help: ArgumentHelp(
            "Where the CAM methods read: \(ExplanationLayer.allCases.map(\.rawValue).joined(separator: ", ")). [default: the method's own]"
        ))
    var layer: String?

    @Option(help: ArgumentHelp("Name of a shipped model, or a model's folder. [default: \(usualModel)]"))
    var model: String?

    @Flag(help: "Measure the methods on a data set with boxes instead.")
    var score = false

    @Flag(help: "With --score: the CAM methods at every layer.")
    var layers = false

    @Option(help: "With --score: what removed pixels become, blurred or zero. [default: blurred]")
    var baseline: String?

    @Option(
        help:
            "With --score: parts that pixels are removed in for deletion and insertion; two looks of the network each. [default: 10]"
    )
    var steps: Int?

    @Option(help: "With --score: images on which weights are shuffled to see whether maps change. [default: 5]")
    var shuffled: Int?

    @OptionGroup(title: "With --score") var selection: DatasetSelection

    func validate() throws {
        if let baseline, RemovalBaseline(rawValue: baseline) == nil {
            throw ValidationError("--baseline must be blurred or zero")
        }
        if let layer, ExplanationLayer(rawValue: layer) == nil {
            throw ValidationError(
                "--layer must be one of \(ExplanationLayer.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        if let method {
            guard let known = ExplanationMethod(rawValue: method) else {
                throw ValidationError(
                    "--method must be one of \(ExplanationMethod.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            if layer != nil, known.defaultLayer == nil { throw ValidationError("\(method) reads at no layer") }
        }
        if layers, !score { throw ValidationError("--layers needs --score; --layer chooses where heatmaps are read") }
        if layers, layer != nil { throw ValidationError("--layers reads at every layer, --layer at one") }
        if score, options.items.inputs.count != 1 { throw ValidationError("--score takes one data set") }
        if let steps, steps < 1 { throw ValidationError("--steps must be at least 1") }
        if let shuffled, shuffled < 0 { throw ValidationError("--shuffled must not be below 0") }
        let foreign = score ? options.given : ofScoring
        guard foreign.isEmpty else {
            throw ValidationError("\(foreign.joined(separator: ", ")): \(score ? "not with --score" : "needs --score")")
        }
    }

    /// What was given of the options that say how methods are measured.
    private var ofScoring: [String] {
        named([("--baseline", baseline != nil), ("--steps", steps != nil), ("--shuffled", shuffled != nil)])
            + selection.given
    }

    func run() async throws {
        if score {
            let dataset = try selection.load(options.items.inputs[0])
            try ExplanationScoring(
                model: model ?? usualModel, baseline: baseline.flatMap(RemovalBaseline.init) ?? .blurred,
                steps: steps ?? 10,
                randomizedImages: shuffled ?? 5,
                subjects: ExplanationScores.subjects(
                    method: method.flatMap(ExplanationMethod.init), layer: layer.flatMap(ExplanationLayer.init),
                    allLayers: layers)
            ).run(try selection.selected(dataset).images, to: "\(options.items.output)/explanations.json")
            return
        }
        options.items.handleInterruption()
        try await options.execute(
            pipelineAt: pipeline(for: model, isQuiet: options.items.quiet),
            choices: [
                .init(option: "--model", path: "stages.detect.model", value: model, usual: usualModel, isText: true),
                .init(
                    option: "--method", path: "stages.explain.method", value: method,
                    usual: ExplanationMethod.preferred.rawValue),
                .init(option: "--layer", path: "stages.explain.layer", value: layer),
                .init(option: "explain", path: "outputs.heatmaps", value: nil, usual: "png"),
            ])
    }
}
