import Glibc

/// Reads a range of inputs one after the other. It may crash, hang or be killed: the parent goes on behind.
enum Child {
    /// Memory beyond what the process has at its start; readers that want more for a small file are at fault.
    private static let memory: UInt = 4 << 30

    static func run(
        _ target: FuzzTarget, first: UInt64, count: UInt64, folder: String, progressPath: String, isLimited: Bool
    ) throws {
        let mutator = Mutator(target: target, corpus: try target.corpus())
        // Lazy tables and dictionaries are part of the start, and the models that pipelines name.
        for input in mutator.corpus.prefix(target == .pipelines ? mutator.corpus.count : 1) {
            _ = target.feed(input, folder: folder)
        }
        if isLimited { limitMemory() }
        let progress = Progress(path: progressPath)
        for seed in first..<first + count {
            progress[.seed] = seed
            let input = mutator.input(seed: seed)
            let start = now()
            let outcome = target.feed(input, folder: folder)
            let time = now() - start
            if time > progress[.slowest] {
                progress[.slowest] = time
                progress[.slowestSeed] = seed
            }
            switch outcome {
            case .read: progress[.read] += 1
            case .refused(let message) where message.contains("out of memory") || message.contains(Broken.message):
                progress[.finding] = 1
                exit(3)
            case .refused: break
            }
            progress[.done] += 1
        }
    }

    private static func limitMemory() {
        var pages: UInt = 0
        if let file = fopen("/proc/self/statm", "r") {
            withUnsafeMutablePointer(to: &pages) { pointer in
                _ = withVaList([pointer]) { vfscanf(file, "%lu", $0) }
            }
            fclose(file)
        }
        var limit = rlimit(
            rlim_cur: rlim_t(pages * 4096 + memory), rlim_max: rlim_t(pages * 4096 + memory))
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    }

    /// Microseconds of a clock that never goes back.
    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
    }
}
