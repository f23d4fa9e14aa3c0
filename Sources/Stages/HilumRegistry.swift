public import Pipelines
import Volumes

extension Registry<Item> {
    /// Every stage and output of Hilum. A new stage is one file that conforms to `Stage` and one line here;
    /// docs/adding-a-stage.md tells what else makes it done.
    public static let hilum = Registry(
        stages: [
            // Identity
            .init(DeidentifyStage.self),
            // Intensity
            .init(RescaleStage.self),
            .init(WindowStage.self),
            .init(NormalizeStage.self),
            .init(DynamicRangeStage.self),
            .init(BandPassStage.self),
            .init(EqualizeStage.self),
            .init(N4Stage.self),
            .init(RGBStage.self),
            // Regions
            .init(RegionStage.self),
            .init(CropForegroundStage.self),
            // Spatial
            .init(ReorientStage.self),
            .init(ResampleStage.self),
            .init(ResizeStage.self),
            .init(CropPadStage.self),
            .init(RegisterStage.self),
            .init(StandardizeStage.self),
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
        outputs: [.tensors, .masks, .boxes, .images, .findings, .overlays, .heatmaps, .dicom, .report],
        formats: FileFormat.allCases.map(\.rawValue), modalities: Modality.terms, inputOptions: InputOption.all,
        initialKinds: [.image])
}
