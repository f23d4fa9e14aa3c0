import Foundation

extension DatasetBuilder {
    /// Image labels as in CheXpert (Irvin et al. 2019): a column `Path`, then metadata, then one column a finding with 1,
    /// 0, -1 (uncertain) or nothing (not mentioned, which counts as absent). Patient and part come from the path.
    mutating func readCheXpert(_ path: String) throws(TrainingError) {
        let table = try CSVTable(path: path)
        let pathColumn = try table.column("Path")
        let known: Set = ["Path", "Sex", "Age", "Frontal/Lateral", "AP/PA", "subject_id", "study_id", "split", ""]
        let findings = table.header.indices.filter { !known.contains(table.header[$0]) }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        for row in table.rows {
            let name = row.fields[pathColumn]
            let parts = name.split(separator: "/").map(String.init)
            let split = ["train": "train", "valid": "val", "val": "val", "test": "test"]
            var image = LabelledImage(
                path: try chexpertPath(name, folder), name: name,
                patient: parts.first { $0.hasPrefix("patient") },
                split: parts.lazy.compactMap { split[$0] }.first)
            for column in findings {
                let field = row.fields[column].trimmingCharacters(in: .whitespaces)
                let finding = table.header[column]
                switch field.isEmpty ? 0 : try table.number(row, column) {
                case 1: image.labels[finding] = true
                case 0: image.labels[finding] = false
                case -1 where options.uncertain == .ones: image.labels[finding] = true
                case -1 where options.uncertain == .zeros: image.labels[finding] = false
                case -1: break
                default:
                    throw .index(
                        path: path, line: row.line, reason: "\(finding) must be 1, 0, -1 or empty, found \"\(field)\"")
                }
            }
            _ = try add(image, place: table.place(row))
        }
    }

    /// Paths begin with the archive's own folder ("CheXpert-v1.0/train/.."), which is often the one that holds the table.
    private mutating func chexpertPath(_ name: String, _ folder: String) throws(TrainingError) -> String {
        let base = options.imageFolder ?? folder
        let short = name.split(separator: "/", maxSplits: 1).last.map(String.init) ?? name
        let places = ["\(base)/\(name)", "\(base)/\(short)", "\(base)/../\(name)"]
        return places.first { FileManager.default.fileExists(atPath: $0) } ?? places[0]
    }
}
