public import DataSets
public import Files

extension CleanedFile {
    /// Writes the file under a temporary name, opens it again, and proves that no original value is in it.
    ///
    /// - Returns: the file, which still has to get its name by `AtomicFile.publish`, and what was checked.
    /// - Throws: `Refusal`, `FileError`; then nothing is left behind.
    public func write(to path: String, from source: ByteSource, tag: String) throws -> (PendingFile, OutputProof) {
        let plan = try PartTenWriter.encode(meta: meta, dataSet, encoding, from: source, patches: patches)
        let pending = try AtomicFile.prepare(path, tag: tag) { (sink) throws(FileError) in
            try plan.forEachPart(from: source, patches: patches) { (part) throws(FileError) in try sink.write(part) }
        }
        do {
            return (pending, try OutputProof.check(pending.temporaryPath, needles, plan))
        } catch {
            pending.discard()
            throw error
        }
    }

    /// Searches another object, made of this file's header and all in memory, for the original values.
    ///
    /// - Parameter policy: what the file was cleaned by. UIDs that it keeps may stand in references to the file, too.
    /// - Throws: `Refusal` with code `leak` and the attributes concerned.
    public func prove(_ object: EncodedDataSet, under policy: Policy) throws(Refusal) {
        var spans = object.spans
        if policy.has(.retainUIDs) {
            for index in spans.indices where spans[index].vr == .UI { spans[index].isOriginal = true }
        }
        var scan = ByteScan(needles, .elements(spans))
        object.bytes.withUnsafeBytes { scan.search($0) }
        try scan.finish()
    }
}
