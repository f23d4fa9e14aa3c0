import Files
import Pipelines

/// `report.html`: the items of a run on one page that opens offline, refers to nothing outside itself, and tells no more
/// than the manifest does.
///
/// Written row by row from the items' records: memory does not grow with the run. The page is bounded too: at most
/// `items` of its options rows have pictures, those of items with warnings first, and at most `rowLimit` rows stand there; what is
/// left out is counted on the page.
struct QualityPage {
    static let rowLimit = 10_000

    /// OUT.
    let folder: String
    /// Of the run's shard: "" or ".2-of-8".
    let suffix: String
    private let name: String
    private let stages: [JSONValue.Member]
    private let pictureLimit: Int

    /// - Parameter pipeline: as `run.json` has it. Nil when it asks for no page.
    init?(folder: String, suffix: String, pipeline: JSONValue) {
        guard let report = pipeline["outputs"]?["report"], case .integer(let items)? = report["items"] else {
            return nil
        }
        (self.folder, self.suffix, pictureLimit) = (folder, suffix, items)
        if case .string(let name)? = pipeline["name"] { self.name = name } else { name = "pipeline" }
        stages = (pipeline["stages"]?.elements ?? []).compactMap {
            if case .object(let members) = $0 { members.first } else { nil }
        }
    }

    /// Below OUT.
    static func file(_ suffix: String) -> String { "report\(suffix).html" }

    /// The page under a temporary name, to appear with others or alone.
    ///
    /// - Parameter entries: of all items, in the order of names.
    func prepare(_ entries: [ManifestEntry]) throws(FileError) -> PendingFile {
        let pictured = self.pictured(entries)
        let shown = self.shown(entries, pictured)
        return try AtomicFile.prepare("\(folder)/\(Self.file(suffix))", tag: suffix) { (sink) throws(FileError) in
            try sink.write(Array(head(entries, pictured.count, shown.count).utf8))
            for index in shown {
                let entry = entries[index]
                // The first of several variants.
                let path = pictured.contains(index) ? entry.outputs.first { $0.hasSuffix(QualityRecord.suffix) } : nil
                let record = try path.flatMap { (path) throws(FileError) in try QualityRecord.read("\(folder)/\(path)")
                }
                try sink.write(Array(QualityRow(entry: entry, record: record).html.utf8))
            }
            try sink.write(
                Array("</tbody></table>\n<script>\(QualityPageStyle.script)</script>\n</body></html>\n".utf8))
        }
    }

    /// Items with warnings first, then the others, each in the order of names.
    private func pictured(_ entries: [ManifestEntry]) -> Set<Int> {
        let done = entries.indices.filter { entries[$0].status == .ok }
        let warned = done.filter { !entries[$0].warnings.isEmpty }
        let quiet = done.filter { entries[$0].warnings.isEmpty }
        return Set((warned + quiet).prefix(pictureLimit))
    }

    /// Failed items, those with pictures, and as many of the others as there is room for; in the order of names.
    private func shown(_ entries: [ManifestEntry], _ pictured: Set<Int>) -> [Int] {
        let failed = entries.indices.filter { entries[$0].status == .failed }
        let first = pictured.union(failed.prefix(Self.rowLimit - pictured.count))
        let rest = entries.indices.lazy.filter { !first.contains($0) }.prefix(Self.rowLimit - first.count)
        return first.union(rest).sorted()
    }

    private func head(_ entries: [ManifestEntry], _ pictures: Int, _ rows: Int) -> String {
        func count(_ status: ManifestEntry.Status) -> Int { entries.count { $0.status == status } }
        let warned = entries.count { !$0.warnings.isEmpty }
        let deidentified = stages.contains { $0.key == DeidentifyStage.name }
        let list = stages.map { "<li>\(escaped($0.key)) <code>\(escaped($0.value.sorted.text()))</code></li>" }
        var notes = [
            "Pictures: \(pictures) of \(count(.ok)) items (at most \(pictureLimit), those with warnings first)."
        ]
        if rows < entries.count {
            notes.append("Rows: \(rows) of \(entries.count) items; manifest\(suffix).jsonl has all.")
        }
        notes.append(
            "Slices run through the middle of the volume, along z, y and x; histograms count at most 65,536 voxels, "
                + "bars grow with the logarithm. Of several channels and variants the first is shown.")
        if deidentified { notes.append("“Before” is behind the deidentify stage; items have keyed names.") }
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>\(escaped(name)): quality</title>
            <style>\(QualityPageStyle.css)</style></head><body>
            <h1>\(escaped(name))</h1>
            <p class="counts"><b>\(count(.ok))</b> ok <b class="failed">\(count(.failed))</b> failed
            <b>\(count(.skipped))</b> skipped <b class="warned">\(warned)</b> with warnings</p>
            <details><summary>\(stages.count) stages</summary><ol>\(list.joined())</ol></details>
            <p class="note">\(notes.map(escaped).joined(separator: " ")) hilum \(hilumVersion). Research software. Not for clinical use.</p>
            <table><thead><tr>\(QualityRow.titles)</tr></thead><tbody>

            """
    }
}
