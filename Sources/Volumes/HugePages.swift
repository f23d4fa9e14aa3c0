import Glibc

/// Asks the system for large pages behind the memory of a volume that is about to be filled: a page fault for each
/// 4 KiB takes as long as filling them. A hint: nothing depends on it.
public func adviseHugePages(_ start: UnsafeMutableRawPointer, byteCount: Int) {
    let size = 2 << 20
    guard byteCount >= 4 * size else { return }
    let first = (Int(bitPattern: start) + size - 1) / size * size
    let end = (Int(bitPattern: start) + byteCount) / size * size
    madvise(UnsafeMutableRawPointer(bitPattern: first), end - first, MADV_HUGEPAGE)
}
