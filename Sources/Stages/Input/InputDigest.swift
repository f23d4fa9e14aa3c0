import CXXHash
import Files

/// XXH3 of 128 bits over a file, as `xxh128sum` prints it: tells whether an input is still the same, at the speed of
/// memory (SHA-256 would take most of the time of a run over radiographs). Not meant against forgery: the audit of a
/// de-identified data set uses keyed SHA-256.
final class InputDigest {
    private let state: OpaquePointer

    init() {
        // xxHash returns null only when memory is exhausted.
        state = XXH3_createState()!
        XXH3_128bits_reset(state)
    }

    deinit { XXH3_freeState(state) }

    func update(_ bytes: UnsafeRawBufferPointer) { XXH3_128bits_update(state, bytes.baseAddress, bytes.count) }

    func finish() -> String {
        let hash = XXH3_128bits_digest(state)
        return Self.hex(hash.high64) + Self.hex(hash.low64)
    }

    static func of(file path: String) throws(FileError) -> String { try of(FileReader(path: path)) }

    static func of(_ file: FileReader) throws(FileError) -> String {
        let digest = InputDigest()
        // 16: glibc never uses freed memory of a larger alignment again. Small enough to be hashed while it is still in
        // the processor's cache.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var (offset, got) = (0, 0)
        repeat {
            got = try file.read(at: offset, into: buffer)
            digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
            offset += got
        } while got == buffer.count
        return digest.finish()
    }

    private static func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
