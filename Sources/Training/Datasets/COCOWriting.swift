import Foundation

extension LabelledDataset {
    /// Gives images whose id another has before them (parts that count from 1 each) the least free ones.
    ///
    /// - Returns: how many images have another id now.
    public mutating func numberApart() -> Int {
        let taken = Set(images.compactMap(\.identifier))
        var (seen, next, changed): (Set<Int>, Int, Int) = ([], 0, 0)
        for place in images.indices where !seen.insert(images[place].identifier ?? place + 1).inserted {
            repeat { next += 1 } while taken.contains(next)
            images[place].identifier = next
            changed += 1
        }
        return changed
    }

    /// The data set as COCO JSON, whatever it was before; parts, patients, sites and labels are kept as members of images.
    ///
    /// - Parameter extent: of images whose size is not known yet.
    public func cocoText(
        extent: (String) throws(TrainingError) -> PixelExtent
    ) throws(TrainingError) -> String {
        let numbers = Dictionary(categories.map { ($0.value, $0.key) }, uniquingKeysWith: min)
        var (listed, annotations): ([Any], [Any]) = ([], [])
        for (place, image) in images.enumerated() {
            let size: PixelExtent
            if let known = image.extent { size = known } else { size = try extent(image.path) }
            let identifier = image.identifier ?? place + 1
            var entry: [String: Any] = [
                "id": identifier, "file_name": image.name, "width": size.width, "height": size.height,
            ]
            for (key, value) in [("patient", image.patient), ("site", image.site), ("split", image.split)] {
                if let value { entry[key] = value }
            }
            if !image.labels.isEmpty { entry["labels"] = image.labels }
            listed.append(entry)
            for box in image.boxes {
                let edges = [box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0].map(Double.init)
                annotations.append(
                    [
                        "id": annotations.count + 1, "image_id": identifier, "category_id": numbers[box.label] ?? 0,
                        "bbox": edges, "area": edges[2] * edges[3], "iscrowd": 0,
                    ] as [String: Any])
            }
        }
        let file: [String: Any] = [
            "images": listed, "annotations": annotations,
            "categories": categories.sorted { $0.key < $1.key }.map {
                ["id": $0.key, "name": $0.value] as [String: Any]
            },
        ]
        guard let data = try? JSONSerialization.data(withJSONObject: file, options: [.sortedKeys]) else {
            throw .dataset(path: path, reason: "cannot be written as JSON")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
