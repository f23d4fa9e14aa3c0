import Files
import Pipelines

/// What a run makes of all its items together, when they are done: the quality page and the archives of samples.
struct RunEnding {
    private let page: QualityPage?
    private let packings: [SamplePacking]
    /// OUT.
    private let folder: String
    /// Of the run's shard: "" or ".2-of-8".
    private let suffix: String

    init(of pipeline: Pipeline<Item>, in folder: String, suffix: String) {
        (self.folder, self.suffix) = (folder, suffix)
        page = QualityPage(folder: folder, suffix: suffix, pipeline: pipeline.resolved)
        packings = pipeline.outputs.filter { $0.format == "webdataset" }.compactMap { output in
            (output.options as? TensorOptions).map { SamplePacking(folder: folder, suffix: suffix, options: $0) }
        }
    }

    var isEmpty: Bool { page == nil && packings.isEmpty }

    /// - Parameter entries: of all items, in the order of names.
    /// - Returns: false after an interruption.
    func write(_ entries: [ManifestEntry]) throws(FileError) -> Bool {
        if let page { try AtomicFile.publish([page.prepare(entries)], in: folder) }
        for packing in packings {
            guard try packing.run(entries) else { return false }
        }
        return true
    }

    /// What an earlier run into the folder made of its items and this one will not: it would pass for this one's. To be
    /// asked before `run.json` is replaced.
    func outdated() -> [String] {
        guard let bytes = try? FileBytes.read("\(folder)/run\(suffix).json"),
            let outputs = JSONValue(parsing: bytes)?["pipeline"]?["outputs"]
        else { return [] }
        return (page == nil && outputs["report"] != nil ? [QualityPage.file(suffix)] : [])
            + (packings.isEmpty ? SamplePacking.files(in: folder, suffix) : [])
    }
}
