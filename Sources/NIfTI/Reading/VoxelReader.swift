import Files
import Parallel
import Synchronization
import Volumes

/// Reads the voxels of a checked header from the file that holds them. Beside the voxels themselves it needs a few MiB
/// a thread: neither the file nor the inflated stream is ever whole in memory.
struct VoxelReader {
    let header: NIfTIHeader
    /// The file with the voxels.
    let path: String
    let workers: Workers

    struct Found {
        var voxels: [Float]
        var notes: DecodingNotes
        /// Bytes follow the last voxel.
        var hasMore: Bool
    }

    private var voxelSize: Int { header.datatype.bytesPerVoxel! }
    private var end: Int { header.voxelOffset + header.voxelCount * voxelSize }
    private var decoder: VoxelDecoder {
        VoxelDecoder(datatype: header.datatype, isBigEndian: header.isBigEndian, count: header.voxelCount)
    }

    func read() throws(NIfTIError) -> Found {
        let file = try reading { () throws(FileError) in try FileReader(path: path) }
        let start = try reading { () throws(FileError) in try file.bytes(count: 3) }
        guard GzipStream.isGzip(start) else {
            try check(available: file.size)
            return try fill { out, notes throws(NIfTIError) in
                try plain(file, out, notes)
                return file.size > end
            }
        }
        // Deflate makes at most 1032 bytes of one: a header that announces more is not believed.
        guard end / 1032 <= file.size else {
            throw NIfTIError(.truncated, path: path, "\(file.size) compressed bytes cannot hold \(end)")
        }
        let index = try GzipIndex(file)
        return try fill { out, notes throws(NIfTIError) in
            guard let index, isAligned(index) else { return try sequential(file, out, notes) }
            try check(available: index.count)
            try check(excess: index.count - end)
            try members(index, of: file, out, notes)
            return index.count > end
        }
    }

    private func check(available: Int) throws(NIfTIError) {
        guard available >= end else {
            throw NIfTIError(
                .truncated, path: path, "\(available) of \(end) bytes are there; copy the file again from its source")
        }
    }

    /// A member that is there twice shifts voxels without breaking a checksum; what shows is the length.
    private func check(excess: Int) throws(NIfTIError) {
        guard excess <= 1 << 16 else {
            throw NIfTIError(.damaged, path: path, "the gzip stream holds more than the header announces")
        }
    }

    /// Makes the values by `body`, which returns whether bytes follow the last.
    private func fill(
        _ body: (Destination<Float>, CollectedNotes) throws(NIfTIError) -> Bool
    ) throws(NIfTIError) -> Found {
        let (count, collected) = (header.shape.count, CollectedNotes())
        var (failure, hasMore) = (NIfTIError?.none, false)
        let voxels = [Float](unsafeUninitializedCapacity: count) { out, filled in
            do throws(NIfTIError) {
                hasMore = try body(Destination(start: out.baseAddress!), collected)
                filled = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        if collected.notes.contains(.beyondFloat32) {
            throw NIfTIError(
                .unsupported, path: path, "a float64 voxel is beyond the range of Float32; scale the image first")
        }
        return Found(voxels: voxels, notes: collected.notes, hasMore: hasMore)
    }

    private func plain(
        _ file: FileReader, _ out: Destination<Float>, _ notes: CollectedNotes
    ) throws(NIfTIError) {
        let (decoder, path, total, size) = (decoder, path, header.voxelCount, voxelSize)
        let step = Self.pieceSize / size
        let offset = header.voxelOffset
        try workers.forEach((total + step - 1) / step) { (piece) throws(NIfTIError) in
            let first = piece * step
            let bytes = try reading { () throws(FileError) in
                try file.bytes(at: offset + first * size, count: min(step, total - first) * size)
            }
            guard bytes.count == min(step, total - first) * size else {
                throw NIfTIError(.unreadable, path: path, "the file became shorter while it was read")
            }
            notes.add(bytes.withUnsafeBytes { decoder.decode($0, first: first, into: out.start) })
        }
    }

    /// Whether every member begins and ends between voxels, as in the files that we write.
    private func isAligned(_ index: GzipIndex) -> Bool {
        index.members.allSatisfy { member in
            let stop = member.start + member.count
            return [member.start, stop].allSatisfy {
                $0 <= header.voxelOffset || $0 >= end || ($0 - header.voxelOffset) % voxelSize == 0
            }
        }
    }

    private func members(
        _ index: GzipIndex, of file: FileReader, _ out: Destination<Float>, _ notes: CollectedNotes
    ) throws(NIfTIError) {
        let (decoder, offset, end, size) = (decoder, header.voxelOffset, end, voxelSize)
        try workers.forEach(index.members.count) { (number) throws(NIfTIError) in
            let member = index.members[number]
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(member.count, 1), alignment: 16)
            defer { buffer.deallocate() }
            // Members before and behind the voxels are inflated too: their checksums count.
            let inflated = UnsafeMutableRawBufferPointer(rebasing: buffer[..<member.count])
            try GzipIndex.inflate(member, of: file, into: inflated)
            let first = max(member.start, offset)
            let stop = min(member.start + member.count, end)
            guard first < stop else { return }
            let bytes = UnsafeRawBufferPointer(rebasing: inflated[first - member.start..<stop - member.start])
            notes.add(decoder.decode(bytes, first: (first - offset) / size, into: out.start))
        }
    }

    /// A gzip stream by another program: one thread, from start to end.
    private func sequential(
        _ file: FileReader, _ out: Destination<Float>, _ notes: CollectedNotes
    ) throws(NIfTIError) -> Bool {
        var stream = try GzipStream(file)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 16)
        defer { buffer.deallocate() }
        var position = 0
        // What stands before the voxels, then whole voxels.
        while position < header.voxelOffset {
            let wanted = min(buffer.count, header.voxelOffset - position)
            let made = try stream.read(into: .init(rebasing: buffer[..<wanted]))
            position += made
            if made < wanted { try check(available: position) }
        }
        let step = buffer.count / voxelSize * voxelSize
        while position < end {
            let wanted = min(step, end - position)
            let made = try stream.read(into: .init(rebasing: buffer[..<wanted]))
            if made < wanted { try check(available: position + made) }
            let first = (position - header.voxelOffset) / voxelSize
            notes.add(decoder.decode(.init(rebasing: buffer[..<made]), first: first, into: out.start))
            position += made
        }
        // The stream counts as read only when its last checksum is.
        while case let made = try stream.read(into: buffer), made > 0 {
            position += made
            try check(excess: position - end)
        }
        return position > end
    }

    /// Bytes that one thread works on at a time: they stay in the processor's cache.
    private static let pieceSize = 1 << 20
}

/// What the pieces of an image noticed, together; several threads add to it.
private final class CollectedNotes: Sendable {
    private let found = Atomic(DecodingNotes().rawValue)

    var notes: DecodingNotes { DecodingNotes(rawValue: found.load(ordering: .relaxed)) }

    func add(_ notes: DecodingNotes) { found.bitwiseOr(notes.rawValue, ordering: .relaxed) }
}
