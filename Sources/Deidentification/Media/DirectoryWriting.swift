import DataSets
import Files

extension MediaDirectory {
    /// Writes the DICOMDIR whole, opens it again, and proves that nothing of the original ones is in it.
    ///
    /// - Parameter folder: the root of the medium; the files' paths are relative to it.
    /// - Throws: `Refusal` with code `leak`, `FileError`; then nothing is left behind.
    public func write(
        in folder: String, tag: String, _ names: Pseudonyms, _ values: OriginalValues
    ) throws -> OutputProof {
        let plan = encode(names)
        let pending = try AtomicFile.prepare("\(folder)/DICOMDIR", tag: tag) { (sink) throws(FileError) in
            try sink.write(plan.bytes)
        }
        do {
            let proof = try OutputProof.check(pending.temporaryPath, values.needles, plan)
            try AtomicFile.publish([pending], in: folder)
            return proof
        } catch {
            pending.discard()
            throw error
        }
    }
}
