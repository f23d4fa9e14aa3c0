/// What the channels of a volume are.
public enum ChannelAxis: Sendable, Hashable {
    /// One channel, or channels that nothing is known of.
    case none
    /// Red, green, blue.
    case color
    /// Points in time, ascending, at the same places; the step is nil when it is unknown or uneven.
    case time(stepSeconds: Double?)
    /// Diffusion weightings at the same places: s/mm2, and unit vectors in LPS (nil where there is none, as at b = 0).
    case diffusion(bValues: [Double], directions: [SIMD3<Double>?])
    /// Images of one subject at the same places, named as the pipeline names them: "t1", "flair".
    case sequences([String])
}
