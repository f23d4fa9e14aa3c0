import Foundation

/// COCO's JSON for detection: `images`, `annotations` with `bbox` [x, y, width, height] in pixels, `categories`
/// (Lin et al. 2014, https://cocodataset.org/#format-data).
private struct COCOFile: Decodable {
    struct Image: Decodable {
        var id: Int
        var fileName: String
        var width: Int?
        var height: Int?
        var patient: String?
        var site: String?
        var split: String?
        var labels: [String: Bool]?

        enum CodingKeys: String, CodingKey {
            case id, width, height, patient, site, split, labels
            case fileName = "file_name"
        }
    }
    struct Annotation: Decodable {
        var id: Int?
        var image: Int
        var category: Int
        var bbox: [Double]?
        var iscrowd: Int?

        enum CodingKeys: String, CodingKey {
            case id, bbox, iscrowd
            case image = "image_id"
            case category = "category_id"
        }
    }
    struct Category: Decodable {
        var id: Int
        var name: String
    }
    var images: [Image]
    var annotations: [Annotation]
    var categories: [Category]
}

extension DatasetBuilder {
    /// Images lie where `file_name` says, beside the file, in `images/` or below the folder. The file's name says the part
    /// ("instances_val2017.json" is "val") unless images do.
    mutating func readCOCO(_ path: String) throws(TrainingError) {
        let file: COCOFile = try decodeJSON(path)
        let url = URL(fileURLWithPath: path)
        let split = ["train", "val", "test"].first { url.lastPathComponent.lowercased().contains($0) }
        var names: [Int: String] = [:]
        for category in file.categories {
            guard names.updateValue(category.name, forKey: category.id) == nil else {
                throw .dataset(path: path, reason: "category \(category.id) occurs twice")
            }
            if !classes.contains(category.name) { classes.append(category.name) }
        }
        try addCategories(names, of: path)
        var numbers: [Int: Int] = [:]
        for image in file.images {
            var labelled = LabelledImage(
                path: try self.path(image.fileName, relativeTo: url.deletingLastPathComponent().path),
                name: image.fileName, identifier: image.id, patient: image.patient, site: image.site,
                split: image.split ?? split, labels: image.labels ?? [:])
            if let width = image.width, let height = image.height {
                labelled.extent = PixelExtent(width: width, height: height)
            }
            let number = try add(labelled, place: "\(url.lastPathComponent) image \(image.id)")
            guard numbers.updateValue(number, forKey: image.id) == nil else {
                throw .dataset(path: path, reason: "image id \(image.id) occurs twice")
            }
        }
        for (index, annotation) in file.annotations.enumerated() {
            let place = "\(url.lastPathComponent) annotation \(annotation.id ?? index + 1)"
            guard let number = numbers[annotation.image] else {
                throw .dataset(path: path, reason: "\(place) is of image \(annotation.image), which is not there")
            }
            guard let label = names[annotation.category] else {
                throw .dataset(
                    path: path, reason: "\(place) has category \(annotation.category), which is not there")
            }
            guard annotation.iscrowd != 1 else {
                problems.append(DatasetProblem(kind: .crowd, place: place))
                continue
            }
            guard let box = annotation.bbox, box.count == 4 else {
                throw .dataset(path: path, reason: "\(place) has no bbox of four numbers")
            }
            add(box: [box[0], box[1], box[0] + box[2], box[1] + box[3]], label: label, to: number, place: place)
        }
    }
}

extension DatasetBuilder {
    /// Results name classes by one number for all parts; so every part must give a class the same.
    private mutating func addCategories(_ names: [Int: String], of path: String) throws(TrainingError) {
        let before = Dictionary(grouping: categories.keys) { categories[$0] }
        for (id, name) in names.sorted(by: { $0.key < $1.key }) {
            let isOther = categories[id].map { $0 != name } ?? false
            let ids = Set(names.keys.filter { names[$0] == name })
            guard !isOther, before[name].map({ Set($0) == ids }) ?? true else {
                throw .dataset(
                    path: path,
                    reason: "category \(id) (\"\(name)\") has another number or name in another file of the data set; "
                        + "give every class one id in all files")
            }
        }
        categories.merge(names) { _, name in name }
    }
}

/// - Throws: `TrainingError` with what is missing or of another type, and where.
func decodeJSON<Value: Decodable>(_ path: String) throws(TrainingError) -> Value {
    let text = try readText(path)
    do {
        return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    } catch let error as DecodingError {
        throw .dataset(path: path, reason: reason(error))
    } catch {
        throw .dataset(path: path, reason: "is no JSON")
    }
}

private func reason(_ error: DecodingError) -> String {
    func place(_ path: [any CodingKey]) -> String {
        path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context): return "\"\(place(context.codingPath + [key]))\" is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
        return "\"\(place(context.codingPath))\" is of another type than it must be"
    case .dataCorrupted: return "is no JSON"
    @unknown default: return "is not understood"
    }
}
