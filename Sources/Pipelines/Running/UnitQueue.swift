import Foundation

/// Units between the discovery that finds them and the threads that work on them, in their order.
///
/// A thread takes its next unit itself: a task for each, and the wake-ups of threads that come with it, took six percent of the
/// processor's time where units are small files.
final class UnitQueue<Payload: Sendable>: @unchecked Sendable {
    // Unchecked: everything that changes is only touched under `condition`.
    private let condition = NSCondition()
    private let memoryLimit: Int
    private let capacity: Int
    private var waiting: [WorkUnit<Payload>] = []
    private var running = 0
    /// Sum of the estimates of the running units.
    private var bytes = 0
    private var isClosed = false
    private var idle = 0
    private var feeder: CheckedContinuation<Void, Never>?

    /// - Parameter memoryLimit: of the units that are worked on at once; a single larger one still runs, alone.
    init(memoryLimit: Int, capacity: Int) { (self.memoryLimit, self.capacity) = (memoryLimit, capacity) }

    /// Adds a unit, and returns when there is room for more.
    func put(_ unit: WorkUnit<Payload>) async {
        let isFull = condition.withLock {
            waiting.append(unit)
            if idle > 0 { condition.signal() }
            return waiting.count >= capacity
        }
        guard isFull else { return }
        await withCheckedContinuation { continuation in
            let hasRoom = condition.withLock {
                if waiting.count < capacity || isClosed { return true }
                feeder = continuation
                return false
            }
            if hasRoom { continuation.resume() }
        }
    }

    /// No more come.
    func close() {
        condition.withLock { isClosed = true }
        condition.broadcast()
    }

    /// Calls `body` with one unit after the other until there are no more to come, or `isStopped` says to stop; then those that
    /// wait are given up. Blocks while there is nothing to do.
    func work(isStopped: () -> Bool, _ body: (WorkUnit<Payload>) -> Void) {
        while let (unit, estimate) = take(isStopped) {
            body(unit)
            condition.withLock {
                running -= 1
                bytes -= estimate
                // Its memory may be what others wait for.
                if idle > 0 { condition.broadcast() }
            }
        }
    }

    private func take(_ isStopped: () -> Bool) -> (WorkUnit<Payload>, estimate: Int)? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if isStopped() { giveUp() }
            if let unit = waiting.first, running == 0 || unit.estimatedBytes <= memoryLimit - bytes {
                waiting.removeFirst()
                running += 1
                // Capped, so that sums of nonsensical headers cannot overflow; such a unit runs alone anyway.
                let estimate = min(unit.estimatedBytes, memoryLimit + 1)
                bytes += estimate
                // Not for each that is taken: waking up takes longer.
                if waiting.count <= capacity / 2 { wakeFeeder() }
                return (unit, estimate)
            }
            if waiting.isEmpty, isClosed { return nil }
            idle += 1
            condition.wait()
            idle -= 1
        }
    }

    private func giveUp() {
        isClosed = true
        waiting = []
        condition.broadcast()
        wakeFeeder()
    }

    private func wakeFeeder() {
        feeder?.resume()
        feeder = nil
    }
}
