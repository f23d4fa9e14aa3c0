import DICOM
import Deidentification
public import Pipelines
import Transforms
public import Volumes

/// What travels through a pipeline: one image and all that is known of it.
public struct Item: PipelineItem {
    /// Stable name of the item in its run; the first part of its output paths.
    public let name: String
    /// Which of its variants this is; nil where the pipeline makes one result of each item.
    public internal(set) var variant: Variant?
    /// Where it came from.
    public internal(set) var source: ItemSource
    public var volume: Volume
    /// Labels on the grid of `volume`, by what they mean: "labels" those that came with the image, "lesions", "patches"
    /// and "body" those that stages made. A stage that moves the image moves them (`moveGrid`).
    public var masks: [String: Mask] = [:]
    /// Boxes on the grid of `volume`, those that came with the image and those that stages added.
    public var boxes: [LabeledBox] = []
    /// As it came, or as it left the deidentify stage; made only where a quality page shows it.
    var before: QualityView?
    public var findings: Findings?
    /// What the network said of each slice that it looked at, in its own coordinates; explanations start from it.
    var sliceDetections: [SliceDetections] = []
    /// The model that found them, as the pipeline names it.
    var detectorModel = ""
    public var heatmaps: [Heatmap] = []
    public var history = History()
    public var warnings: [ManifestEntry.Warning] = []

    public init(name: String, source: ItemSource, volume: Volume, warnings: [ManifestEntry.Warning] = []) {
        (self.name, self.source, self.volume, self.warnings) = (name, source, volume, warnings)
    }

    public var contradiction: String? {
        var shape = volume.shape
        shape.channels = 1
        for (name, mask) in masks.sorted(by: { $0.key < $1.key })
        where mask.shape != shape || mask.geometry != volume.geometry {
            return "the mask '\(name)' no longer lies on the image's grid"
        }
        let sources = volume.attributes.sliceSources.count
        guard [0, volume.shape.depth, volume.shape.channels * volume.shape.depth].contains(sources) else {
            return "\(sources) sources are told of \(volume.shape.depth) slices"
        }
        return nil
    }

    /// The first part of its output paths.
    var outputName: String { name + (variant?.suffix ?? "") }

    mutating func warn(_ code: String, _ message: String) {
        warnings.append(.init(code: code, message: message))
    }
}

/// One of several results of an item.
public struct Variant: Sendable, Hashable {
    /// From 1, as users count; draws count from 0.
    public let number: Int

    /// ".variant-0001", between the item's name and what the output is.
    var suffix: String {
        let digits = String(number)
        return ".variant-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

/// The origin of an item: enough to find it again and to say where things lie in the file as it was.
public struct ItemSource: Sendable {
    /// "dicom", "nifti", "png", "jpeg"
    public var format: String
    /// Relative to INPUT, with the XXH3-128 of each file; keyed names and digests where the pipeline de-identifies.
    public var inputs: [(path: String, digest: String)]
    var isConcealed = false
    /// The grid of the file before any stage: findings are reported on it. It moves with the image when that is
    /// registered, so that one place keeps one name.
    public var geometry: Geometry
    /// From the space that the image and `geometry` lie in to the file's own patient space; not the identity once the
    /// image was registered.
    var patient = AffineTransform.identity
    public var shape: Shape
    /// The files behind it, when it is a DICOM series, and how they became a volume. Their headers are the true ones.
    var series: Series?
    var seriesOptions = SeriesOptions()
    /// What makes headers fit to be written, in a pipeline that de-identifies and writes any.
    var cleaner: FileCleaner?

    /// Whether `geometry` says where the image lies in the patient: a picture may have a spacing and no position.
    var isPlaced: Bool { geometry.isPhysical && series?.isPlaced ?? true }
    /// Whether the size of voxels across slices is the patient's.
    var hasDepth: Bool { geometry.isPhysical && (shape.depth > 1 || series?.tellsThickness ?? true) }

    /// The box around the file on another grid; nil where the grids cannot be brought together.
    func extent(on grid: Geometry) -> Box? {
        Box(lower: .zero, upper: [Double(shape.width), Double(shape.height), Double(shape.depth)])
            .mapped(from: geometry, to: grid)
    }

    public init(format: String, inputs: [(path: String, digest: String)], geometry: Geometry, shape: Shape) {
        (self.format, self.inputs, self.geometry, self.shape) = (format, inputs, geometry, shape)
    }
}

extension Kind {
    /// Voxels on a grid.
    public static let image = Kind("an image")
    /// Intensities on a scale of their own, which have no unit any more.
    public static let normalized = Kind("normalized intensities")
    /// Intensities that a stage has brought into [0, 1]; stages that draw may take some out of it again.
    public static let unitRange = Kind("intensities in [0, 1]")
    public static let findings = Kind("findings")
    public static let heatmaps = Kind("heatmaps")
}
