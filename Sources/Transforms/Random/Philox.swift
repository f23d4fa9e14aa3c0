/// Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11).
///
/// The n-th draw is a pure function of (seed, item, stage, n): order, worker count and shards cannot change it.
public struct Philox: RandomNumberGenerator, Sendable {
    private let key: (UInt32, UInt32)
    private let stream: (UInt32, UInt32)
    private var counter: UInt64 = 0
    private var pending: UInt64?

    /// - Parameters:
    ///   - seed: of the run.
    ///   - item: stable name of the item.
    ///   - stage: position of the stage in the pipeline.
    public init(seed: UInt64, item: String, stage: Int) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in item.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        let mixed = hash &+ UInt64(truncatingIfNeeded: stage) &* 0x9e37_79b9_7f4a_7c15
        stream = (UInt32(truncatingIfNeeded: mixed), UInt32(truncatingIfNeeded: mixed >> 32))
    }

    public mutating func next() -> UInt64 {
        if let value = pending {
            pending = nil
            return value
        }
        let block = Philox.block(
            counter: [
                UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32), stream.0, stream.1,
            ], key: key)
        counter += 1
        pending = UInt64(block[2]) | UInt64(block[3]) << 32
        return UInt64(block[0]) | UInt64(block[1]) << 32
    }

    /// Uniform in [0, 1), 53 bits.
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Ten rounds on one counter.
    static func block(counter: SIMD4<UInt32>, key: (UInt32, UInt32)) -> SIMD4<UInt32> {
        var (state, key) = (counter, key)
        for _ in 0..<10 {
            let first = UInt64(0xd251_1f53) * UInt64(state[0])
            let second = UInt64(0xcd9e_8d57) * UInt64(state[2])
            state = [
                UInt32(second >> 32) ^ state[1] ^ key.0, UInt32(truncatingIfNeeded: second),
                UInt32(first >> 32) ^ state[3] ^ key.1, UInt32(truncatingIfNeeded: first),
            ]
            key = (key.0 &+ 0x9e37_79b9, key.1 &+ 0xbb67_ae85)
        }
        return state
    }
}
