import Cryptography
import Deidentification
import Files
import Foundation
import Parallel
import Pipelines

/// Checks of the files about a whole run: the report is sealed with the key, and the others say what it says and no more.
/// The report is written once more from what it says of each file, so that nothing in it is taken on trust.
struct RunFilesVerification {
    let files: RunFiles
    /// Of the report.
    let content: JSONValue
    private let bytes: [UInt8]
    private let written: AuditReport

    /// - Returns: nil when the report is unreadable.
    init?(_ files: RunFiles, _ key: ProjectKey, _ workers: Workers) {
        guard let bytes = try? FileBytes.read(files.path(files.report)), let content = JSONValue(parsing: bytes) else {
            return nil
        }
        (self.files, self.bytes, self.content) = (files, bytes, content)
        written = AuditReport(written: content, key: key, workers: workers)
    }

    /// - Parameter verification: knows whom the originals are about.
    func problems(_ verification: FileVerification) -> [(file: String, message: String)] {
        let composed = written.composed()
        var problems: [(String, String)] = []
        if !composed.isSpelled(bytes) {
            problems.append((files.report, "the report was changed, or was made under another key"))
        }
        if content["shard"] != .string(files.shard.description) {
            problems.append((files.report, "is the report of another part of the release, under another name"))
        }
        if let leak = verification.leak(in: written.entries.flatMap(Self.texts)) {
            problems.append((files.report, leak))
        }
        if let page = read(files.page), page != Array(composed.page.html.utf8) {
            problems.append((files.page, "is not the page of the report beside it"))
        }
        if let manifest = read(files.manifest), !isOfReport(manifest: manifest) {
            problems.append(
                (
                    files.manifest,
                    "does not say what the report does: it was changed, or a run was not brought to its end"
                ))
        }
        if let run = read(files.run), !isOfReport(run: run) {
            problems.append((files.run, "does not say what the report does"))
        }
        return problems
    }

    /// Nil when it is not there: nothing needs it.
    private func read(_ name: String) -> [UInt8]? { try? FileBytes.read(files.path(name)) }

    private func isOfReport(manifest: [UInt8]) -> Bool {
        let decoder = JSONDecoder()
        let lines = manifest.split(separator: UInt8(ascii: "\n"))
        guard lines.count == written.entries.count, manifest.last ?? UInt8(ascii: "\n") == UInt8(ascii: "\n") else {
            return false
        }
        return zip(lines, written.entries).allSatisfy { line, entry in
            guard let found = try? decoder.decode(ManifestEntry.self, from: Data(line)),
                // No member but those that are known.
                found.json.utf8() == Array(line)
            else { return false }
            // By their bytes: texts that differ only in Unicode form are equal.
            return AuditReport.line(of: found).utf8() == AuditReport.line(of: entry).utf8()
                && found.warnings.allSatisfy { $0.code == AnonymizationRun.warningCode }
                && (found.error.map { Self.stages.contains($0.stage) } ?? true)
                && Self.isKey(found.key, of: found) && Self.areInputs(found.inputs, of: found)
        }
    }

    /// Where an item fails or is left.
    private static let stages: Set = ["read", "identity", "layout", "pixels", "deidentify", "write"]

    /// The keyed name of the one file that an item is made of, by which it is called itself when nothing is.
    private static func areInputs(_ inputs: [String], of entry: ManifestEntry) -> Bool {
        guard inputs.count == 1, inputs[0].utf8.count == 16 else { return false }
        let isKeyed = inputs[0].utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x32...0x37).contains($0) }
        return isKeyed && (!entry.item.hasPrefix("refused/") || entry.item == "refused/\(inputs[0])")
    }

    /// A digest, and how many bytes its results have, which the report says, too: "9f86...-4096". Nothing where an item was
    /// not begun with.
    private static func isKey(_ text: String?, of entry: ManifestEntry) -> Bool {
        guard let text else { return entry.status != .ok }
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        guard parts.count == 2, parts[0].count == 64,
            parts[0].allSatisfy({ isDigit($0) || (0x61...0x66).contains($0) })
        else { return false }
        // What would have been written where something else lay is gone, and no more is known of it.
        if entry.error?.code == "output-exists" {
            return (1...19).contains(parts[1].count) && parts[1].allSatisfy(isDigit)
        }
        var bytes = 0
        if case .integer(let count)? = entry.details?["bytes"] { bytes = count }
        return parts[1].elementsEqual(String(bytes).utf8)
    }

    private func isOfReport(run: [UInt8]) -> Bool {
        guard let record = JSONValue(parsing: run), let counts = record["counts"], isCount(counts),
            case .integer(let workers)? = record["workers"], (1..<10_000).contains(workers),
            let seconds = record["seconds"], Self.areSeconds(seconds)
        else { return false }
        let expected = files.record(
            written.heading, workers: .integer(workers), counts: counts.members(Self.countNames), seconds: seconds)
        return run == Array(expected.utf8)
    }

    private static let countNames = ["ok", "failed", "skipped", "reused", "warnings", "unclaimed"]

    /// Whether a run's counts are those of the report's entries, but for entries that an earlier run left whose files are
    /// not among the inputs any more.
    private func isCount(_ counts: JSONValue) -> Bool {
        let numbers = Self.countNames.compactMap { name in
            if case .integer(let number)? = counts[name], number >= 0 { number } else { nil as Int? }
        }
        guard numbers.count == Self.countNames.count else { return false }
        var all = RunSummary()
        for entry in written.entries { all.count(entry) }
        let (reused, warnings, unclaimed) = (numbers[3], numbers[4], numbers[5])
        let left = zip([all.ok, all.failed, all.skipped], numbers).map { $0 - $1 }
        return left.allSatisfy { $0 >= 0 } && left.reduce(0, +) == unclaimed && reused <= numbers[0]
            && (unclaimed == 0 ? warnings == all.warnings : warnings <= all.warnings)
    }

    /// Thousandths of a second, of less than four months.
    private static func areSeconds(_ value: JSONValue) -> Bool {
        let seconds: Double
        switch value {
        case .integer(let whole): seconds = Double(whole)
        case .number(let number): seconds = number
        default: return false
        }
        return (0..<10_000_000).contains(seconds) && (seconds * 1000).rounded() / 1000 == seconds
    }

    /// Everything that a line says in words.
    private static func texts(of entry: ManifestEntry) -> [String] {
        func texts(_ value: JSONValue) -> [String] {
            switch value {
            case .string(let text): [text]
            case .array(let values): values.flatMap(texts)
            case .object(let members): members.flatMap { [$0.key] + texts($0.value) }
            default: []
            }
        }
        return entry.outputs + entry.warnings.map(\.message) + [entry.error?.message].compactMap { $0 }
            + texts(entry.details ?? .null)
    }
}
