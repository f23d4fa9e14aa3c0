/// Images with boxes and labels, read from any of the known formats.
public struct LabelledDataset: Sendable, Hashable {
    public var format: DatasetFormat
    /// The folder or file that was named.
    public var path: String
    public var images: [LabelledImage]
    /// Left out because the chosen reader did not look at them; results of all images may hold them.
    public var unread: [LabelledImage] = []
    /// Of boxes, in the order of the data set where it has one, else by name.
    public var classes: [String]
    /// Classes by COCO's ids; elsewhere by their place in `classes`, from 1.
    public var categories: [Int: String]
    /// What was mended or left out, each with its place; empty when all was well.
    public var problems: [DatasetProblem]

    /// Reads a data set.
    ///
    /// - Parameters:
    ///   - path: its folder, or the file with its annotations.
    ///   - format: nil finds it out from the content.
    /// - Throws: `TrainingError` for a format that is not known or not clear, a line that cannot be understood, an image named
    ///   twice or missing, and boxes that the options refuse: counted and named.
    public init(
        path: String, format: DatasetFormat? = nil, options: DatasetOptions
    ) throws(TrainingError) {
        let source = try DatasetSource.find(path, format: format)
        guard options.uncertain == .ones || source.format == .chexpert else {
            throw .dataset(path: path, reason: "\(source.format.title) has no uncertain labels; leave out --uncertain")
        }
        var builder = DatasetBuilder(source: source, options: options)
        for file in source.files {
            switch source.format {
            case .index: try builder.readIndex(file)
            case .coco: try builder.readCOCO(file)
            case .yolo: try builder.readYOLO(file)
            case .chexpert: try builder.readCheXpert(file)
            case .nih: try builder.readNIH(file)
            case .rsna: try builder.readRSNA(file)
            case .vindr: try builder.readVinDr(file)
            }
        }
        self = try builder.finish()
    }

    init(
        format: DatasetFormat, path: String, images: [LabelledImage], unread: [LabelledImage] = [], classes: [String],
        categories: [Int: String], problems: [DatasetProblem]
    ) {
        self.format = format
        self.path = path
        self.images = images
        self.unread = unread
        self.classes = classes
        self.categories = categories
        self.problems = problems
    }

    /// What was recognised, in one sentence: format, images, boxes, classes, parts.
    public var summary: String {
        let boxes = images.reduce(0) { $0 + $1.boxes.count }
        var parts = ["\(format.title): \(images.count) images, \(boxes) boxes"]
        if !classes.isEmpty { parts.append("classes \(classes.joined(separator: ", "))") }
        let splits = Dictionary(grouping: images) { $0.split ?? "" }.mapValues(\.count).filter { !$0.key.isEmpty }
        if !splits.isEmpty {
            parts.append(
                "parts " + splits.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        }
        let patients = Set(images.compactMap(\.patient)).count
        if patients > 0 { parts.append("\(patients) patients") }
        return parts.joined(separator: "; ")
    }

    /// How many problems of each kind, and the places of the first three.
    public var problemSummary: [String] { DatasetProblem.summary(problems) }
}
