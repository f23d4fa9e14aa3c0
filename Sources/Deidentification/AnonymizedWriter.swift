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
    /// - Parameters:
    ///   - own: the same object made of nobody's header. What an element holds there, too, is the program's own word, whoever
    ///     may be called by it: reports speak of width, and are in English.
    ///   - policy: what the file was cleaned by. UIDs that it keeps may stand in references to the file, too.
    /// - Throws: `Refusal` with code `leak` and the attributes concerned.
    public func prove(_ object: EncodedDataSet, beside own: EncodedDataSet, under policy: Policy) throws(Refusal) {
        var words: [Tag: Set<ArraySlice<UInt8>>] = [:]
        for span in own.spans { words[span.tag, default: []].insert(own.value(span)) }
        var (spans, bytes) = (object.spans, object.bytes)
        for (index, span) in object.spans.enumerated() {
            if policy.has(.retainUIDs), span.vr == .UI { spans[index].isOriginal = true }
            guard words[span.tag]?.contains(object.value(span)) == true else { continue }
            for place in span.range.offset..<span.range.end { bytes[place] = 0 }
        }
        var scan = ByteScan(needles, .elements(spans))
        bytes.withUnsafeBytes { scan.search($0) }
        try scan.finish()
    }
}

extension EncodedDataSet {
    /// Of an object that is all in memory.
    fileprivate func value(_ span: Span) -> ArraySlice<UInt8> { bytes[span.range.offset..<span.range.end] }
}
