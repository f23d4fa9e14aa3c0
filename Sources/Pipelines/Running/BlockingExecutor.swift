import Foundation

/// A fixed set of threads that run blocking work (C calls, file reads) as tasks, so that the cooperative pool,
/// which has one thread a core, never waits for a disk.
final class BlockingExecutor: TaskExecutor, @unchecked Sendable {
    // Unchecked: `jobs` and `isStopped` are only touched under `condition`.
    private let condition = NSCondition()
    private var jobs: [UnownedJob] = []
    private var isStopped = false

    init(threads count: Int) {
        for _ in 0..<count {
            let thread = Thread { [self] in
                while let job = next() { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
            }
            // Decoders of image libraries recurse and keep buffers on the stack.
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        condition.withLock { jobs.append(job) }
        condition.signal()
    }

    /// Ends the threads once the jobs given so far are done.
    func stop() {
        condition.withLock { isStopped = true }
        condition.broadcast()
    }

    private func next() -> UnownedJob? {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty && !isStopped { condition.wait() }
        return jobs.isEmpty ? nil : jobs.removeFirst()
    }
}
