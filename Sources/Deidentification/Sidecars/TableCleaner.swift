import DataSets

/// De-identifies the tables of a BIDS data set: `participants.tsv`, `*_sessions.tsv`, `*_scans.tsv`, `*_events.tsv`.
public struct TableCleaner: Sendable {
    private let files: FileCleaner
    private let tree: TreeNames

    public init(_ files: FileCleaner, _ tree: TreeNames) { (self.files, self.tree) = (files, tree) }

    /// The kind of table that a file is by its name; nil when there are no rules for it.
    public static func kind(of path: String) -> String? {
        let name = SplitName(path.split(separator: "/").last.map(String.init) ?? "")
        let kind = name.stem.split(separator: "_").last.map(String.init) ?? ""
        return name.suffix == ".tsv" && TableColumn.tables.contains(kind) ? kind : nil
    }

    /// - Parameters:
    ///   - path: of the table below the input.
    ///   - subject: whose table it is; participants are told apart row by row.
    /// - Throws: `Refusal` for what is no table.
    public func clean(_ bytes: [UInt8], path: String, subject: Subject) throws(Refusal) -> CleanedText {
        guard let kind = Self.kind(of: path) else { throw Refusal(.unparsable, "a table that there are no rules for") }
        let rows = try Self.rows(bytes)
        let header = rows[0]
        var work = ValueCleaner(files, subject)
        let owners = rows.dropFirst().map { owner(of: $0, header, path, subject) }
        var columns: [[Cell]] = []
        var people = owners.map { CleaningRecord.Person(patient: $0.pseudonym, quasiIdentifiers: [:]) }
        for (index, name) in header.enumerated() {
            let cells = rows.dropFirst().map { $0[index] }
            let column = TableColumn.named(name, of: kind)
            if column == nil {
                // A column's name can be anything; its place tells where to look.
                work.record.noteUnruled("column \(index + 1)")
                work.values.note(name)
            }
            guard let column, let cleaned = clean(cells, column, owners, path, &work) else {
                for cell in cells { work.note(.string(cell)) }
                work.record.count(.removed, column == nil ? "unknown column" : "column by the policy")
                continue
            }
            columns.append([Cell(name)] + cleaned)
            guard let quasi = column.quasiIdentifier(name) else { continue }
            for (row, cell) in cleaned.enumerated() where cell.text != "n/a" {
                let isSex = quasi == QuasiIdentifiers.names[.patientSex]
                people[row].quasiIdentifiers[quasi] = isSex ? QuasiIdentifiers.code(ofSex: cell.text) : cell.text
            }
        }
        for person in people where !person.quasiIdentifiers.isEmpty { work.record.note(person) }
        guard !columns.isEmpty else { throw Refusal(.unparsable, "a table in which no rule knows a column") }
        if let result = tree.path(path) { work.values.note(path: path, becoming: result) }
        return write(columns, isSorted: kind != "events", work)
    }

    private struct Cell {
        var text: String
        /// Computed or a number: may meet an original value by chance.
        var isFree = false
        init(_ text: String, isFree: Bool = false) { (self.text, self.isFree) = (text, isFree) }
    }

    private static func rows(_ bytes: [UInt8]) throws(Refusal) -> [[String]] {
        guard bytes.count <= 256 << 20, let text = String(validating: bytes, as: UTF8.self) else {
            throw Refusal(.unparsable, "a table that is not UTF-8, or too long")
        }
        // Swift takes CR and LF together as one character.
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(String.UnicodeScalarView(line.last == "\r" ? line.dropLast() : line))
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        if lines.first?.hasPrefix("\u{FEFF}") == true { lines[0].removeFirst() }
        let rows = lines.map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
        guard let header = rows.first, Set(header).count == header.count, !header.contains("") else {
            throw Refusal(.unparsable, "a table without names of its columns, or with one twice")
        }
        guard let odd = rows.firstIndex(where: { $0.count != header.count }) else { return rows }
        throw Refusal(.unparsable, "a table whose line \(odd + 1) has another number of columns than its first")
    }

    private func owner(of row: [String], _ header: [String], _ path: String, _ subject: Subject) -> Subject {
        guard let index = header.firstIndex(of: "participant_id") else { return subject }
        return tree.subject(TreeNames.participant(Self.label(row[index], "sub-"), besides: path))
    }

    private static func label(_ text: String, _ prefix: String) -> String {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
    }

    /// - Returns: nil when the column goes.
    private func clean(
        _ cells: [String], _ column: TableColumn, _ owners: [Subject], _ path: String, _ work: inout ValueCleaner
    ) -> [Cell]? {
        if case .attribute(let tag, _) = column {
            switch work.book.rule(for: tag).optional {
            case .keep, .shiftDate, .capAge: break
            default: return nil
            }
        }
        var result: [Cell] = []
        for (cell, owner) in zip(cells, owners) {
            guard cell != "n/a", let cleaned = self.clean(cell, column, owner, path) else {
                if cell != "n/a" {
                    work.note(.string(cell))
                    let problem = Self.isDate(cell, column) ? StandInDate.problem : "not what its column announces"
                    work.record.warn("a cell that is \(problem) became n/a")
                }
                result.append(Cell("n/a"))
                continue
            }
            if cleaned.text != cell {
                note(cell, column, &work)
                work.record.count(.replaced, "cell")
            }
            result.append(cleaned)
        }
        return result
    }

    private static func isDate(_ cell: String, _ column: TableColumn) -> Bool {
        if case .attribute(_, .dateTime) = column { CivilTime.isDate(cell) } else { false }
    }

    private func note(_ cell: String, _ column: TableColumn, _ work: inout ValueCleaner) {
        switch column {
        case .participant, .file: work.values.note(path: cell, becoming: "")
        default: work.note(.string(cell))
        }
    }

    private func clean(_ cell: String, _ column: TableColumn, _ owner: Subject, _ path: String) -> Cell? {
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        switch column {
        case .participant:
            let participant = TreeNames.participant(Self.label(cell, "sub-"), besides: path)
            return Cell("sub-\(tree.label(ofParticipant: participant))")
        case .session:
            let label = Self.label(cell, "ses-")
            return label.isEmpty ? nil : Cell("ses-\(tree.session(label, of: TreeNames.participant(of: path)))")
        case .file: return tree.reference(cell, from: folder).map { Cell($0) }
        // Three years in seconds, more than five hours in samples: no run takes as long.
        case .numbers: return TechnicalNumber.isMeasure(cell, below: 1e8) ? Cell(cell, isFree: true) : nil
        case .label(let entity):
            return Double(cell) != nil && cell.utf8.count <= 6
                ? Cell(cell, isFree: true) : Cell(tree.label(cell, of: entity))
        case .attribute(let tag, let kind):
            var values = ValueCleaner(files, owner)
            let vr = SidecarRule.representation(of: tag)
            switch kind {
            // Years over 89, as some data sets write them to be safe.
            case .age:
                return values.age(cell.hasPrefix("89+") || cell.hasPrefix(">89") ? "90" : cell).map {
                    Cell($0.text ?? "", isFree: true)
                }
            case .number: return TechnicalNumber.isQuantity(cell) && vr.isNumeric ? Cell(cell, isFree: true) : nil
            case .dateTime: return values.clean(.string(cell), as: tag).map { Cell($0.text ?? "", isFree: true) }
            case .oneOf(let words): return words.contains(cell) ? Cell(cell) : nil
            }
        }
    }

    /// Rows in the order of their new names: that of the old ones could tell who is who.
    private func write(_ columns: [[Cell]], isSorted: Bool, _ work: ValueCleaner) -> CleanedText {
        var order = Array(1..<columns[0].count)
        if isSorted { order.sort { columns[0][$0].text < columns[0][$1].text } }
        var (bytes, free): ([UInt8], [Range<Int>]) = ([], [])
        for row in [0] + order {
            for (index, column) in columns.enumerated() {
                if index > 0 { bytes.append(0x09) }
                let start = bytes.count
                bytes += column[row].text.utf8
                if column[row].isFree { free.append(start..<bytes.count) }
            }
            bytes.append(0x0A)
        }
        return CleanedText(bytes: bytes, record: work.record, values: work.values, free: free)
    }
}
