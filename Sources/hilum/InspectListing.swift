import Pipelines

/// The text of `hilum inspect`: patients, their studies, the series of each, and what is out of the ordinary below each.
struct InspectListing {
    static let titles = [
        "ITEM", "FORMAT", "MODALITY", "W x H x D", "SPACING (mm)", "FILES", "BECOMES", "TRANSFER SYNTAX",
    ]

    private var entries: [InspectEntry] = []

    mutating func add(_ entry: InspectEntry) { entries.append(entry) }

    var text: String {
        guard !entries.isEmpty else { return "nothing is here\n" }
        let images = entries.filter { $0.input != nil || $0.patient != nil }
        let widths = Self.titles.indices.map { column in
            ([Self.titles] + images.map(\.cells)).map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        var text = images.isEmpty ? "no images that can be read\n" : line(Self.titles, widths, indent: 0)
        let withoutPatient = images.filter { $0.patient == nil }
        for entry in withoutPatient { text += lines(of: entry, widths) }
        for (patient, studies) in grouped(images.filter { $0.patient != nil }, by: { $0.patient ?? "" }) {
            text += "patient \(patient.isEmpty ? "without Patient ID" : patient.printable)\n"
            for (study, series) in grouped(studies, by: { $0.study ?? "" }) {
                text += "  study \(study.isEmpty ? "without UID" : study.printable)\n"
                for entry in series { text += lines(of: entry, widths) }
            }
        }
        let others = entries.filter { $0.input == nil && $0.patient == nil }
        if !others.isEmpty {
            text +=
                "\nnot images, or not readable:\n" + others.map { "  \(($0.problem ?? $0.name).printable)\n" }.joined()
        }
        return text
    }

    private func lines(of entry: InspectEntry, _ widths: [Int]) -> String {
        guard entry.input != nil else { return "    refused: \((entry.problem ?? entry.name).printable)\n" }
        return line(entry.cells, widths, indent: 4) + entry.notes.map { "      ! \($0.printable)\n" }.joined()
    }

    private func line(_ cells: [String], _ widths: [Int], indent: Int) -> String {
        let padded = zip(cells, widths).enumerated().map { column, cell in
            let width = column == 0 ? cell.1 + 4 - indent : cell.1
            return cell.0 + String(repeating: " ", count: max(0, width - cell.0.count))
        }
        let text = String(repeating: " ", count: indent) + padded.joined(separator: "  ")
        return String(text.reversed().drop { $0 == " " }.reversed()) + "\n"
    }

    /// Groups in the order in which they first appear.
    private func grouped(
        _ entries: [InspectEntry], by key: (InspectEntry) -> String
    ) -> [(key: String, entries: [InspectEntry])] {
        var order: [String] = []
        var groups: [String: [InspectEntry]] = [:]
        for entry in entries {
            if groups[key(entry)] == nil { order.append(key(entry)) }
            groups[key(entry), default: []].append(entry)
        }
        return order.map { ($0, groups[$0] ?? []) }
    }
}
