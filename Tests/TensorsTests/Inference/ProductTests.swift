import TestSupport
import Testing

@testable import Tensors

struct ProductTests {
    /// Rows, columns and depth that end within blocks, panels, units and tiles; 450 and 900 are deeper than a tile's block.
    static let shapes = [(1, 1, 1), (7, 5, 3), (16, 16, 64), (37, 51, 160), (130, 70, 450), (65, 130, 900)]

    @Test(arguments: Precision.allCases, shapes)
    func agreesWithTheReference(precision: Precision, shape: (rows: Int, columns: Int, inner: Int)) throws {
        var numbers = SeededGenerator(seed: 5)
        let x = numbers.tensor([shape.rows, shape.inner])
        let weight = numbers.tensor([shape.columns, shape.inner])
        let bias = numbers.tensor([shape.columns])
        for isGELU in [false, true] {
            let expected = Reference.product(x, weight, bias, precision, isGELU: isGELU)
            for backend in backends(precision) {
                let plan = try Plan(backend) { (builder) throws(TensorError) in
                    let input = builder.input(rows: shape.rows, columns: shape.inner)
                    return [
                        try builder.product(input, weight: weight, bias: bias, isGELU: isGELU, as: .float32)
                    ]
                }
                let found = try plan.run(x)[0].elements
                expectClose(found, expected, tolerance: 2e-4, "\(backend), GELU \(isGELU)")
            }
        }
    }

    /// All kernels add whole numbers: no bit may differ between them, nor from the model of AMX.
    @Test func bytesAreExact() throws {
        var numbers = SeededGenerator(seed: 6)
        let (x, weight) = (numbers.tensor([45, 333]), numbers.tensor([70, 333]))
        let results = try backends(.int8).map { backend in
            try Plan(backend) { (builder) throws(TensorError) in
                let input = builder.input(rows: 45, columns: 333)
                return [try builder.product(input, weight: weight, bias: .zeros([70]), as: .float32)]
            }.run(x)[0].elements
        }
        for result in results { expectClose(result, results[0], tolerance: 1e-6) }
    }

    /// Rows of which 127 over the greatest value would be infinite count as zero, and no others.
    @Test func bytesOfTinyRowsAreZero() throws {
        let x = Tensor([2, 2]) { _ = $0.initialize(from: [1e-38, 0, 1, 2]) }
        let weight = Tensor([2, 2]) { _ = $0.initialize(from: [1e-38, 0, 2, 4]) }
        for backend in backends(.int8) {
            let found = try Plan(backend) { (builder) throws(TensorError) in
                let input = builder.input(rows: 2, columns: 2)
                return [try builder.product(input, weight: weight, bias: .zeros([2]), as: .float32)]
            }.run(x)[0].elements
            expectClose(found, [0, 0, 0, 10], tolerance: 0.05)
        }
    }

    @Test(arguments: Precision.allCases)
    func addends(precision: Precision) throws {
        var numbers = SeededGenerator(seed: 7)
        let (x, weight, bias) = (numbers.tensor([40, 24]), numbers.tensor([24, 24]), numbers.tensor([24]))
        let constant = numbers.tensor([40, 24])
        let table = (0..<40).map { Int32(39 - $0) }
        let plain = Reference.product(x, weight, bias, precision)
        let (c, own) = (constant.elements, x.elements)
        for backend in backends(precision) {
            let plan = try Plan(backend) { (builder) throws(TensorError) in
                let input = builder.input(rows: 40, columns: 24)
                func product(_ addend: Addend) throws(TensorError) -> Matrix {
                    try builder.product(input, weight: weight, bias: bias, adding: addend, as: .float32)
                }
                return [
                    try product(.matrix(input)), try product(.rows(of: input, table)), try product(.constant(constant)),
                ]
            }
            let found = try plan.run(x)
            let reversed = (0..<40).flatMap { r in Array(own[(39 - r) * 24..<(40 - r) * 24]) }
            for (result, addend) in zip(found, [own, reversed, c]) {
                expectClose(result.elements, zip(plain, addend).map(+), tolerance: 1e-4, "\(backend)")
            }
        }
    }

    @Test func wrongShapesAreErrors() throws {
        let backend = Backend(precision: .float32, kernel: .plain, float32Kernel: .plain)
        func fails(_ build: (PlanBuilder, Matrix) throws(TensorError) -> Matrix) -> Bool {
            do {
                _ = try Plan(backend) { (builder) throws(TensorError) in
                    [try build(builder, builder.input(rows: 4, columns: 6))]
                }
                return false
            } catch { return true }
        }
        #expect(
            fails { (b, x) throws(TensorError) in
                try b.product(x, weight: .zeros([3, 5]), bias: .zeros([3]), as: .float32)
            })
        #expect(
            fails { (b, x) throws(TensorError) in
                try b.product(x, weight: .zeros([3, 6]), bias: .zeros([2]), as: .float32)
            })
        #expect(
            fails { (b, x) throws(TensorError) in
                try b.product(x, weight: .zeros([3, 6]), bias: .zeros([3]), as: .int8)
            })
        #expect(
            fails { (b, x) throws(TensorError) in
                try b.product(x, weight: .zeros([3, 6]), bias: .zeros([3]), adding: .matrix(x), as: .float32)
            })
        #expect(
            fails { (b, x) throws(TensorError) in
                try b.normalized(x, gain: .zeros([5]), bias: .zeros([6]), as: .float32)
            })
        #expect(fails { (b, x) throws(TensorError) in try b.gathered(x, [4], width: 1) })
        #expect(
            fails { (b, x) throws(TensorError) in
                try b.attention(Heads(x), Heads(x), Heads(x), images: 3, heads: 2, channels: 6)
            })
        #expect(
            fails { (b, x) throws(TensorError) in
                try b.normalized(x, gain: .zeros([6]), bias: .zeros([6]), as: .bfloat16)
            })
        let plan = try Plan(backend) { (b) throws(TensorError) in
            [try b.normalized(b.input(rows: 4, columns: 6), gain: .zeros([6]), bias: .zeros([6]), as: .float32)]
        }
        #expect(throws: TensorError.self) { try plan.run(.zeros([4, 5])) }
        #expect(throws: TensorError.self) { try plan.run() }
    }
}
