import Files
import Pipelines

extension PipelineRun {
    /// The outputs of one item, of all its variants or of the one that is replayed. All are written or none.
    ///
    /// - Parameter item: after the stages that its variants share.
    func results(of item: Item, named name: String, _ digest: String) throws -> WorkResult {
        var files: [PendingFile] = []
        var warnings = item.warnings
        do {
            for index in replay.map({ $0.variant..<$0.variant + 1 }) ?? 0..<pipeline.variants {
                var variant = item
                if pipeline.variants > 1 { variant.variant = Variant(number: index + 1) }
                try pipeline.run(
                    &variant, named: name, seed: seed, variant: index, stages: pipeline.variantStages,
                    workers: runner.workers, isInterrupted: { Interruption.isRequested })
                try replay?.checkHistory(of: variant)
                warnOfOutputs(&variant)
                // A thousand variants may have the same thing to say; their sidecars tell which do.
                for warning in variant.warnings where !warnings.contains(warning) { warnings.append(warning) }
                files += try write(variant, digest)
            }
        } catch {
            for file in files { file.discard() }
            throw error
        }
        return .done(files: files, warnings: warnings)
    }
}
