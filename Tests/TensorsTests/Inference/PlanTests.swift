import Parallel
import TestSupport
import Testing

@testable import Tensors

struct PlanTests {
    /// Norms, products of every kind, attention, a gather and residuals, so long that arena places are used again.
    private func plan(_ backend: Backend) throws -> Plan {
        var numbers = SeededGenerator(seed: 9)
        let (tokens, channels) = (150, 48)
        return try Plan(backend) { (builder) throws(TensorError) in
            func weights(_ out: Int, _ inner: Int) -> (Tensor, Tensor) {
                (numbers.tensor([out, inner], in: -0.2...0.2), numbers.tensor([out]))
            }
            func product(
                _ x: Matrix, _ out: Int, isGELU: Bool = false, _ addend: Addend = .nothing, as result: Precision
            ) throws(TensorError) -> Matrix {
                let (weight, bias) = weights(out, x.columns)
                return try builder.product(
                    x, weight: weight, bias: bias, isGELU: isGELU, adding: addend, as: result)
            }
            var x = builder.input(rows: tokens, columns: channels)
            for _ in 0..<3 {
                let gain = numbers.tensor([channels], in: 0.5...1.5)
                let normed = try builder.normalized(x, gain: gain, bias: gain, as: backend.precision)
                let qkv = try product(normed, 3 * channels, as: builder.activationPrecision)
                let mixed = try builder.attention(
                    Heads(qkv), Heads(qkv, firstColumn: channels), Heads(qkv, firstColumn: 2 * channels), images: 1,
                    heads: 3, channels: channels)
                x = try product(mixed, channels, .matrix(x), as: .float32)
                let inner = try product(x, 4 * channels, isGELU: true, as: builder.activationPrecision)
                x = try product(inner, channels, .matrix(x), as: .float32)
            }
            let pairs = try builder.gathered(x, (0..<150).map { Int32($0 % 7 == 0 ? -1 : $0) }, width: 2)
            return [x, try product(pairs, 10, as: .float32)]
        }
    }

    @Test(arguments: Precision.allCases)
    func anyThreadCountGivesTheSameBits(precision: Precision) throws {
        var numbers = SeededGenerator(seed: 10)
        let image = numbers.tensor([150, 48])
        for backend in backends(precision) {
            let plan = try plan(backend)
            let first = try plan.run(image).map(\.elements)
            #expect(first[0].allSatisfy(\.isFinite) && first[1].count == 750)
            for run in 0..<10 {
                let again = try plan.run(image, workers: Workers(count: 1 + run % 4)).map(\.elements)
                #expect(again == first, "\(backend), run \(run)")
            }
        }
    }

    @Test func arenasAreUsedAgain() throws {
        var numbers = SeededGenerator(seed: 11)
        let plan = try plan(Backend(precision: .float32, kernel: .plain, float32Kernel: .plain))
        // The three blocks' matrices would need thrice the room if none were used again.
        #expect(plan.arenaBytes < 1 << 20)
        let (a, b) = (numbers.tensor([150, 48]), numbers.tensor([150, 48]))
        let (first, second) = (try plan.run(a)[0].elements, try plan.run(b)[0].elements)
        #expect(first != second)
        #expect(try plan.run(a)[0].elements == first)
    }

    @Test func runsAtTheSameTimeDoNotMeet() throws {
        var numbers = SeededGenerator(seed: 12)
        let plan = try plan(Backend.preferred())
        let images = (0..<6).map { _ in numbers.tensor([150, 48]) }
        let expected = try images.map { try plan.run($0)[0].elements }
        let found = Locked<[Int: [Float]]>([:])
        try Workers(count: 3).forEach(6) { (index) throws(TensorError) in
            let result = try plan.run(images[index])[0].elements
            found.withLock { $0[index] = result }
        }
        #expect(found.withLock { $0.count } == 6)
        for index in 0..<6 { #expect(found.withLock { $0[index] } == expected[index]) }
    }

    @Test func precisionsAgree() throws {
        var numbers = SeededGenerator(seed: 13)
        let image = numbers.tensor([150, 48])
        func run(_ precision: Precision) throws -> [Float] { try plan(backends(precision)[0]).run(image)[0].elements }
        let exact = try run(.float32)
        let scale = exact.map(abs).max()!
        for (precision, tolerance) in [(Precision.bfloat16, Float(0.02)), (.int8, 0.05)] {
            expectClose(try run(precision), exact, tolerance: tolerance * scale, "\(precision)")
        }
    }
}
