import Dispatch
import Foundation
public import Pipelines

extension Discovery {
    /// Units found ahead of the work, at most: enough to tell how many there are in most folders, and about 20 MB.
    static let queueLength = 16_384

    /// Units as they are found. Single files come while folders are still walked; DICOM series, whose files may lie
    /// anywhere, come once everything has been seen.
    public func units(progress: RunProgress? = nil) -> some AsyncSequence<WorkUnit<ItemInput>, Never> & Sendable {
        let room = DispatchSemaphore(value: 0)
        for _ in 0..<Self.queueLength { room.signal() }
        let stream = AsyncStream<WorkUnit<ItemInput>> { continuation in
            // Whoever waits for room that nobody will make is let go, and finds the stream ended.
            continuation.onTermination = { _ in room.signal() }
            // A thread of its own: reading headers blocks, and so does a full queue.
            let thread = Thread {
                run { unit in
                    room.wait()
                    progress?.found()
                    if case .terminated = continuation.yield(unit) { return false }
                    return !Interruption.isRequested
                }
                progress?.discoveryFinished()
                continuation.finish()
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
        return stream.map { unit in
            room.signal()
            return unit
        }
    }
}
