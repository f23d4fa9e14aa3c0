import Foundation

extension DatasetBuilder {
    /// The house's own index, see `IndexCSV`; `source` is taken as the site.
    mutating func readIndex(_ path: String) throws(TrainingError) {
        let index = try IndexCSV(path: path)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let file = URL(fileURLWithPath: path).lastPathComponent
        for row in index.rows {
            let image = LabelledImage(
                path: try self.path(row.image, relativeTo: folder), name: row.image,
                patient: row.patient.isEmpty ? nil : row.patient, site: row.source.isEmpty ? nil : row.source,
                split: row.split, extent: PixelExtent(width: row.width, height: row.height))
            let number = try add(image, place: "\(file):\(row.line)")
            for box in row.boxes {
                add(
                    box: [box.x0, box.y0, box.x1, box.y1].map(Double.init), label: box.label, to: number,
                    place: "\(file):\(row.line)")
            }
        }
    }
}
