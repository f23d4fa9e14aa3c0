public import Pipelines

extension Registry<Item> {
    /// Every stage and output of Hilum. A new stage is one file that conforms to `Stage` and one line here.
    public static let hilum = Registry(
        stages: [
            // Identity
            .init(DeidentifyStage.self),
            // Intensity
            .init(RescaleStage.self),
            .init(WindowStage.self),
            .init(NormalizeStage.self),
            // Spatial
            .init(ReorientStage.self),
            .init(ResampleStage.self),
            .init(ResizeStage.self),
            .init(CropPadStage.self),
            .init(FlipStage.self),
            .init(RegisterStage.self),
            .init(StandardizeStage.self),
            // Detection
            .init(DetectStage.self),
            .init(ExplainStage.self),
        ],
        outputs: [.tensors, .images, .findings, .overlays],
        formats: FileFormat.allCases.map(\.rawValue), inputOptions: InputOption.all, initialKinds: [.image])
}
