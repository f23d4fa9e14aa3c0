import DataSets

extension PartTenFile {
    /// Whether the first fragment of compressed pixels is a Basic Offset Table (PS3.5 A.4): nothing, or of each frame where
    /// a fragment begins. It is passed on as it is, and anything else could stand there.
    func hasOffsetTable(_ fragments: [ByteRange]) -> Bool {
        guard let table = fragments.first, table.count > 0 else { return true }
        guard table.count % 4 == 0, let bytes = try? source.bytes(table), fragments.count > 1 else { return false }
        let offsets = stride(from: 0, to: bytes.count, by: 4).map { place in
            (0..<4).reduce(0) { $0 | Int(bytes[bytes.startIndex + place + $1]) << (8 * $1) }
        }
        let starts = Set(fragments.dropFirst().map { $0.offset - fragments[1].offset })
        return offsets[0] == 0 && offsets.count <= max(1, integer(.numberOfFrames) ?? 1)
            && zip(offsets, offsets.dropFirst()).allSatisfy { $0 < $1 } && offsets.allSatisfy(starts.contains)
    }
}
