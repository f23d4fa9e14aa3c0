import CKernels
import Volumes

/// How tissue shows in an image.
enum Contrast: Sendable {
    /// Hounsfield units: air -1000, water 0, bone from 250.
    case ct
    /// Magnetic resonance of any weighting: air dark, tissue brighter, no unit.
    case mr

    /// By modality and values; formats without a modality are told by values alone.
    ///
    /// - Parameter values: in output units.
    /// - Throws: `FaceError` when they look like neither.
    init(_ modality: Modality, _ values: [Float]) throws(FaceError) {
        func share(_ lower: Float, _ upper: Float) -> Double {
            Double(hk_count_between(values, values.count, lower, upper)) / Double(values.count)
        }
        // Only Hounsfield units have many values where air lies in them.
        let (airShare, negativeShare) = (share(-1150, -850), share(-.greatestFiniteMagnitude, -50))
        switch modality {
        case .ct where airShare > 0.02: self = .ct
        case .mr where negativeShare < 0.05: self = .mr
        case .other where airShare > 0.05: self = .ct
        case .other where negativeShare < 0.01: self = .mr
        default:
            throw FaceError(
                .contrastUnknown, "values are neither Hounsfield units with air nor a magnetic resonance image")
        }
    }
}
