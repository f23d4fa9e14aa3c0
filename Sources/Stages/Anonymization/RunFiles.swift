import Files
import Foundation
import Pipelines

/// Files in OUT that are about the whole of a run, or of one shard, and not about one item.
struct RunFiles {
    let output: String
    let shard: Shard

    init(_ output: String, _ shard: Shard) { (self.output, self.shard) = (output, shard) }

    var report: String { "deidentification\(shard.suffix).json" }
    var page: String { "deidentification\(shard.suffix).html" }
    var manifest: String { "manifest\(shard.suffix).jsonl" }
    var run: String { "run\(shard.suffix).json" }

    func path(_ name: String) -> String { "\(output)/\(name)" }

    /// Of every run that has come to its end in a folder: the report is there.
    static func finished(in output: String) -> [RunFiles] { all(in: output, \.report) }

    /// Of every run that is there, in the order of names.
    static func all(in output: String, _ name: KeyPath<RunFiles, String>) -> [RunFiles] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: output)) ?? []
        return names.sorted().compactMap { found in
            let middle = found.split(separator: ".").dropFirst().first ?? ""
            let shard = Shard(String(middle).replacing("-of-", with: "/")) ?? .whole
            let files = RunFiles(output, shard)
            return files[keyPath: name] == found ? files : nil
        }
    }

    /// What `run.json` says; nil when there is none that can be read.
    func readRun() -> JSONValue? { (try? FileBytes.read(path(run))).flatMap { JSONValue(parsing: $0) } }

    /// `run.json`.
    ///
    /// - Parameter heading: of the report beside it.
    func record(_ heading: JSONValue, workers: JSONValue, counts: JSONValue, seconds: JSONValue) -> String {
        var version = ""
        if case .string(let program)? = heading["program"] {
            version = program.replacing("Hilum ", with: "")
        }
        var record: JSONValue = [
            "generatedBy": ["name": "hilum", "version": .string(version)],
            "notice": "Research software. Not for clinical use.",
            "policy": heading["policy"] ?? .null, "layout": heading["layout"] ?? .null,
        ]
        // Reports of earlier versions have none.
        if let rules = heading["textRules"] { record.set("textRules", rules) }
        record.set("keyFingerprint", heading["keyFingerprint"] ?? .null)
        record.set("shard", ["index": .integer(shard.index), "count": .integer(shard.count)])
        record.set("workers", workers)
        record.set("counts", counts)
        record.set("seconds", seconds)
        return record.text(indented: true) + "\n"
    }
}
