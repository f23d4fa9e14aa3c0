/// Numbers behind a verdict, all of the average head laid over the image where it fits best.
public struct HeadMeasures: Sendable, Hashable {
    /// Normalised mutual information with the average head, 1 (nothing in common) to 2.
    public var information = 0.0
    /// How much better the affine's own directions fit than the best of 23 other turns; below 0 another fits better.
    public var orientationLead = 0.0
    /// Scale of the average head along left, posterior, superior.
    public var scales = SIMD3<Double>.zero
    /// Dice coefficient of what is not air and the average head, above the ears and within the image.
    public var headOverlap = 0.0
    /// Dice coefficient of the brain found by intensity and the average head's, within the image.
    public var brainOverlap = 0.0
    /// Volume of the brain found by intensity, mL in the patient.
    public var brainVolume = 0.0
    /// Share of the average brain that lies within the image.
    public var brainVisible = 0.0
    /// Share of the average face, with 10 mm around it, that lies within the image.
    public var faceVisible = 0.0
    /// Of the average face within the image, the share where the image has tissue.
    public var faceTissue = 0.0
    /// Share of the average scalp over the skull (within the image) where the image has tissue.
    public var scalpTissue = 0.0
    /// Of the average face and scalp within the image, the share that holds one and the same value.
    public var faceBlank = 0.0
    public var scalpBlank = 0.0
    /// Area of tissue in the axial slice that has least of it, cm2; 0 for MR.
    public var leastSliceArea = 0.0

    init() {}
}
