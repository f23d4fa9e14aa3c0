/// Aligned float32 memory, shared by the tensors that view it.
///
/// `@unchecked Sendable` holds because it is written only while one `Tensor` references it: inside `Tensor`'s
/// initialisers, and in `Tensor.withUnsafeMutableElements` after a uniqueness check.
final class Storage: @unchecked Sendable {
    /// A cache line, and the width of an AVX-512 register.
    static let alignment = 64

    let base: UnsafeMutablePointer<Float>
    let count: Int

    init(count: Int) {
        let bytes = max(count, 1) * MemoryLayout<Float>.stride
        base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Self.alignment)
            .bindMemory(to: Float.self, capacity: max(count, 1))
        self.count = count
    }

    deinit { UnsafeMutableRawPointer(base).deallocate() }
}
