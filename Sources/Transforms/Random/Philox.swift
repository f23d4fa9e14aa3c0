import CKernels

/// Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11).
///
/// The n-th draw is a pure function of (seed, item, variant, stage, n): order, worker count and shards cannot change it.
///
/// The counter's 128 bits are, from the lowest: 48 bits of the draw's number, 12 of the variant, 4 of the field (0 for
/// single draws, others for `RandomField`), 64 of item and stage. No two draws share a counter.
public struct Philox: RandomNumberGenerator, Sendable {
    private let key: (UInt32, UInt32)
    private let stream: (UInt32, UInt32)
    private let variant: UInt32
    private var counter: UInt64 = 0
    private var pending: UInt64?

    /// - Parameters:
    ///   - seed: of the run.
    ///   - item: stable name of the item.
    ///   - stage: position of the stage in the pipeline.
    ///   - variant: of the item, from 0 to 4095.
    public init(seed: UInt64, item: String, stage: Int, variant: Int = 0) {
        precondition((0..<4096).contains(variant), "variant \(variant) is not in [0, 4095]")
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in item.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        let mixed = hash &+ UInt64(truncatingIfNeeded: stage) &* 0x9e37_79b9_7f4a_7c15
        stream = (UInt32(truncatingIfNeeded: mixed), UInt32(truncatingIfNeeded: mixed >> 32))
        self.variant = UInt32(variant)
    }

    public mutating func next() -> UInt64 {
        if let value = pending {
            pending = nil
            return value
        }
        let block = Philox.block(
            counter: [
                UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32) | variant << 16,
                stream.0, stream.1,
            ], key: key)
        counter += 1
        pending = UInt64(block[2]) | UInt64(block[3]) << 32
        return UInt64(block[0]) | UInt64(block[1]) << 32
    }

    /// Uniform in [0, 1), 53 bits.
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform between the bounds.
    public mutating func uniform(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
    }

    /// A whole number in `0..<count`; the bias is below count / 2^64.
    public mutating func index(below count: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(count)).high) }

    /// `count` different numbers in `0..<total`, ascending: the beginning of a Fisher-Yates shuffle.
    public mutating func sample(_ count: Int, of total: Int) -> [Int] {
        var places = Array(0..<total)
        for place in 0..<count { places.swapAt(place, place + index(below: total - place)) }
        return places[..<count].sorted()
    }

    /// A draw for each voxel, independent of the single draws and of other fields.
    ///
    /// - Parameter number: from 1 to 15.
    public func field(_ number: Int) -> RandomField {
        precondition((1...15).contains(number), "field \(number) is not in [1, 15]")
        return RandomField(
            stream: hk_stream(key: key, stream: stream, high: variant << 16 | UInt32(number) << 28))
    }

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
