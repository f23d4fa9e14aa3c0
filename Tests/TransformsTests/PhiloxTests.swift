import Testing

@testable import Transforms

@Suite struct PhiloxTests {
    /// Known answers from the Random123 library's `kat_vectors` (philox4x32, 10 rounds).
    @Test func blocksEqualTheReference() {
        #expect(
            Philox.block(counter: .zero, key: (0, 0)) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
        #expect(
            Philox.block(
                counter: [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], key: (0xffff_ffff, 0xffff_ffff))
                == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
        #expect(
            Philox.block(
                counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], key: (0xa409_3822, 0x299f_31d0))
                == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
    }

    @Test func drawsDependOnSeedItemAndStageAlone() {
        func draws(_ seed: UInt64, _ item: String, _ stage: Int) -> [Double] {
            var random = Philox(seed: seed, item: item, stage: stage)
            return (0..<8).map { _ in random.uniform() }
        }
        #expect(draws(1, "a", 0) == draws(1, "a", 0))
        let others = [draws(2, "a", 0), draws(1, "b", 0), draws(1, "a", 1)]
        for other in others { #expect(other != draws(1, "a", 0)) }
    }

    @Test func uniformsFillTheUnitInterval() {
        var random = Philox(seed: 3, item: "mean", stage: 0)
        let values = (0..<20_000).map { _ in random.uniform() }
        #expect(values.allSatisfy { (0..<1).contains($0) })
        #expect(abs(values.reduce(0, +) / 20_000 - 0.5) < 0.01)
    }
}
