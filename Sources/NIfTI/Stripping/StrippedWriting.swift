public import Files
import Glibc
public import Parallel

extension StrippedImage {
    /// Writes one part under a temporary name, compressed when its original is, in members that say where they end
    /// (`GzipMember`), without name and time. Memory is a few MiB a thread.
    ///
    /// - Throws: `NIfTIError` when the original ends too early or its checksum is wrong, `FileError` for the output;
    ///   then nothing is left behind.
    public func prepare(
        _ part: Part, at path: String, tag: String = "", workers: Workers = .single
    ) throws -> PendingFile {
        let isCompressed = isCompressed(part)
        let pieces = pieces(of: part)
        let batch = min(workers.count == 1 ? 1 : workers.count * 2, max(pieces.count, 1))
        let slots = PieceSlots(count: batch, isCompressed: isCompressed)
        var failure: NIfTIError?
        func noting(_ body: () throws(NIfTIError) -> Void) throws(FileError) {
            do throws(NIfTIError) { try body() } catch {
                failure = error
                throw FileError("read", error.path, .changed)
            }
        }
        do throws(FileError) {
            return try AtomicFile.prepare(path, tag: tag) { (sink) throws(FileError) in
                var source: VoxelSourceStream?
                try noting { () throws(NIfTIError) in
                    source = try VoxelSourceStream(self.path(of: part), hasVoxels: part != .header)
                    if part != .header { try source!.skip(to: header.voxelOffset, voxelBytes: voxelBytes) }
                }
                for start in stride(from: 0, to: pieces.count, by: batch) {
                    let number = min(batch, pieces.count - start)
                    for slot in 0..<number {
                        let raw = slots.raw(slot, count: pieces.byteCount(start + slot))
                        switch pieces[start + slot] {
                        case .prefix(let range): raw.copyBytes(from: encodedHeader[range])
                        case .voxels: try noting { () throws(NIfTIError) in try source!.fill(raw) }
                        }
                    }
                    workers.forEach(number) { slot in
                        slots.finish(slot, slots.raw(slot, count: pieces.byteCount(start + slot)), .fast)
                    }
                    for slot in 0..<number {
                        guard let bytes = slots.finished(slot) else {
                            throw FileError("compress a piece of", sink.path, .system(ENOMEM))
                        }
                        try sink.write(bytes)
                    }
                }
                try noting { () throws(NIfTIError) in try source!.finish() }
            }
        } catch {
            if let failure { throw failure }
            throw error
        }
    }

    /// Whether a file holds what `prepare` would write, compressed or not.
    ///
    /// - Throws: `NIfTIError` when either of the two cannot be read.
    public func matches(_ part: Part, at path: String) throws(NIfTIError) -> Bool {
        var written = try ContentStream(path)
        if part != .voxels, try written.bytes(encodedHeader.count) != encodedHeader { return false }
        var left = part == .header ? 0 : voxelBytes
        if left > 0 {
            var source = try VoxelSourceStream(self.path(of: part), hasVoxels: true)
            try source.skip(to: header.voxelOffset, voxelBytes: voxelBytes)
            let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 << 20, alignment: 16)
            defer { room.deallocate() }
            while left > 0 {
                let count = min(left, 1 << 20)
                let (one, other) = (
                    UnsafeMutableRawBufferPointer(rebasing: room[..<count]),
                    UnsafeMutableRawBufferPointer(rebasing: room[(1 << 20)..<(1 << 20) + count])
                )
                try source.fill(one)
                guard try written.read(into: other) == count, memcmp(one.baseAddress!, other.baseAddress!, count) == 0
                else { return false }
                left -= count
            }
        }
        return try written.bytes(1).isEmpty
    }

    private func pieces(of part: Part) -> FilePieces {
        let size = max(header.datatype.bitsPerVoxel / 8, 1)
        return FilePieces(
            prefixCount: part == .voxels ? 0 : encodedHeader.count,
            voxelCount: part == .header ? 0 : voxelBytes / size, voxelSize: size)
    }
}

/// The voxels of an image in the order of its file, everything before them passed over.
private struct VoxelSourceStream: ~Copyable {
    private var stream: ContentStream
    private let path: String
    private let hasVoxels: Bool

    init(_ path: String, hasVoxels: Bool) throws(NIfTIError) {
        (self.path, self.hasVoxels) = (path, hasVoxels)
        stream = try ContentStream(path)
    }

    /// Passes over what stands before the voxels.
    mutating func skip(to offset: Int, voxelBytes: Int) throws(NIfTIError) {
        // Deflate makes at most 1032 bytes of one: a header that announces more is not believed.
        guard !stream.isGzip || (offset + voxelBytes) / 1032 <= stream.fileSize else {
            throw NIfTIError(
                .truncated, path: path, "\(stream.fileSize) compressed bytes cannot hold \(offset + voxelBytes)")
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var left = offset
        while left > 0 {
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(left, buffer.count)])
            try fill(part)
            left -= part.count
        }
    }

    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(NIfTIError) {
        guard try stream.read(into: buffer) == buffer.count else {
            throw NIfTIError(.truncated, path: path, "the voxels end too early; copy the file again from its source")
        }
    }

    /// Reads a gzip stream to its end, so that its checksum is seen. Much behind the voxels is a member that is there
    /// twice, or another image: dropping it would lose data.
    mutating func finish() throws(NIfTIError) {
        guard hasVoxels, stream.isGzip else { return }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var excess = 0
        while case let made = try stream.read(into: buffer), made > 0 {
            excess += made
            guard excess <= 1 << 16 else {
                throw NIfTIError(.damaged, path: path, "the gzip stream holds more than the header announces")
            }
        }
    }
}
