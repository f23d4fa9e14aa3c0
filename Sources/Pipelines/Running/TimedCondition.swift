import Glibc

/// A lock and a condition that is waited for until a moment of the monotonic clock: a wall clock that is set back would
/// make Foundation's `NSCondition` wait as long again.
final class TimedCondition: @unchecked Sendable {
    // Unchecked: both are made for threads, and neither moves.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    /// A moment of CLOCK_MONOTONIC.
    struct Deadline {
        fileprivate var time = timespec()

        init(after duration: Duration) {
            clock_gettime(CLOCK_MONOTONIC, &time)
            let (seconds, attoseconds) = duration.components
            let nanoseconds = time.tv_nsec + Int(attoseconds / 1_000_000_000)
            time.tv_sec += Int(seconds) + nanoseconds / 1_000_000_000
            time.tv_nsec = nanoseconds % 1_000_000_000
        }
    }

    init() {
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    func withLock<Result>(_ body: () throws -> Result) rethrows -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// To be called within `withLock`.
    func wait() { unsafe pthread_cond_wait(condition, mutex) }

    /// To be called within `withLock`.
    ///
    /// - Returns: false when the moment has come.
    func wait(until deadline: Deadline) -> Bool {
        var time = deadline.time
        return unsafe pthread_cond_timedwait(condition, mutex, &time) != ETIMEDOUT
    }

    func broadcast() { unsafe pthread_cond_broadcast(condition) }
}
