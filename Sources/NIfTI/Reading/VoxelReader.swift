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
            return try fill { out, outcome throws(NIfTIError) in
                plain(file, out, outcome)
                return file.size > end
            }
        }
        // Deflate makes at most 1032 bytes of one: a header that announces more is not believed.
        guard end / 1032 <= file.size else {
            throw NIfTIError(.truncated, path: path, "\(file.size) compressed bytes cannot hold \(end)")
        }
        let index = try GzipIndex(file)
        return try fill { out, outcome throws(NIfTIError) in
            guard let index, isAligned(index) else { return try sequential(file, out, outcome) }
            try check(available: index.count)
            try check(excess: index.count - end)
            members(index, of: file, out, outcome)
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
        _ body: (VoxelPlace, Outcome) throws(NIfTIError) -> Bool
    ) throws(NIfTIError) -> Found {
        let (count, outcome) = (header.shape.count, Outcome())
        var (failure, hasMore) = (NIfTIError?.none, false)
        let voxels = [Float](unsafeUninitializedCapacity: count) { out, filled in
            do throws(NIfTIError) {
                hasMore = try body(VoxelPlace(start: out.baseAddress!), outcome)
                failure = outcome.failure
            } catch {
                failure = error
            }
            filled = failure == nil ? count : 0
        }
        if let failure { throw failure }
        if outcome.notes.contains(.beyondFloat32) {
            throw NIfTIError(
                .unsupported, path: path, "a float64 voxel is beyond the range of Float32; scale the image first")
        }
        return Found(voxels: voxels, notes: outcome.notes, hasMore: hasMore)
    }

    private func plain(_ file: FileReader, _ out: VoxelPlace, _ outcome: Outcome) {
        let (decoder, path, total, size) = (decoder, path, header.voxelCount, voxelSize)
        let step = Self.pieceSize / size
        let offset = header.voxelOffset
        outcome.forEach((total + step - 1) / step, workers) { (piece) throws(NIfTIError) in
            let first = piece * step
            let bytes = try reading { () throws(FileError) in
                try file.bytes(at: offset + first * size, count: min(step, total - first) * size)
            }
            guard bytes.count == min(step, total - first) * size else {
                throw NIfTIError(.unreadable, path: path, "the file became shorter while it was read")
            }
            return bytes.withUnsafeBytes { decoder.decode($0, first: first, into: out.start) }
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

    private func members(_ index: GzipIndex, of file: FileReader, _ out: VoxelPlace, _ outcome: Outcome) {
        let (decoder, offset, end, size) = (decoder, header.voxelOffset, end, voxelSize)
        outcome.forEach(index.members.count, workers) { (number) throws(NIfTIError) in
            let member = index.members[number]
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(member.count, 1), alignment: 16)
            defer { buffer.deallocate() }
            // Members before and behind the voxels are inflated too: their checksums count.
            let inflated = UnsafeMutableRawBufferPointer(rebasing: buffer[..<member.count])
            try GzipIndex.inflate(member, of: file, into: inflated)
            let first = max(member.start, offset)
            let stop = min(member.start + member.count, end)
            guard first < stop else { return [] }
            let bytes = UnsafeRawBufferPointer(rebasing: inflated[first - member.start..<stop - member.start])
            return decoder.decode(bytes, first: (first - offset) / size, into: out.start)
        }
    }

    /// A gzip stream by another program: one thread, from start to end.
    private func sequential(
        _ file: FileReader, _ out: VoxelPlace, _ outcome: Outcome
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
            outcome.add(decoder.decode(.init(rebasing: buffer[..<made]), first: first, into: out.start))
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

/// Where the values go; threads write to places of their own.
private struct VoxelPlace: @unchecked Sendable {
    let start: UnsafeMutablePointer<Float>
}

/// What pieces report: all notes, and the error of the first piece that has one, whichever thread came to it first.
private final class Outcome: @unchecked Sendable {
    private let found = Atomic(DecodingNotes().rawValue)
    /// One a piece, which alone writes it: the thread sanitizer does not understand `Mutex`.
    private var errors: UnsafeMutableBufferPointer<NIfTIError?> = .init(start: nil, count: 0)

    deinit {
        errors.deinitialize()
        errors.deallocate()
    }

    /// - Note: read both when all pieces are done.
    var notes: DecodingNotes { DecodingNotes(rawValue: found.load(ordering: .relaxed)) }
    var failure: NIfTIError? { errors.lazy.compactMap { $0 }.first }

    func add(_ notes: DecodingNotes) { found.bitwiseOr(notes.rawValue, ordering: .relaxed) }

    /// Runs every piece on the workers.
    func forEach(
        _ count: Int, _ workers: Workers, _ body: @Sendable (Int) throws(NIfTIError) -> DecodingNotes
    ) {
        errors = .allocate(capacity: count)
        errors.initialize(repeating: nil)
        workers.forEach(count) { piece in
            do throws(NIfTIError) {
                add(try body(piece))
            } catch {
                errors[piece] = error
            }
        }
    }
}
