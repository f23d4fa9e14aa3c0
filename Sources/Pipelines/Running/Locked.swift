import Foundation

/// A value behind a lock.
///
/// `Synchronization.Mutex` would do, but the thread sanitizer cannot see its slow path and reports races that are none; a
/// POSIX lock it understands, and so a report is always a fault.
public final class Locked<Value>: @unchecked Sendable {
    // Unchecked: `value` is only touched while `lock` is held.
    private let lock = NSLock()
    private var value: Value

    public init(_ value: sending Value) { self.value = value }

    public func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
