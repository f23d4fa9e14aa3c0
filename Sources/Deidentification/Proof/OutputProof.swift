import Cryptography
import DataSets
import Files

/// What was checked of a written file.
public struct OutputProof: Sendable {
    public let bytes: Int
    /// Original values that were searched for.
    public let needles: Int
    /// SHA-256 of the file.
    public let digest: String

    /// Opens a written file anew and searches all its bytes for the original values that had to go.
    ///
    /// - Parameter plan: how the file was laid out, which tells where a value may stand.
    /// - Throws: `Refusal` with code `leak` and the attributes concerned, or `unparsable` when the file cannot be read.
    static func check(_ path: String, _ needles: NeedleSet, _ plan: EncodedDataSet) throws(Refusal) -> OutputProof {
        var hash = SHA256Digest()
        var leaks: Set<String> = []
        func search(_ buffer: UnsafeRawBufferPointer, at base: Int, _ spans: [EncodedDataSet.Span]) {
            for hit in needles.hits(in: buffer) {
                let span = spans.span(at: base + hit.offset)
                if !Permission.allows(hit.needle, buffer[hit.range], in: span) {
                    leaks.insert("\(hit.needle.origin) in \(span.map { $0.tag.description } ?? "no element")")
                }
            }
        }
        do {
            let file = try FileReader(path: path)
            guard file.size == plan.count else { throw Refusal(.unparsable, "what was written has another length") }
            var (offset, kept) = (0, [UInt8]())
            while offset < file.size {
                let part = try file.bytes(at: offset, count: min(chunk, file.size - offset))
                guard !part.isEmpty else { throw Refusal(.unparsable, "what was written became shorter") }
                hash.update(part)
                let joined = kept.isEmpty ? part : kept + part
                joined.withUnsafeBytes { search($0, at: offset - kept.count, plan.spans) }
                offset += part.count
                kept = offset < file.size ? Array(joined.suffix(max(0, needles.longest))) : []
            }
            if plan.spans.isEmpty {
                // Deflated: the text is behind the compression.
                let inflated = try PartTenFile(path: path)
                try inflated.source.forEachChunk(ByteRange(offset: 0, count: inflated.source.count)) { buffer in
                    search(buffer, at: 0, [])
                }
            }
            if !leaks.isEmpty {
                throw Refusal(
                    .leak, "original values of \(leaks.sorted().joined(separator: ", ")) were found in the output")
            }
            return OutputProof(bytes: file.size, needles: needles.count, digest: hexadecimal(hash.finish()))
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal(.unparsable, "what was written cannot be read again")
        }
    }

    private static let chunk = 4 << 20
}

extension [EncodedDataSet.Span] {
    func span(at offset: Int) -> EncodedDataSet.Span? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].range.end <= offset { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low].range.offset <= offset ? self[low] : nil
    }
}
