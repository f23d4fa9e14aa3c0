import Foundation

extension DatasetBuilder {
    /// `BBox_List_2017.csv` of ChestX-ray14 (Wang et al. 2017): image, finding, x, y, width, height in pixels of the released
    /// 1024 x 1024 PNG files. With `Data_Entry_2017.csv` beside it (any name that begins so) all its images are read, with
    /// patients and image labels; images without boxes there have labels only. Parts come from `train_val_list.txt` ("train")
    /// and `test_list.txt`.
    mutating func readNIH(_ path: String) throws(TrainingError) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        var splits: [String: String] = [:]
        for (file, split) in [("train_val_list.txt", "train"), ("test_list.txt", "test")] where names.contains(file) {
            for line in try readText("\(folder)/\(file)").split(whereSeparator: \.isNewline) {
                splits[String(line)] = split
            }
        }
        if let entries = names.first(where: { $0.hasPrefix("Data_Entry") && $0.hasSuffix(".csv") }) {
            try readNIHEntries("\(folder)/\(entries)", folder, splits)
        }
        let table = try CSVTable(path: path)
        guard table.header.count >= 6 else {
            throw .index(path: path, line: 1, reason: "must have image, finding and four numbers of a box")
        }
        for row in table.rows {
            let name = row.fields[0]
            let number =
                if let known = self.number(of: name) { known } else {
                    try addNIH(name, folder, splits, patient: nil, place: table.place(row))
                }
            let (x, y) = (try table.number(row, 2), try table.number(row, 3))
            let (width, height) = (try table.number(row, 4), try table.number(row, 5))
            add(box: [x, y, x + width, y + height], label: row.fields[1], to: number, place: table.place(row))
        }
    }

    private mutating func readNIHEntries(_ path: String, _ folder: String, _ splits: [String: String])
        throws(TrainingError)
    {
        let table = try CSVTable(path: path)
        let (image, findings) = (try table.column("Image Index"), try table.column("Finding Labels"))
        let patient = try table.column("Patient ID")
        for row in table.rows {
            let number = try addNIH(
                row.fields[image], folder, splits, patient: row.fields[patient], place: table.place(row))
            for finding in row.fields[findings].split(separator: "|") {
                change(number) { $0.labels[String(finding)] = true }
            }
        }
    }

    private mutating func addNIH(
        _ name: String, _ folder: String, _ splits: [String: String], patient: String?, place: String
    ) throws(TrainingError) -> Int {
        // "00013118_008.png" is the ninth image of patient 13118.
        let ownPatient = patient ?? name.split(separator: "_").first.flatMap { Int($0) }.map(String.init)
        return try add(
            LabelledImage(
                path: try path(name, relativeTo: folder), name: name, patient: ownPatient, split: splits[name]),
            place: place)
    }
}
