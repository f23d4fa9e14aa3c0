/// Every stage and output there is. An immutable value: what a pipeline can say is decided when the program is built.
public struct Registry<Item: PipelineItem>: Sendable {
    public let stages: [StageDescription<Item>]
    public let outputs: [Output<Item>]
    /// Accepted values of `input.formats`.
    public let formats: [String]
    /// Accepted values of `input.modality`.
    public let modalities: [String]
    /// What `input:` takes beside `modality` and `formats`.
    public let inputOptions: [InputOption]
    /// What an item carries before the first stage.
    public let initialKinds: Set<Kind>

    /// - Precondition: names are unique.
    public init(
        stages: [StageDescription<Item>], outputs: [Output<Item>], formats: [String],
        modalities: [String], inputOptions: [InputOption] = [], initialKinds: Set<Kind>
    ) {
        precondition(Set(stages.map(\.name)).count == stages.count, "two stages of one name")
        (self.stages, self.outputs, self.formats) = (stages, outputs, formats)
        self.modalities = modalities
        (self.inputOptions, self.initialKinds) = (inputOptions, initialKinds)
    }

    public func stage(named name: String) -> StageDescription<Item>? { stages.first { $0.name == name } }

    /// The stage that a misspelt name may have meant.
    public func suggestion(for name: String) -> String? { nearest(to: name, among: stages.map(\.name)) }
}
