import Foundation

extension DatasetBuilder {
    /// Boxes of VinDr-CXR (Nguyen et al. 2022): image, class, reader, edges in pixels; several readers an image, in
    /// the test part none (`rad_id` is missing): there they agreed. A row of the class "No finding" says that this reader saw nothing.
    mutating func readVinDr(_ path: String) throws(TrainingError) {
        let table = try CSVTable(path: path)
        let (image, label) = (try table.column("image_id"), try table.column("class_name"))
        let reader = table.header.firstIndex(of: "rad_id")
        let columns = [
            try table.column("x_min"), try table.column("y_min"), try table.column("x_max"), try table.column("y_max"),
        ]
        let url = URL(fileURLWithPath: path)
        let split = ["train", "test", "val"].first { url.lastPathComponent.lowercased().contains($0) }
        var own: [String: Int] = [:]
        for row in table.rows {
            let (name, rowReader) = (row.fields[image], reader.map { row.fields[$0] })
            let number =
                if let known = own[name] { known } else {
                    try add(
                        LabelledImage(
                            path: try self.path(name, relativeTo: url.deletingLastPathComponent().path), name: name,
                            split: split),
                        place: table.place(row))
                }
            own[name] = number
            if let rowReader { change(number) { $0.readers.insert(rowReader) } }
            if row.fields[label].lowercased() == LabelledImage.noFinding.lowercased() {
                guard columns.allSatisfy({ row.fields[$0].isEmpty }) else {
                    throw .index(path: path, line: row.line, reason: "\"No finding\" has a box")
                }
                continue
            }
            let box = try columns.map { (column) throws(TrainingError) in try table.number(row, column) }
            add(box: box, label: row.fields[label], reader: rowReader, to: number, place: table.place(row))
        }
    }
}
