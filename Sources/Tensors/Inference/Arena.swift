import Glibc
import Synchronization

/// The memory that one run of a plan computes in, and how far it has come.
///
/// Unchecked: a run owns its arena from the pool's lock to the pool's lock, and its threads write different rows.
final class Arena: @unchecked Sendable {
    private let shared: Storage
    private var threads: [Storage] = []
    private let localBytes: Int
    private let threadBytes: Int
    private let groups: Int
    /// Of each group: parts handed out, parts done.
    let progress: UnsafeMutablePointer<Atomic<Int>>

    init(_ schedule: Schedule) {
        shared = Storage(count: schedule.arenaBytes / 4 + 1, inHugePages: true)
        localBytes = (schedule.localBytes + 4095) / 4096 * 4096
        threadBytes = localBytes + schedule.scratchBytes
        groups = schedule.groups.count
        progress = .allocate(capacity: 2 * groups)
        for index in 0..<2 * groups { (progress + index).initialize(to: Atomic(0)) }
    }

    deinit {
        progress.deinitialize(count: 2 * groups)
        progress.deallocate()
    }

    /// Before a run.
    func prepare(threads count: Int) {
        while threads.count < count { threads.append(Storage(count: threadBytes / 4 + 1, inHugePages: true)) }
        for index in 0..<2 * groups { progress[index].store(0, ordering: .relaxed) }
    }

    func memory(_ places: [PlanMemory.Place], thread: Int, firstRow: Int) -> PlanMemory {
        let own = UnsafeMutableRawPointer(threads[thread].base)
        return PlanMemory(
            places: places, arena: UnsafeMutableRawPointer(shared.base), local: own, scratch: own + localBytes,
            firstRow: firstRow)
    }

    /// Groups last microseconds: the others are waited for awake, but a thread that is not running gets the processor.
    func wait(for count: Int, at index: Int) {
        var turns = 0
        while progress[index].load(ordering: .acquiring) < count {
            turns += 1
            if turns > 2000 { sched_yield() }
        }
    }
}
