import Foundation

extension DatasetBuilder {
    /// Boxes of VinDr-CXR (Nguyen et al. 2022): image, class, reader, edges in pixels; several readers an image. A row of the
    /// class "No finding" says that this reader saw nothing.
    mutating func readVinDr(_ path: String) throws(TrainingError) {
        let table = try CSVTable(path: path)
        let (image, label) = (try table.column("image_id"), try table.column("class_name"))
        let reader = try table.column("rad_id")
        let columns = [
            try table.column("x_min"), try table.column("y_min"), try table.column("x_max"), try table.column("y_max"),
        ]
        let url = URL(fileURLWithPath: path)
        let split = ["train", "test", "val"].first { url.lastPathComponent.lowercased().contains($0) }
        for row in table.rows {
            let name = row.fields[image]
            let number =
                if let known = self.number(of: name) { known } else {
                    try add(
                        LabelledImage(
                            path: try self.path(name, relativeTo: url.deletingLastPathComponent().path), name: name,
                            split: split),
                        place: table.place(row))
                }
            change(number) { $0.readers.insert(row.fields[reader]) }
            if row.fields[label].lowercased() == LabelledImage.noFinding.lowercased() {
                guard columns.allSatisfy({ row.fields[$0].isEmpty }) else {
                    throw .index(path: path, line: row.line, reason: "\"No finding\" has a box")
                }
                continue
            }
            let box = try columns.map { (column) throws(TrainingError) in try table.number(row, column) }
            add(box: box, label: row.fields[label], reader: row.fields[reader], to: number, place: table.place(row))
        }
    }
}
