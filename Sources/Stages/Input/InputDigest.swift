import CXXHash
import Files

/// XXH3 of 128 bits over a file, as `xxh128sum` prints it: tells whether an input is still the same, at the speed of
/// memory (SHA-256 would take most of the time of a run over radiographs). Not meant against forgery: the audit of a
/// de-identified data set uses keyed SHA-256.
enum InputDigest {
    static func of(file path: String) throws(FileError) -> String {
        let file = try FileReader(path: path)
        guard let state = XXH3_createState() else { throw FileError("read", path, number: 12) }
        defer { XXH3_freeState(state) }
        XXH3_128bits_reset(state)
        // Small enough to be hashed while it is still in the processor's cache. No larger alignment: glibc 2.36 never
        // gives out such memory again once it is freed.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var (offset, got) = (0, 0)
        repeat {
            got = try file.read(at: offset, into: buffer)
            XXH3_128bits_update(state, buffer.baseAddress, got)
            offset += got
        } while got == buffer.count
        let hash = XXH3_128bits_digest(state)
        return hex(hash.high64) + hex(hash.low64)
    }

    private static func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
