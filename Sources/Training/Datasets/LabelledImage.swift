/// Width and height of an image file in pixels.
public struct PixelExtent: Sendable, Hashable {
    public var width: Int
    public var height: Int
    /// EXIF says to turn the image for display; the sides are those of the pixels as stored.
    public var isTurned: Bool

    public init(width: Int, height: Int, isTurned: Bool = false) {
        self.width = width
        self.height = height
        self.isTurned = isTurned
    }
}

/// An image of a data set and what is known about it, whatever the format of the data set.
public struct LabelledImage: Sendable, Hashable {
    /// The file, ready to be opened.
    public var path: String
    /// As the data set calls it; unique within the data set.
    public var name: String
    /// Where the data set names it: the annotations' file and line, or number of the image. For messages.
    public var place = ""
    /// COCO's id; elsewhere its place in the data set, from 1. Results in COCO's form name images by it.
    public var identifier: Int?
    /// Nil where the data set does not tell.
    public var patient: String?
    /// Hospital or source; nil where the data set does not tell.
    public var site: String?
    /// "train", "val", ..; nil where the data set has no parts.
    public var split: String?
    /// Known where the data set tells it or where boxes needed it.
    public var extent: PixelExtent?
    public var boxes: [LabelledBox] = []
    /// Findings of the whole image that are stated as present (true) or absent (false); what is left out is unknown.
    public var labels: [String: Bool] = [:]
    /// Those who looked at the image, also when they drew nothing.
    public var readers: Set<String> = []

    /// - Parameter file: the size of the image file.
    /// - Throws: `TrainingError.dataset` where the data set tells another size: boxes in its pixels would lie elsewhere.
    public func check(_ file: PixelExtent) throws(TrainingError) {
        guard let extent, (extent.width, extent.height) != (file.width, file.height) else { return }
        let isTurned = file.isTurned && (extent.width, extent.height) == (file.height, file.width)
        throw .dataset(
            path: path,
            reason:
                "\(place) says \(extent.width) x \(extent.height) pixels, the file has \(file.width) x \(file.height); "
                + (isTurned
                    ? "EXIF turns it for display, but pixels count as stored: save the image turned"
                    : "give size and boxes in pixels of the file"))
    }

    /// Whether there is a box, or a finding of the whole image.
    public var isAbnormal: Bool { !boxes.isEmpty || labels.contains { $0.value && !Self.notFindings.contains($0.key) } }

    /// Whether findings are stated of the image and none has a box: neither a place to learn nor proof that there is none.
    public var hasUnplacedFindings: Bool { boxes.isEmpty && isAbnormal }

    /// What CheXpert, NIH and VinDr call an image without a finding.
    public static let noFinding = "No Finding"
    /// Columns of CheXpert that are no sign of disease: tubes and pacemakers are compatible with "No Finding".
    private static let notFindings: Set = [noFinding, "Support Devices"]
}
