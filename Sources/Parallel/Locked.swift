import Glibc

/// A value behind a lock.
///
/// `Synchronization.Mutex` would do, but the thread sanitizer cannot see its slow path and reports races that are none; a
/// POSIX lock it understands, and so a report is always a fault.
public final class Locked<Value>: @unchecked Sendable {
    // Unchecked: `value` is only touched while `lock` is held.
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    public init(_ value: sending Value) {
        lock = .allocate(capacity: 1)
        pthread_mutex_init(lock, nil)
        self.value = value
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    public func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return try body(&value)
    }
}
