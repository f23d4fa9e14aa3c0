import Glibc
import Parallel
import Synchronization
import Testing

@Suite struct WorkersTests {
    @Test(arguments: [1, 2, 5]) func everyNumberComesOnce(threads: Int) {
        let counts = (0..<1000).map { _ in Counter() }
        Workers(count: threads).forEach(1000) { counts[$0].increase() }
        #expect(counts.allSatisfy { $0.value == 1 })
    }

    @Test func nothingToDoIsDone() {
        Workers(count: 3).forEach(0) { _ in Issue.record("called without an iteration") }
    }

    @Test func loopsInsideLoopsNeitherHangNorMultiplyThreads() {
        let workers = Workers(count: 3)
        let (running, most) = (Counter(), Counter())
        workers.forEach(4) { _ in
            workers.forEach(4) { _ in
                most.raise(to: running.increase())
                usleep(2000)
                running.decrease()
            }
        }
        #expect(most.value <= 3)
        #expect(most.value >= 2)
    }

    @Test func itemsTakeTheirThreads() {
        let workers = Workers(count: 2)
        let (running, most) = (Counter(), Counter())
        // Two items at work: neither has help.
        workers.asItem {
            workers.forEach(4) { _ in
                most.raise(to: running.increase())
                usleep(1000)
                running.decrease()
            }
        }
        #expect(most.value == 1)
    }

    @Test(arguments: [1, 2, 5]) func whatIsHandedOnComesBackInItsOrder(threads: Int) {
        let results = Workers(count: threads).transformed { (hand: (Int) -> Void) in
            for number in 0..<200 { hand(number) }
        } _: { number in
            usleep(UInt32(number % 7) * 20)
            return number * 3
        }
        #expect(results == (0..<200).map { $0 * 3 })
        let nothing = Workers(count: threads).transformed { (_: (Int) -> Void) in
        } _: {
            $0
        }
        #expect(nothing.isEmpty)
    }

    @Test func workBeginsWhileMoreIsComing() {
        let seen = Counter()
        let before = Workers(count: 2).transformed { (hand: (Int) -> Void) in
            hand(1)
            for _ in 0..<10_000 where seen.value == 0 { usleep(1000) }  // ends when the other thread has begun
            hand(2)
        } _: { number in
            seen.increase()
            return number
        }
        #expect(before == [1, 2])
        #expect(seen.value == 2)
    }
}

private final class Counter: Sendable {
    private let number = Atomic(0)
    var value: Int { number.load(ordering: .sequentiallyConsistent) }
    @discardableResult func increase() -> Int { number.add(1, ordering: .sequentiallyConsistent).newValue }
    func decrease() { number.subtract(1, ordering: .sequentiallyConsistent) }
    func raise(to value: Int) { number.max(value, ordering: .sequentiallyConsistent) }
}
