#if canImport(Glibc)
    import Glibc
#endif

/// Aligned float32 memory, shared by the tensors that view it.
///
/// `@unchecked Sendable` holds because it is written only while one `Tensor` references it: inside `Tensor`'s
/// initialisers, and in `Tensor.withUnsafeMutableElements` after a uniqueness check.
final class Storage: @unchecked Sendable {
    /// A cache line, and the width of an AVX-512 register.
    static let alignment = 64
    private static let hugePage = 2 << 20

    let base: UnsafeMutablePointer<Float>
    let count: Int

    /// - Parameter inHugePages: asks for pages of 2 MiB where there is enough to fill: weights and arenas are read in
    ///   strides that would need more addresses than a core remembers.
    init(count: Int, inHugePages: Bool = false) {
        let bytes = max(count, 1) * MemoryLayout<Float>.stride
        let isLarge = inHugePages && bytes >= Self.hugePage
        let address = UnsafeMutableRawPointer.allocate(
            byteCount: bytes, alignment: isLarge ? Self.hugePage : Self.alignment)
        if isLarge { madvise(address, bytes / Self.hugePage * Self.hugePage, MADV_HUGEPAGE) }
        base = address.bindMemory(to: Float.self, capacity: max(count, 1))
        self.count = count
    }

    deinit { UnsafeMutableRawPointer(base).deallocate() }
}
