import CKernels
import Foundation
import Parallel
import Testing

@testable import Transforms

@Suite struct RandomFieldTests {
    let random = Philox(seed: 7, item: "item", stage: 2, variant: 3)

    func normal(_ random: Philox, _ count: Int, field: Int = 1, workers: Workers = .single) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { values, initialized in
            random.field(field).normal(count, into: values.baseAddress!, workers)
            initialized = count
        }
    }

    func uniform(_ count: Int, workers: Workers = .single) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { values, initialized in
            random.field(1).uniform(count, into: values.baseAddress!, workers)
            initialized = count
        }
    }

    /// Words of voxel `i` as `RandomField` documents them.
    func word(_ voxel: Int, field: UInt32 = 1) -> UInt32 {
        let stream = random.field(Int(field)).stream
        let block = 64 * (voxel / 256) + voxel % 64
        return Philox.block(
            counter: [UInt32(block), stream.high, stream.stream.0, stream.stream.1], key: stream.key)[voxel / 64 % 4]
    }

    @Test func uniformsAreTheDocumentedWords() {
        let values = uniform(1000)
        for voxel in 0..<1000 {
            #expect(values[voxel] == Float(Int32(bitPattern: word(voxel)) >> 8) * 0x1p-23 + 0x1p-24)
        }
    }

    /// The formula again, operation for operation: Swift contracts nothing, and so the bits must be the same.
    @Test func normalsAreTheDocumentedBits() {
        func logarithm(_ u: Float) -> Float {
            let bits = u.bitPattern &- 0x3f35_04f3
            let e = Float(Int32(bitPattern: bits) >> 23)
            let x = Float(bitPattern: (bits & 0x7f_ffff) + 0x3f35_04f3) - 1
            let z = x * x
            var y: Float = x * 7.0376836292e-2 - 1.1514610310e-1
            for c: Float in [
                1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1,
                3.3333331174e-1,
            ] { y = y * x + c }
            y = y * x * z
            y = y + e * -2.12194440e-4
            y = y - 0.5 * z
            return x + y + e * 0.693359375
        }
        let values = normal(random, 1000)
        for voxel in 0..<1000 where voxel / 64 % 2 == 0 {
            let (a, b) = (word(voxel), word(voxel + 64))
            let radius = (-2 * logarithm((Float(Int32(bitPattern: a >> 1)) + 0.5) * 0x1p-31)).squareRoot()
            let quadrant = (b &+ 0x2000_0000) >> 30
            let angle = Float(Int32(bitPattern: b &- quadrant << 30)) * Float(0x1p-30 * 1.57079632679)
            let z = angle * angle
            var s: Float = z * -1.9515295891e-4 + 8.3321608736e-3
            s = s * z - 1.6666654611e-1
            s = angle + angle * (z * s)
            var c: Float = z * 2.443315711809948e-5 - 1.388731625493765e-3
            c = c * z + 4.166664568298827e-2
            c = 1 - 0.5 * z + z * z * c
            let (sine, cosine) = [(s, c), (c, -s), (-s, -c), (-c, s)][Int(quadrant)]
            #expect(values[voxel] == radius * cosine)
            if voxel + 64 < 1000 { #expect(values[voxel + 64] == radius * sine) }
            // And they are what the mathematical library makes of the same words.
            let u = (Double(a >> 1) + 0.5) * 0x1p-31
            let expected = (-2 * log(u)).squareRoot() * cos(2 * .pi * Double(b) * 0x1p-32)
            #expect(abs(Double(values[voxel]) - expected) < 2e-6)
        }
    }

    @Test func normalsHaveTheMomentsOfTheirDistribution() {
        let values = normal(random, 400_000).map(Double.init)
        func moment(_ power: Int) -> Double {
            values.reduce(0) { $0 + pow($1, Double(power)) } / Double(values.count)
        }
        // Five standard errors: 1, sqrt 2, sqrt 15, sqrt 96 over the square root of the count.
        let root = Double(values.count).squareRoot()
        #expect(abs(moment(1)) < 5 / root)
        #expect(abs(moment(2) - 1) < 5 * 1.415 / root)
        #expect(abs(moment(3)) < 5 * 3.88 / root)
        #expect(abs(moment(4) - 3) < 5 * 9.8 / root)
        for bound in [-2.0, -1, 0, 1, 2] {
            let share = Double(values.filter { $0 < bound }.count) / Double(values.count)
            #expect(abs(share - 0.5 * erfc(-bound / 2.0.squareRoot())) < 5 * 0.5 / root)
        }
    }

    @Test(arguments: [1, 2, 4]) func threadsDoNotShow(workers: Int) {
        #expect(normal(random, 300_001, workers: Workers(count: workers)) == normal(random, 300_001))
        #expect(uniform(300_001, workers: Workers(count: workers)) == uniform(300_001))
    }

    @Test func variantsAndFieldsAreStreamsOfTheirOwn() {
        let all = [
            normal(random, 500), normal(random, 500, field: 2),
            normal(Philox(seed: 7, item: "item", stage: 2, variant: 4), 500),
            normal(Philox(seed: 7, item: "item", stage: 3, variant: 3), 500),
        ]
        for (index, one) in all.enumerated() { for other in all[(index + 1)...] { #expect(one != other) } }
        func draws(_ variant: Int) -> [Double] {
            var random = Philox(seed: 1, item: "a", stage: 0, variant: variant)
            return (0..<6).map { _ in random.uniform() }
        }
        var plain = Philox(seed: 1, item: "a", stage: 0)
        #expect((0..<6).map { _ in plain.uniform() } == draws(0))
        #expect(draws(0) != draws(1) && draws(1) != draws(2))
    }

    @Test func samplesAreExactAndEven() {
        var random = random
        var counts = [Int](repeating: 0, count: 20)
        for _ in 0..<4000 {
            let sample = random.sample(5, of: 20)
            #expect(Set(sample).count == 5 && sample == sample.sorted())
            for place in sample { counts[place] += 1 }
        }
        // 1000 expected; five standard deviations of sqrt(4000 * 1/4 * 3/4).
        #expect(counts.allSatisfy { abs($0 - 1000) < 137 })
    }

    @Test func elementaryFunctionsAreThoseOfTheLibrary() {
        for step in -3000...3000 {
            let x = Double(step) / 100
            #expect(abs(elementaryExp(x) / exp(x) - 1) < 4e-16)
            let y = exp(x)
            #expect(abs(elementaryLog(y) - log(y)) <= 4e-16 * max(abs(log(y)), 1))
        }
    }
}
