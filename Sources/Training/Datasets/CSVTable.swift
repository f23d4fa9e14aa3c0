import Foundation

/// Comma-separated values as in RFC 4180: quotes may enclose commas, line breaks and doubled quotes.
struct CSVTable {
    struct Row {
        /// In the file; the header is line 1.
        let line: Int
        let fields: [String]
    }

    let path: String
    let header: [String]
    let rows: [Row]
    private let places: [String: Int]

    /// - Throws: `TrainingError` for a file that is not UTF-8.
    init(path: String) throws(TrainingError) { try self.init(text: readText(path), path: path) }

    /// - Throws: `TrainingError.index`, with the line: an empty file, a quote that is not closed, a row with another number of
    ///   fields than the header.
    init(text: String, path: String) throws(TrainingError) {
        var lines = try Self.parse(text, path: path)
        while let last = lines.last, last.fields == [""] { lines.removeLast() }
        guard let first = lines.first else { throw .index(path: path, line: 1, reason: "the file is empty") }
        self.path = path
        header = first.fields
        for row in lines where row.fields.count != first.fields.count {
            throw .index(
                path: path, line: row.line,
                reason: "has \(row.fields.count) fields where the header has \(first.fields.count)")
        }
        rows = Array(lines.dropFirst())
        places = Dictionary(zip(header, header.indices), uniquingKeysWith: { first, _ in first })
    }

    /// - Throws: `TrainingError.index` when there is no such column.
    func column(_ name: String) throws(TrainingError) -> Int {
        guard let place = places[name] else {
            throw .index(path: path, line: 1, reason: "column \"\(name)\" is missing")
        }
        return place
    }

    func place(_ row: Row) -> String { "\(URL(fileURLWithPath: path).lastPathComponent):\(row.line)" }

    /// - Throws: `TrainingError.index` for a field that holds something else; "nan" is a number.
    func number(_ row: Row, _ column: Int) throws(TrainingError) -> Double {
        guard let number = Double(row.fields[column].trimmingCharacters(in: .whitespaces)) else {
            throw .index(
                path: path, line: row.line,
                reason: "\(header[column]) holds \"\(row.fields[column])\", which is no number")
        }
        return number
    }

    private static func parse(_ text: String, path: String) throws(TrainingError) -> [Row] {
        var rows: [Row] = []
        var fields: [String] = []
        var field: [UInt8] = []
        var (quoted, line, startLine, quoteLine) = (false, 1, 1, 1)
        func closeField() {
            fields.append(String(decoding: field, as: UTF8.self))
            field.removeAll(keepingCapacity: true)
        }
        var bytes = Array(text.utf8)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\"") where quoted && index < bytes.count && bytes[index] == UInt8(ascii: "\""):
                field.append(byte)
                index += 1
            case UInt8(ascii: "\""):
                quoted.toggle()
                quoteLine = line
            case UInt8(ascii: ",") where !quoted: closeField()
            case UInt8(ascii: "\r") where !quoted && index < bytes.count && bytes[index] == UInt8(ascii: "\n"): break
            case UInt8(ascii: "\n") where !quoted:
                closeField()
                rows.append(Row(line: startLine, fields: fields))
                fields.removeAll(keepingCapacity: true)
                line += 1
                startLine = line
            default:
                if byte == UInt8(ascii: "\n") { line += 1 }
                field.append(byte)
            }
        }
        if quoted { throw .index(path: path, line: quoteLine, reason: "a quote is not closed") }
        if !field.isEmpty || !fields.isEmpty {
            closeField()
            rows.append(Row(line: startLine, fields: fields))
        }
        return rows
    }
}

/// - Throws: `TrainingError.unreadable`.
func readText(_ path: String) throws(TrainingError) -> String {
    let data: Data
    do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
        throw .unreadable(path: path, reason: error.localizedDescription)
    }
    guard let text = String(validating: data, as: UTF8.self) else {
        throw .unreadable(path: path, reason: "it is not UTF-8 text")
    }
    return text
}
