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

    /// Opens a written file anew and searches all its bytes for the original values that had to go, those of a deflated
    /// data set also as they are behind the compression.
    ///
    /// - Parameter plan: how the file was laid out, which tells where a value may stand.
    /// - Throws: `Refusal` with code `leak` and the attributes concerned, or `unparsable` when the file cannot be read.
    static func check(_ path: String, _ needles: NeedleSet, _ plan: EncodedDataSet) throws(Refusal) -> OutputProof {
        var hash = SHA256Digest()
        do {
            let file = try FileReader(path: path)
            guard file.size == plan.count else { throw Refusal(.unparsable, "what was written has another length") }
            var scan = ByteScan(needles, .elements(plan.spans))
            var offset = 0
            while offset < file.size {
                let part = try file.bytes(at: offset, count: min(chunk, file.size - offset))
                guard !part.isEmpty else { throw Refusal(.unparsable, "what was written became shorter") }
                hash.update(part)
                part.withUnsafeBytes { scan.search($0) }
                offset += part.count
            }
            try scan.finish()
            if let spans = plan.inflatedSpans {
                let inflated = try PartTenFile(path: path).source
                var content = ByteScan(needles, .elements(spans))
                try inflated.forEachChunk(ByteRange(offset: 0, count: inflated.count)) { content.search($0) }
                try content.finish()
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
