/// A file cut into pieces of at most 1 MiB, each of which becomes one gzip member. The header has pieces of its own, so
/// that members end between voxels and a header is read without inflating any.
struct FilePieces {
    let prefixCount: Int
    let voxelCount: Int
    let voxelSize: Int

    enum Piece {
        /// Bytes of the header and its extensions.
        case prefix(Range<Int>)
        case voxels(Range<Int>)
    }

    /// Measured: below 1 MiB files grow, above it the processor's cache no longer holds a piece and its compressed copy.
    static let size = 1 << 20

    private var prefixPieces: Int { (prefixCount + Self.size - 1) / Self.size }
    private var voxelsAPiece: Int { Self.size / voxelSize }

    var count: Int { prefixPieces + (voxelCount + voxelsAPiece - 1) / voxelsAPiece }

    subscript(index: Int) -> Piece {
        if index < prefixPieces {
            let start = index * Self.size
            return .prefix(start..<min(start + Self.size, prefixCount))
        }
        let first = (index - prefixPieces) * voxelsAPiece
        return .voxels(first..<min(first + voxelsAPiece, voxelCount))
    }

    func byteCount(_ index: Int) -> Int {
        switch self[index] {
        case .prefix(let range): range.count
        case .voxels(let range): range.count * voxelSize
        }
    }
}

/// Memory for the pieces that are being made at once. Each slot belongs to one thread at a time.
final class PieceSlots: @unchecked Sendable {
    private let room = GzipMember.bound(FilePieces.size)
    private let memory: UnsafeMutableRawBufferPointer
    private let isCompressed: Bool
    /// Bytes to write, one a slot; nil when memory was short.
    private let counts: UnsafeMutableBufferPointer<Int?>

    init(count: Int, isCompressed: Bool) {
        self.isCompressed = isCompressed
        let size = FilePieces.size + (isCompressed ? room : 0)
        memory = .allocate(byteCount: count * size, alignment: 64)
        counts = .allocate(capacity: count)
        counts.initialize(repeating: nil)
    }

    deinit {
        memory.deallocate()
        counts.deallocate()
    }

    /// Where the bytes of a piece are made.
    func raw(_ slot: Int, count: Int) -> UnsafeMutableRawBufferPointer {
        let start = slot * (FilePieces.size + (isCompressed ? room : 0))
        return .init(rebasing: memory[start..<start + count])
    }

    private func packed(_ slot: Int) -> UnsafeMutableRawBufferPointer {
        let start = slot * (FilePieces.size + room) + FilePieces.size
        return .init(rebasing: memory[start..<start + room])
    }

    func finish(_ slot: Int, _ raw: UnsafeMutableRawBufferPointer, _ compression: Compression) {
        counts[slot] =
            isCompressed ? GzipMember.deflate(UnsafeRawBufferPointer(raw), compression, into: packed(slot)) : raw.count
    }

    /// What to write of a piece.
    func finished(_ slot: Int) -> UnsafeRawBufferPointer? {
        counts[slot].map { count in
            UnsafeRawBufferPointer(rebasing: isCompressed ? packed(slot)[..<count] : raw(slot, count: count)[...])
        }
    }
}
