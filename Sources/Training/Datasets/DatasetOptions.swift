/// What to do with boxes that leave their image.
public enum BoxRule: String, Sendable, CaseIterable {
    /// The data set is refused; the error counts and names them.
    case refuse
    /// Boxes are cut at the image's edges; those without area, without numbers or wholly outside are left out. Both are counted.
    case clip
}

/// How the labels of CheXpert-like tables that say -1 ("uncertain") are taken (Irvin et al. 2019).
public enum UncertainLabels: String, Sendable, CaseIterable {
    case ones = "u-ones"
    case zeros = "u-zeros"
    case ignore = "u-ignore"
}

/// Whose boxes count where several readers saw an image.
public enum ReaderChoice: Sendable, Hashable {
    case all
    /// Boxes that at least two readers drew, see `consensus`.
    case consensus
    case one(String)
}

/// Choices of whoever reads a data set.
public struct DatasetOptions: Sendable {
    public var boxes = BoxRule.refuse
    public var uncertain = UncertainLabels.ones
    public var readers = ReaderChoice.all
    /// Leave images out whose file is missing or of a kind that is not read (counted) instead of refusing the data set.
    public var skipsMissingFiles = false
    /// Where images lie when not where the format says.
    public var imageFolder: String?
    /// Hold the sizes that the data set tells against those of the files. Whoever reads the images anyway does it then, see
    /// `LabelledImage.check`.
    public var checksExtents = false
    /// Width and height of an image file; asked where the data set does not tell them, or where they are checked.
    public var extent: @Sendable (String) throws(TrainingError) -> PixelExtent

    public init(extent: @escaping @Sendable (String) throws(TrainingError) -> PixelExtent) { self.extent = extent }
}
