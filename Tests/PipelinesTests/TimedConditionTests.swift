import Foundation
import Parallel
import Testing

@testable import Pipelines

struct TimedConditionTests {
    @Test func waitingEndsAtTheMomentOrWhenWoken() {
        let condition = TimedCondition()
        let start = ContinuousClock.now
        let soon = TimedCondition.Deadline(after: .milliseconds(30))
        condition.withLock { while condition.wait(until: soon) {} }
        #expect(ContinuousClock.now - start >= .milliseconds(30))

        let isWoken = Locked(false)
        Thread {
            condition.withLock { isWoken.withLock { $0 = true } }
            condition.broadcast()
        }.start()
        let late = TimedCondition.Deadline(after: .seconds(3600))
        condition.withLock { while !isWoken.withLock({ $0 }), condition.wait(until: late) {} }
        #expect(isWoken.withLock { $0 })
    }
}
