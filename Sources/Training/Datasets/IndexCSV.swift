import Foundation

/// An index of images and boxes: CSV with the columns image, split, class, width, height, boxes_xyxy and, if
/// wanted, source and patient.
///
/// `image` is relative to the index. `boxes_xyxy` holds four numbers a box (x0 y0 x1 y1, pixels), separated by spaces or
/// semicolons; class `none` and no boxes mean an image without a finding. Fields may be quoted as in RFC 4180.
public struct IndexCSV: Sendable {
    public struct Row: Sendable, Hashable {
        public var image: String
        public var split: String
        /// `none` for an image without a finding.
        public var className: String
        public var width: Int
        public var height: Int
        public var boxes: [LabelledBox]
        public var source: String
        /// Empty where the index does not tell.
        public var patient: String
        /// Its line in the file; the header is line 1.
        public var line: Int
    }

    /// The class of images without a finding.
    public static let noFinding = "none"

    public let path: String
    public let rows: [Row]

    /// - Throws: `TrainingError`, naming the line: a missing or unknown column, a wrong number of fields, a number that is
    ///   none, a class without box or a box without class, an image named twice. Whether boxes lie in their image is for
    ///   whoever takes them, see `BoxRule`.
    public init(path: String) throws(TrainingError) {
        try self.init(text: readText(path), path: path)
    }

    /// - Parameter path: what errors shall name as the origin.
    public init(text: String, path: String) throws(TrainingError) {
        self.path = path
        let table = try CSVTable(text: text, path: path)
        let header = table.header
        for (index, name) in header.enumerated() {
            guard Self.columns.contains(name) else {
                let known = Self.columns.joined(separator: ", ")
                throw .index(path: path, line: 1, reason: "unknown column \"\(name)\"; the columns are \(known)")
            }
            guard header.firstIndex(of: name) == index else {
                throw .index(path: path, line: 1, reason: "column \"\(name)\" occurs twice")
            }
        }
        for name in Self.columns where !["source", "patient"].contains(name) && !header.contains(name) {
            throw .index(path: path, line: 1, reason: "column \"\(name)\" is missing")
        }
        var rows: [Row] = []
        var seen: [String: Int] = [:]
        for line in table.rows {
            let row = try Self.row(
                Dictionary(uniqueKeysWithValues: zip(header, line.fields)), line: line.line, path: path)
            if let before = seen.updateValue(row.line, forKey: row.image) {
                throw .index(path: path, line: row.line, reason: "\"\(row.image)\" was named in line \(before) already")
            }
            rows.append(row)
        }
        self.rows = rows
    }

    private static let columns = ["image", "split", "class", "width", "height", "boxes_xyxy", "source", "patient"]

    private static func row(_ fields: [String: String], line: Int, path: String) throws(TrainingError) -> Row {
        func field(_ name: String) -> String { fields[name] ?? "" }
        func extent(_ name: String) throws(TrainingError) -> Int {
            guard let number = Int(field(name)), number > 0 else {
                throw .index(
                    path: path, line: line, reason: "\(name) must be a whole number above 0, found \"\(field(name))\"")
            }
            return number
        }
        for name in ["image", "split", "class"] where field(name).isEmpty {
            throw .index(path: path, line: line, reason: "\(name) is empty")
        }
        var row = Row(
            image: field("image"), split: field("split"), className: field("class"), width: try extent("width"),
            height: try extent("height"), boxes: [], source: field("source"), patient: field("patient"),
            line: line)
        row.boxes = try boxes(field("boxes_xyxy"), of: row, path: path)
        guard row.boxes.isEmpty == (row.className == noFinding) else {
            let reason =
                row.boxes.isEmpty ? "class \"\(row.className)\" needs a box" : "an image of class \"none\" has a box"
            throw .index(path: path, line: line, reason: reason)
        }
        return row
    }

    private static func boxes(_ text: String, of row: Row, path: String) throws(TrainingError) -> [LabelledBox] {
        var numbers: [Float] = []
        for word in text.split(whereSeparator: { $0 == " " || $0 == ";" }) {
            guard let number = Float(word) else {
                throw .index(path: path, line: row.line, reason: "boxes_xyxy holds \"\(word)\", which is no number")
            }
            numbers.append(number)
        }
        guard numbers.count % 4 == 0 else {
            throw .index(
                path: path, line: row.line, reason: "boxes_xyxy holds \(numbers.count) numbers; a box has four")
        }
        var boxes: [LabelledBox] = []
        for start in stride(from: 0, to: numbers.count, by: 4) {
            boxes.append(
                LabelledBox(
                    x0: numbers[start], y0: numbers[start + 1], x1: numbers[start + 2], y1: numbers[start + 3],
                    label: row.className))
        }
        return boxes
    }
}
