import Foundation

/// Gathers images and boxes while a format is read, and checks them at the end.
struct DatasetBuilder {
    private struct RawBox {
        var edges: [Double]
        /// Edges are parts of the image's width and height.
        var isNormalized: Bool
        var label: String
        var reader: String?
        var place: String
    }

    let source: DatasetSource
    let options: DatasetOptions
    /// Of boxes, where the format lists them.
    var classes: [String] = []
    /// COCO's ids of classes.
    var categories: [Int: String] = [:]
    var problems: [DatasetProblem] = []
    private(set) var images: [LabelledImage] = []
    private var boxes: [[RawBox]] = []
    private var numbers: [String: Int] = [:]
    private lazy var folder = ImageFolder(root: options.imageFolder ?? Self.root(of: source))

    /// A box may leave its image by this much, in pixels, without a word: decimals were rounded.
    static let tolerance = 0.5

    init(source: DatasetSource, options: DatasetOptions) {
        self.source = source
        self.options = options
    }

    /// The folder that was named, or that of the file.
    static func root(of source: DatasetSource) -> String {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: source.path, isDirectory: &isFolder)
        return isFolder.boolValue ? source.path : URL(fileURLWithPath: source.path).deletingLastPathComponent().path
    }

    func number(of name: String) -> Int? { numbers[name] }

    /// Where an image lies that the format gives by path: as it says, else under that path anywhere below the folder.
    mutating func path(_ name: String, relativeTo base: String) throws(TrainingError) -> String {
        if let chosen = options.imageFolder {
            let direct = "\(chosen)/\(name)"
            if FileManager.default.fileExists(atPath: direct) { return direct }
        } else {
            let direct = name.hasPrefix("/") ? name : "\(base)/\(name)"
            if FileManager.default.fileExists(atPath: direct) { return direct }
        }
        return try folder.path(of: name) ?? "\(base)/\(name)"
    }

    /// - Throws: `TrainingError.dataset` for an image that is there already, or of a size that no image has.
    mutating func add(_ image: LabelledImage, place: String) throws(TrainingError) -> Int {
        if let extent = image.extent, !(1...65535).contains(extent.width) || !(1...65535).contains(extent.height) {
            throw .dataset(path: source.path, reason: "\(place): width and height must be in 1...65535")
        }
        guard numbers.updateValue(images.count, forKey: image.name) == nil else {
            throw .dataset(
                path: source.path, reason: "\(place) names an image that was named before; an image may occur once")
        }
        images.append(image)
        images[images.count - 1].place = place
        boxes.append([])
        return images.count - 1
    }

    mutating func change(_ number: Int, _ body: (inout LabelledImage) -> Void) { body(&images[number]) }

    mutating func add(
        box edges: [Double], isNormalized: Bool = false, label: String, reader: String? = nil, to number: Int,
        place: String
    ) {
        boxes[number].append(
            RawBox(edges: edges, isNormalized: isNormalized, label: label, reader: reader, place: place))
        if let reader { images[number].readers.insert(reader) }
    }

    /// Looks for files, places boxes in pixels, and holds to the rules.
    mutating func finish() throws(TrainingError) -> LabelledDataset {
        try checkReaders()
        var kept: [LabelledImage] = []
        var unread: [LabelledImage] = []
        var files: [String: String] = [:]
        for (number, var image) in images.enumerated() {
            // By their place before any is left out, as classes by all labels: results keep their meaning.
            image.identifier = image.identifier ?? number + 1
            if case .one(let name) = options.readers, !image.readers.isEmpty, !image.readers.contains(name) {
                problems.append(DatasetProblem(kind: .unread, place: image.place))
                unread.append(image)
                continue
            }
            guard FileManager.default.fileExists(atPath: image.path) else {
                problems.append(DatasetProblem(kind: .missingFile, place: image.place))
                continue
            }
            let file = URL(fileURLWithPath: image.path).standardizedFileURL.path
            if let other = files.updateValue(image.place, forKey: file) {
                throw .dataset(
                    path: source.path,
                    reason: "\(other) and \(image.place) name the same image file; an image may occur once")
            }
            if image.extent != nil {
                if options.checksExtents { try image.check(try options.extent(image.path)) }
            } else if !boxes[number].isEmpty {
                image.extent = try options.extent(image.path)
            }
            var seen: Set<LabelledBox> = []
            for raw in boxes[number] {
                guard let extent = image.extent, let box = checked(raw, in: extent) else { continue }
                if seen.insert(box).inserted {
                    image.boxes.append(box)
                } else {
                    problems.append(DatasetProblem(kind: .repeated, place: raw.place))
                }
            }
            image.boxes = chosen(image)
            kept.append(image)
        }
        let refused = problems.filter {
            [.missingFile, .unreadable].contains($0.kind)
                ? !options.skipsMissingFiles : $0.kind.isFaultyBox && options.boxes == .refuse
        }
        guard refused.isEmpty else {
            throw .dataset(path: source.path, reason: DatasetProblem.summary(refused).joined(separator: "; "))
        }
        guard !kept.isEmpty else { throw .dataset(path: source.path, reason: "holds no images") }
        let used = Set(boxes.joined().map(\.label))
        let names = classes + used.subtracting(classes).sorted()
        if categories.isEmpty {
            for (place, name) in names.enumerated() { categories[place + 1] = name }
        }
        return LabelledDataset(
            format: source.format, path: source.path, images: kept, unread: unread, classes: names,
            categories: categories, problems: problems)
    }

    private mutating func checked(_ raw: RawBox, in extent: PixelExtent) -> LabelledBox? {
        let (width, height) = (Double(extent.width), Double(extent.height))
        var e = raw.edges
        if raw.isNormalized { e = [e[0] * width, e[1] * height, e[2] * width, e[3] * height] }
        func fault(_ kind: DatasetProblem.Kind) { problems.append(DatasetProblem(kind: kind, place: raw.place)) }
        guard e.allSatisfy(\.isFinite) else {
            fault(.notFinite)
            return nil
        }
        guard e[0] < e[2], e[1] < e[3] else {
            fault(.noArea)
            return nil
        }
        guard e[0] < width, e[1] < height, e[2] > 0, e[3] > 0 else {
            fault(.outside)
            return nil
        }
        if max(-e[0], -e[1], e[2] - width, e[3] - height) > Self.tolerance { fault(.leaving) }
        return LabelledBox(
            x0: Float(max(e[0], 0)), y0: Float(max(e[1], 0)), x1: Float(min(e[2], width)), y1: Float(min(e[3], height)),
            label: raw.label, reader: raw.reader)
    }

    /// No box of a reader says something only of images that this reader looked at.
    private func checkReaders() throws(TrainingError) {
        guard options.readers != .all else { return }
        let known = images.reduce(into: Set()) { $0.formUnion($1.readers) }
        guard !known.isEmpty else { throw .dataset(path: source.path, reason: "names no readers; leave out --readers") }
        guard case .one(let name) = options.readers, !known.contains(name) else { return }
        throw .dataset(
            path: source.path,
            reason: "has no reader \"\(name)\"; there are \(known.sorted().joined(separator: ", "))")
    }

    private func chosen(_ image: LabelledImage) -> [LabelledBox] {
        switch options.readers {
        case .all: image.boxes
        case .one(let name): image.boxes.filter { $0.reader == nil || $0.reader == name }
        case .consensus: image.readers.count < 2 ? image.boxes : consensus(image.boxes)
        }
    }
}
