import BurnedInText
import Deidentification
import Faces
public import Pipelines
import Volumes

/// `- deidentify: { profile: basic, options: [clean-pixel-data] }`
///
/// Tensors hold no header. What is left of a patient in them is the picture; names, paths and instance UIDs in sidecars,
/// findings and the manifest become keyed ones (`--key`).
public struct DeidentifyStage: Stage {
    enum Profile: String, CaseIterable { case basic }

    public static let name = "deidentify"
    public static let summary = "Keyed names for all that tells where an item came from, and no text in its pixels."
    public static let parameters: [Parameter<DeidentifyStage>] = [
        .choice("profile", \.profile, "PS3.15 E.2; there is one."),
        .choices(
            "options", \.options,
            "PS3.15 E.3. clean-pixel-data looks for text in every slice and blackens it, "
                + "clean-recognizable-visual-features cuts faces out of heads; those about attributes concern what "
                + "`hilum anonymize` writes."),
        .choice(
            "patientRule", \.patientRule,
            "Which DICOM files are one patient's, for DICOM results: as `hilum anonymize --patient-rule`."),
    ]

    var profile = Profile.basic
    var options: [ProfileOption] = []
    var patientRule = Policy.PatientRule.id

    /// What `hilum anonymize` does with these options.
    var policy: Policy {
        get throws(PolicyError) {
            var policy = try Policy(options: Set(options))
            policy.patientRule = patientRule
            return policy
        }
    }

    public init() {}

    public func mistakes() -> [String] {
        do throws(PolicyError) {
            _ = try policy
            return []
        } catch {
            return [error.description]
        }
    }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        if options.contains(.cleanRecognizableVisualFeatures) { try cutFace(&item, context) }
        blackenText(&item)
    }

    /// - Throws: `FaceError` when it is not sure that no face is left; the item is held back then.
    private func cutFace(_ item: inout Item, _ context: StageContext) throws {
        let examination = HeadCheck.examine(item.volume, workers: context.workers)
        switch examination.finding {
        case .noHead, .headWithoutFace: return
        case .headWithFace, .unsure:
            item.volume = try Defacing.deface(item.volume, examination: examination, workers: context.workers).volume
            item.warn("face-removed", "a face was cut out of the head; look at the result before it is released")
        }
    }

    private func blackenText(_ item: inout Item) {
        guard options.contains(.cleanPixelData) else {
            if item.volume.shape.depth == 1 {
                item.warn(
                    "pixels-not-examined", "the picture was not looked at for text; the option clean-pixel-data does")
            }
            return
        }
        let shape = item.volume.shape
        let (plane, detector) = (shape.height * shape.width, TextDetector())
        let isColor = item.volume.attributes.channelAxis == .color
        let inverted = item.volume.attributes.polarity == .brightIsLow
        var slices = 0
        item.volume.withMutableVoxels { voxels in
            var (least, greatest) = (Float.infinity, -Float.infinity)
            for index in voxels.indices {
                (least, greatest) = (min(least, voxels[index]), max(greatest, voxels[index]))
            }
            let black = inverted ? greatest : least
            // Colours of one pixel lie a whole volume apart, and are looked at together.
            let groups = isColor ? 1 : shape.channels
            for group in 0..<groups {
                for slice in 0..<shape.depth {
                    let starts = (isColor ? Array(0..<shape.channels) : [group]).map {
                        ($0 * shape.depth + slice) * plane
                    }
                    let planes = starts.map { start in
                        GrayPlane((start..<start + plane).map { voxels[$0] }, height: shape.height, width: shape.width)
                    }
                    let found = detector.regions(in: planes).map(\.rectangle)
                    guard !found.isEmpty else { continue }
                    slices += 1
                    for rectangle in found.map({ $0.clipped(rows: shape.height, columns: shape.width) }) {
                        for row in rectangle.y..<rectangle.bottom {
                            for start in starts {
                                for place in start + row * shape.width + rectangle.x..<start + row * shape.width
                                    + rectangle.right
                                {
                                    voxels[place] = black
                                }
                            }
                        }
                    }
                }
            }
        }
        if slices > 0 { item.warn("text-blackened", "text was found and blackened in \(slices) slices") }
    }
}
