import Glibc

/// What a child says about where it is, in memory that its parent sees too and that outlives the child.
struct Progress {
    private let words: UnsafeMutablePointer<UInt64>
    private static let size = 4096

    enum Word: Int {
        /// The input being read.
        case seed
        case done
        /// Inputs that gave a volume.
        case read
        /// The longest time for one input, in microseconds, and its seed.
        case slowest, slowestSeed
        /// 1 when a reader ran out of memory or gave a broken volume; the child waits to be ended.
        case finding
    }

    /// - Parameter path: a file that both open.
    init(path: String) {
        let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
        guard descriptor >= 0, ftruncate(descriptor, off_t(Self.size)) == 0,
            let memory = mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), memory != MAP_FAILED
        else { fatalError("cannot map \(path)") }
        close(descriptor)
        words = memory.bindMemory(to: UInt64.self, capacity: Self.size / 8)
    }

    subscript(word: Word) -> UInt64 {
        get { words[word.rawValue] }
        nonmutating set { words[word.rawValue] = newValue }
    }

    func release() { munmap(words, Self.size) }
}
