/// A stage as the registry knows it: its type is forgotten, its name and parameters are not.
public struct StageDescription<Item: PipelineItem>: Sendable {
    public let name: String
    public let summary: String
    public let parameters: [ParameterDescription]
    /// The parameters' defaults, in the same order.
    public let defaults: [JSONValue]
    public let requires: Set<Kind>
    public let produces: Set<Kind>
    public let precedes: Set<Kind>
    /// See `Stage.isRandom`.
    public let isRandom: Bool
    /// Reads the options of one stage of a file and appends what is wrong with them.
    let configure: @Sendable (ConfigurationNode, inout [Diagnostic]) -> ConfiguredStage<Item>

    public init<S: Stage>(_ type: S.Type) where S.Item == Item {
        name = S.name
        summary = S.summary
        parameters = S.parameters.map(\.description)
        requires = S.requires
        produces = S.produces
        precedes = S.precedes
        isRandom = S.isRandom
        let initial = S()
        defaults = S.parameters.map { $0.read(initial) }
        configure = { node, diagnostics in
            var stage = S()
            let before = diagnostics.count
            assign(node, to: &stage, S.parameters, of: "the stage \(S.name)", &diagnostics)
            // Rules between options make sense only once each option does.
            if diagnostics.count == before {
                diagnostics += stage.mistakes().map { Diagnostic(node.mark, "\(S.name): \($0)") }
            }
            return ConfiguredStage(stage, isUsable: diagnostics.count == before)
        }
    }
}

/// A stage with its options, ready to run.
public struct ConfiguredStage<Item: PipelineItem>: Sendable {
    public let stage: any Stage<Item>
    public let name: String
    /// See `Stage.isRandom`.
    public let isRandom: Bool
    /// Every option with its resolved value.
    public let parameters: JSONValue
    /// See `Stage.provenance`.
    public let provenance: JSONValue

    /// - Parameter isUsable: false when mistakes were found; the stage will never run then.
    init<S: Stage>(_ stage: S, isUsable: Bool) where S.Item == Item {
        self.stage = stage
        name = S.name
        isRandom = S.isRandom
        parameters = .object(S.parameters.map { .init($0.description.name, $0.read(stage)) })
        provenance = isUsable ? stage.provenance : .null
    }

    public func outline(_ input: Outline) -> Outline { stage.outline(input) }

    func workingBytes(_ input: Outline) -> Int { stage.workingBytes(input) }

    public func run(_ item: inout Item, _ context: StageContext) throws { try stage.run(&item, context) }
}
