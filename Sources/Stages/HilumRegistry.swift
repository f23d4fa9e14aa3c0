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
            // Random
            .init(FlipStage.self),
            .init(AffineStage.self),
            .init(RotateStage.self),
            .init(ScaleStage.self),
            .init(TranslateStage.self),
            .init(ElasticStage.self),
            .init(DensityShiftStage.self),
            .init(BrightnessStage.self),
            .init(ContrastStage.self),
            .init(GammaStage.self),
            .init(NoiseStage.self),
            .init(BlurStage.self),
            .init(BiasFieldStage.self),
            .init(GhostingStage.self),
            .init(MotionStage.self),
            .init(PatchMaskStage.self),
            .init(CutOutStage.self),
            .init(LesionsStage.self),
            // Detection
            .init(DetectStage.self),
            .init(ExplainStage.self),
        ],
        outputs: [.tensors, .images, .findings, .overlays, .masks],
        formats: FileFormat.allCases.map(\.rawValue), inputOptions: InputOption.all, initialKinds: [.image])
}
