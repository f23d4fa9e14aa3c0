import Foundation

/// What a detector found, in COCO's results form: a list of `{"image_id", "category_id", "bbox", "score"}`.
///
/// `image_id` is the image's number in the data set (COCO's id, else its place from 1) or its name; `category_id` the class's
/// number (COCO's id, else its place from 1) or its name. Any detector can write it, so any detector can be measured.
public struct COCOResults: Sendable {
    private struct Entry: Codable {
        var image: Reference
        var category: Reference
        var bbox: [Double]
        var score: Double

        enum CodingKeys: String, CodingKey {
            case bbox, score
            case image = "image_id"
            case category = "category_id"
        }
    }

    private enum Reference: Codable {
        case number(Int)
        case name(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else {
                self = .name(try container.decode(String.self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number): try container.encode(number)
            case .name(let name): try container.encode(name)
            }
        }
    }

    /// No image has so many pixels a side; far beyond, areas lose their digits and then their meaning.
    private static let farthest = 1e6

    private let entries: [Entry]
    private let path: String

    /// - Throws: `TrainingError` for what is no such list, with the place.
    public init(path: String) throws(TrainingError) {
        entries = try decodeJSON(path)
        self.path = path
    }

    /// For each image what was found in it, in the order of the file; images without an entry have nothing.
    ///
    /// - Parameter dataset: of which `images` are a part; entries of its other images are passed over. COCO's parts may each
    ///   number their images from 1: a number is then that of the image in `images`.
    /// - Throws: `TrainingError` for an image or class that the data set lacks, a number that several of `images` have, a box
    ///   that is none, and a score that is no number in [0, 1].
    public func results(
        _ images: [LabelledImage], of dataset: LabelledDataset
    ) throws(TrainingError) -> [ImageResult] {
        let wanted = Dictionary(uniqueKeysWithValues: images.enumerated().map { ($0.element.name, $0.offset) })
        let numbered = Dictionary(grouping: images.filter { $0.identifier != nil }) { $0.identifier! }
        let listed = dataset.images + dataset.unread
        let (identifiers, all) = (Set(listed.compactMap(\.identifier)), Set(listed.map(\.name)))
        var results = images.map { ImageResult(found: [], truth: $0.boxes) }
        for (index, entry) in entries.enumerated() {
            let place = "entry \(index + 1)"
            let (name, isKnown): (String?, Bool) =
                switch entry.image {
                case .number(let number): (numbered[number]?.first?.name, identifiers.contains(number))
                case .name(let name): (name, all.contains(name))
                }
            guard isKnown else {
                throw .dataset(path: path, reason: "\(place) is of an image that the data set lacks")
            }
            if case .number(let number) = entry.image, numbered[number]?.count ?? 0 > 1 {
                throw .dataset(
                    path: path,
                    reason:
                        "\(place) is of image \(number), a number that several images have; name images by file name")
            }
            let label: String? =
                switch entry.category {
                case .number(let number): dataset.categories[number]
                case .name(let name): dataset.classes.contains(name) ? name : nil
                }
            guard let label else {
                throw .dataset(path: path, reason: "\(place) is of a class that the data set lacks")
            }
            guard (0...1).contains(entry.score) else { throw .score(place: "\(path): \(place)") }
            guard entry.bbox.count == 4, entry.bbox.allSatisfy({ abs($0) <= Self.farthest }), entry.bbox[2] > 0,
                entry.bbox[3] > 0
            else {
                throw .dataset(
                    path: path, reason: "\(place) has a bbox that is not [x, y, width, height] in pixels with an area")
            }
            guard let number = name.flatMap({ wanted[$0] }) else { continue }
            let b = entry.bbox
            results[number].found.append(
                ScoredBox(
                    box: LabelledBox(
                        x0: Float(b[0]), y0: Float(b[1]), x1: Float(b[0] + b[2]), y1: Float(b[1] + b[3]), label: label),
                    score: entry.score))
        }
        return results
    }

    /// The same form, for what this program found: by name those images whose number another has too, and classes for which
    /// the data set has no number.
    ///
    /// - Parameter images: in the order of `results`.
    public static func text(_ results: [ImageResult], _ images: [LabelledImage], of dataset: LabelledDataset) -> String
    {
        let numbers = Dictionary(dataset.categories.map { ($0.value, $0.key) }, uniquingKeysWith: min)
        let counts = Dictionary(grouping: images.compactMap(\.identifier)) { $0 }.mapValues(\.count)
        func number(_ image: LabelledImage) -> Int? { image.identifier.flatMap { counts[$0] == 1 ? $0 : nil } }
        var entries: [Entry] = []
        for (result, image) in zip(results, images) {
            for found in result.found {
                let box = found.box
                entries.append(
                    Entry(
                        image: number(image).map { .number($0) } ?? .name(image.name),
                        category: numbers[box.label].map { .number($0) } ?? .name(box.label),
                        bbox: [box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0].map(Double.init),
                        score: found.score))
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(entries)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }
}
