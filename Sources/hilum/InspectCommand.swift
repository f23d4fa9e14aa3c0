import ArgumentParser
import Pipelines
import Stages

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "What is here: series and files, sizes, spacing, transfer syntaxes, problems."
    )

    @Argument(help: "Files and folders.", completion: .file())
    var paths: [String]

    @Flag(help: "One JSON object a line.")
    var json = false

    func run() throws {
        var rows: [[String]] = []
        var others: [String] = []
        var failures = 0
        Discovery(inputs: paths, output: nil).run { unit in
            let row = InspectRow(unit)
            if row.status == "fail" { failures += 1 }
            if json {
                Console.out(row.json.text() + "\n")
            } else if let note = row.note {
                others.append(note)
            } else {
                rows.append(row.cells)
            }
            return true
        }
        if !json {
            Console.out(rows.isEmpty ? "no images that can be read\n" : table([InspectRow.titles] + rows))
            if !others.isEmpty { Console.out("\nnot images, or not readable:\n" + others.joined()) }
        }
        if failures > 0 { throw ExitCode(1) }
    }

    private func table(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let line = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(
                separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }
}

/// One line of `hilum inspect`.
struct InspectRow {
    static let titles = ["ITEM", "FORMAT", "MODALITY", "W x H x D", "SPACING (mm)", "FILES", "TRANSFER SYNTAX"]

    let status: String
    private let unit: WorkUnit<ItemInput>
    private let input: ItemInput?
    private let reason: ManifestEntry.Failure?

    init(_ unit: WorkUnit<ItemInput>) {
        self.unit = unit
        switch unit.verdict {
        case .process(let input): (status, self.input, reason) = ("ok", input, nil)
        case .skip(let why): (status, input, reason) = ("skip", nil, why)
        case .fail(let why): (status, input, reason) = ("fail", nil, why)
        }
    }

    /// Why it is no image for a pipeline; nil when it is one.
    var note: String? { reason.map { "  \($0.message)\n" } }

    /// In the order of `titles`; empty when there is a note instead.
    var cells: [String] {
        guard let input else { return [] }
        let shape = input.outline.shape
        let channels = shape[0] > 1 ? " x \(shape[0]) channels" : ""
        let spacing = input.outline.spacing.map { value in
            let hundredths = Int((value * 100).rounded())
            return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
        }
        return [
            unit.name, input.format.rawValue, input.modality ?? "-",
            "\(shape[3]) x \(shape[2]) x \(shape[1])\(channels)",
            input.isPhysical ? spacing.joined(separator: " x ") : "-", "\(unit.inputs.count)",
            input.transferSyntaxes.joined(separator: ", "),
        ]
    }

    var json: JSONValue {
        var object: JSONValue = [
            "item": .string(unit.name), "status": .string(status),
            "inputs": .array(unit.inputs.map { .string($0) }),
        ]
        if let reason {
            object.set("error", ["code": .string(reason.code), "message": .string(reason.message)])
        }
        if let input {
            object.set("format", .string(input.format.rawValue))
            object.set("modality", input.modality.map { .string($0) } ?? .null)
            object.set("shape", .array(input.outline.shape.map { .integer($0) }))
            object.set("spacing", input.isPhysical ? .array(input.outline.spacing.map { .number($0) }) : .null)
            object.set("transferSyntaxes", .array(input.transferSyntaxes.map { .string($0) }))
        }
        return object
    }
}
