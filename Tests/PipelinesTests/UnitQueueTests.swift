import Glibc
import Parallel
import Testing

@testable import Pipelines

@Suite struct UnitQueueTests {
    private func unit(_ number: Int, bytes: Int = 1) -> WorkUnit<Int> {
        WorkUnit(name: "unit-\(number)", inputs: [], estimatedBytes: bytes, verdict: .process(number))
    }

    /// Takes units on threads of its own, which may block.
    private func takers(
        _ count: Int, _ queue: UnitQueue<Int>, stop: Locked<Bool> = Locked(false),
        _ body: @escaping @Sendable (WorkUnit<Int>) -> Void
    ) -> Task<Void, Never> {
        let executor = BlockingExecutor(threads: count)
        return Task {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<count {
                    group.addTask(executorPreference: executor) {
                        queue.work(isStopped: { stop.withLock { $0 } }, body)
                    }
                }
            }
            executor.stop()
        }
    }

    /// Discovery is never further ahead than the queue is long.
    @Test func unitsComeInOrderAndTheirFeederWaits() async {
        let queue = UnitQueue<Int>(memoryLimit: 100, capacity: 4)
        let (taken, put) = (Locked<[String]>([]), Locked(0))
        let ahead = Locked(0)
        let takers = takers(1, queue) { unit in
            usleep(500)
            let count = taken.withLock { taken in
                taken.append(unit.name)
                return taken.count
            }
            ahead.withLock { $0 = max($0, put.withLock { $0 } - count) }
        }
        for number in 0..<200 {
            await queue.put(unit(number))
            put.withLock { $0 += 1 }
        }
        queue.close()
        await takers.value
        #expect(taken.withLock { $0 } == (0..<200).map { "unit-\($0)" })
        #expect(ahead.withLock { $0 } <= 4)
    }

    @Test func allAreTakenOnceByManyThreads() async {
        let queue = UnitQueue<Int>(memoryLimit: 5, capacity: 3)
        let taken = Locked<[String]>([])
        let takers = takers(4, queue) { unit in taken.withLock { $0.append(unit.name) } }
        for number in 0..<500 { await queue.put(unit(number, bytes: number % 7)) }
        queue.close()
        await takers.value
        #expect(taken.withLock { $0.sorted() } == (0..<500).map { "unit-\($0)" }.sorted())
    }

    /// Nobody waits for ever when a run is stopped while its feeder has no room.
    @Test(.timeLimit(.minutes(1))) func stoppingLetsTheFeederGo() async {
        let queue = UnitQueue<Int>(memoryLimit: 100, capacity: 2)
        let (stop, taken) = (Locked(false), Locked(0))
        let takers = takers(2, queue, stop: stop) { _ in
            taken.withLock { $0 += 1 }
            usleep(20_000)
            stop.withLock { $0 = true }
        }
        var put = 0
        while put < 1000, !stop.withLock({ $0 }) {
            await queue.put(unit(put))
            put += 1
        }
        queue.close()
        await takers.value
        #expect((1...2).contains(taken.withLock { $0 }) && put < 1000)
    }
}
