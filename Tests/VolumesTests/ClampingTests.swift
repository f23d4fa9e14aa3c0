import Testing
import Volumes

@Suite struct ClampingTests {
    @Test func numbersWithoutRoomBecomeTheNearest() {
        #expect([2.9, -2.9, 1e30, -.infinity, .nan].map { Int(clamping: $0) } == [2, -2, .max, .min, 0])
        #expect(Int(clamping: Float(1e30)) == .max)
    }
}
