import Cryptography
public import Files

extension OutputProof {
    /// Opens a written file anew, digests it, and searches its bytes and its name for original values.
    ///
    /// - Parameters:
    ///   - name: path below the output folder that the file will get.
    ///   - inflated: gives the file's content to a second search when its bytes are compressed.
    /// - Throws: `Refusal` with code `leak`, or `unparsable` when the file cannot be read.
    public static func check(
        _ file: PendingFile, named name: String, _ values: OriginalValues, _ allowance: ByteScan.Allowance,
        inflated: ((inout ByteScan) throws -> Void)? = nil
    ) throws(Refusal) -> OutputProof {
        var hash = SHA256Digest()
        // Compressed bytes are as good as random.
        var scan = ByteScan(values, inflated == nil ? allowance : .binary(from: 0))
        var (names, size) = (ByteScan(values, .text([])), 0)
        do {
            let reader = try FileReader(path: file.temporaryPath)
            size = reader.size
            var offset = 0
            while offset < size {
                let part = try reader.bytes(at: offset, count: min(1 << 20, size - offset))
                guard !part.isEmpty else { throw Refusal(.unparsable, "what was written became shorter") }
                hash.update(part)
                part.withUnsafeBytes { scan.search($0) }
                offset += part.count
            }
            try scan.finish()
            if let inflated {
                var content = ByteScan(values, allowance)
                try inflated(&content)
                try content.finish()
            }
            Array(name.utf8).withUnsafeBytes { names.search($0) }
            try names.finish()
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal(.unparsable, "what was written cannot be read again")
        }
        return OutputProof(bytes: size, needles: values.count, digest: hexadecimal(hash.finish()))
    }
}
