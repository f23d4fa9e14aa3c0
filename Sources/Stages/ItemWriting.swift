import Files
import Pipelines

extension PipelineRun {
    /// All files of an item, or none: what was written before a failure is taken back, since no manifest line names it.
    func write(_ item: Item, _ digest: String) throws -> [PendingFile] {
        var written: [PendingFile] = []
        var suffixes: Set<String> = []
        func add(_ file: OutputFile) throws {
            // Masks and boxes go with some tensors, and may be asked for by themselves too: they are the same.
            guard suffixes.insert(file.suffix).inserted else { return }
            let name = "\(item.outputName)\(file.suffix)"
            if let other = runner.claims.claim(name, for: item.name) {
                throw ItemError(.outputExists, "\(name) is an output of the item \(other) too; rename one of the two")
            }
            let path = "\(runner.output)/\(name)"
            written.append(
                try AtomicFile.prepare(path, tag: runner.shard.suffix) { (sink) throws(FileError) in
                    try file.write(sink)
                })
        }
        do {
            for output in pipeline.outputs {
                for file in try output.files(item, runner.workers) { try add(file) }
            }
            let json =
                switch sidecar {
                case .provenance:
                    Provenance(item: item, pipeline: pipeline.resolved, pipelineDigest: digest, seed: seed).json
                case .acquisition: try ConversionSidecar(item: item).json()
                }
            try add(OutputFile(suffix: ".json", text: json.text(indented: true) + "\n"))
        } catch {
            for file in written { file.discard() }
            throw error
        }
        return written
    }
}
