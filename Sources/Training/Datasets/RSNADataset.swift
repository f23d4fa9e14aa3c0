import Foundation

extension DatasetBuilder {
    /// Boxes of the RSNA pneumonia challenge (Shih et al. 2019): one row a box, or one row without numbers for an image
    /// whose `Target` is 0. `patientId` names both the patient and the file.
    mutating func readRSNA(_ path: String) throws(TrainingError) {
        let table = try CSVTable(path: path)
        let (patient, target) = (try table.column("patientId"), try table.column("Target"))
        let columns = [
            try table.column("x"), try table.column("y"), try table.column("width"), try table.column("height"),
        ]
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        for row in table.rows {
            let name = row.fields[patient]
            let known = number(of: name)
            let number =
                if let known { known } else {
                    try add(
                        LabelledImage(path: try self.path(name, relativeTo: folder), name: name, patient: name),
                        place: table.place(row))
                }
            let isEmpty = columns.allSatisfy { row.fields[$0].isEmpty }
            switch row.fields[target] {
            case "1":
                let box = try columns.map { (column) throws(TrainingError) in try table.number(row, column) }
                add(
                    box: [box[0], box[1], box[0] + box[2], box[1] + box[3]], label: Self.rsnaLabel, to: number,
                    place: table.place(row))
            case "0" where isEmpty:
                guard known == nil else {
                    throw .index(path: path, line: row.line, reason: "Target is 0 and the image was named before")
                }
            default:
                throw .index(path: path, line: row.line, reason: "Target must be 1 with a box, or 0 without one")
            }
        }
    }

    private static let rsnaLabel = "pneumonia"
}
