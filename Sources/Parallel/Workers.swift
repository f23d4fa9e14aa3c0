import Glibc
import Synchronization

/// The threads that a piece of work may use at once.
///
/// Copies share one count of idle threads: two items that call `forEach` at the same time divide them, and never wait
/// for each other.
public struct Workers: Sendable {
    /// The caller's own thread and nothing else.
    public static let single = Workers(count: 1)

    /// At least 1.
    public let count: Int
    private let idle: Idle

    /// - Parameter count: threads in all, the caller's included.
    public init(count: Int) {
        self.count = max(count, 1)
        idle = Idle(max(count, 1) - 1)
    }

    /// Runs `body` as one of this run's items, whose thread counts as busy for as long.
    ///
    /// `init` counts one busy thread, the caller's; a run that only waits for its items gives that one back by
    /// `giveUpOwnThread`.
    public func asItem<R>(_ body: () -> R) -> R {
        idle.add(-1)
        defer { idle.add(1) }
        return body()
    }

    /// Says that the thread that made these workers does no work itself.
    public func giveUpOwnThread() { idle.add(1) }

    /// Calls `body` with every number in `0..<iterations` once, on the caller's thread and on those that are idle.
    /// Returns when all calls have returned. The order is not defined.
    public func forEach(_ iterations: Int, _ body: @Sendable (Int) -> Void) {
        let extra = iterations > 1 ? idle.take(atMost: min(count, iterations) - 1) : 0
        guard extra > 0 else {
            for index in 0..<iterations { body(index) }
            return
        }
        defer { idle.add(extra) }
        withoutActuallyEscaping(body) { body in
            let loop = Loop(iterations: iterations, body: body)
            let threads = (0..<extra).compactMap { _ in Thread { loop.run() } }
            loop.run()
            for thread in threads { thread.join() }
        }
    }
}

/// Threads that have nothing to do. Below zero when more items run than there are threads.
private final class Idle: Sendable {
    private let count: Atomic<Int>

    init(_ count: Int) { self.count = Atomic(count) }

    func add(_ number: Int) { count.add(number, ordering: .relaxed) }

    /// Takes what is there, up to a number.
    func take(atMost wanted: Int) -> Int {
        var current = count.load(ordering: .relaxed)
        while true {
            let taken = max(0, min(wanted, current))
            guard taken > 0 else { return 0 }
            let result = count.compareExchange(expected: current, desired: current - taken, ordering: .relaxed)
            if result.exchanged { return taken }
            current = result.original
        }
    }
}

/// Numbers handed out one by one.
private final class Loop: Sendable {
    private let iterations: Int
    private let next = Atomic(0)
    private let body: @Sendable (Int) -> Void

    init(iterations: Int, body: @escaping @Sendable (Int) -> Void) { (self.iterations, self.body) = (iterations, body) }

    func run() {
        while true {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < iterations else { return }
            body(index)
        }
    }
}

/// A thread that runs one closure.
private struct Thread {
    private let handle: pthread_t

    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    /// Nil when the system gives no more threads; the loop's other threads do its share.
    init?(_ body: @escaping () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        // Decoders of image libraries keep buffers on the stack.
        pthread_attr_setstacksize(&attributes, 8 << 20)
        let work = Unmanaged.passRetained(Work(body))
        var handle = pthread_t()
        let status = pthread_create(
            &handle, &attributes,
            { pointer in
                Unmanaged<Work>.fromOpaque(pointer!).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard status == 0 else {
            work.release()
            return nil
        }
        self.handle = handle
    }

    func join() { pthread_join(handle, nil) }
}
