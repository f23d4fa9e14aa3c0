import TestSupport
import Testing

@testable import Tensors

/// Products rounded to bfloat16, against the same rounding and OpenBLAS, and on the tape.
struct MixedProductTests {
    init() throws { try loadMatrixLibrary() }

    @Test(arguments: [(1, 1, 1), (5, 3, 2), (6, 64, 32), (7, 65, 33), (97, 50, 31), (16, 17, 95), (130, 200, 7)])
    func equalsTheRoundedProduct(rows: Int, columns: Int, inner: Int) throws {
        var numbers = SeededGenerator(seed: 5)
        let bias = numbers.tensor([columns])
        for (transposeA, transposeB) in [(false, false), (false, true), (true, false), (true, true)] {
            let a = numbers.tensor(transposeA ? [inner, rows] : [rows, inner])
            let b = numbers.tensor(transposeB ? [columns, inner] : [inner, columns])
            for bias in [nil, bias] {
                let found = try matrixProduct(
                    a, transposeA: transposeA, b, transposeB: transposeB, bias: bias, in: .bfloat16)
                let expected = Tensor([rows, columns]) { out in
                    withElements(a, b) { p, q in
                        func run(_ bias: UnsafePointer<Float>?) {
                            MixedProduct.multiplyRounded(
                                p, transposeA: transposeA, q, transposeB: transposeB, bias: bias,
                                into: out.baseAddress!, rows: rows, columns: columns, inner: inner)
                        }
                        if let bias { bias.withUnsafeElements { run($0.baseAddress) } } else { run(nil) }
                    }
                }
                expectClose(
                    found.elements, expected.elements, tolerance: 2e-5,
                    "\(rows) x \(inner) x \(columns), transposed: \(transposeA), \(transposeB)")
            }
        }
    }

    @Test func roundingIsThatOfBfloat16() throws {
        // 1 + 2^-8 lies between two neighbours and goes to the even one; 1 + 3 * 2^-8 too, upwards.
        let a = try Tensor([1 + 0x1p-8, 1 + 3 * 0x1p-8], [2, 1])
        let one = try Tensor([1], [1, 1])
        #expect(try matrixProduct(a, one, in: .bfloat16).elements == [1, 1 + 0x1p-6])
        #expect(try matrixProduct(a, one).elements == a.elements)
    }

    /// Output and gradients of a layer, a convolution and a product.
    private func results(_ products: Precision, recomputing: Bool = false) throws -> [Tensor] {
        var numbers = SeededGenerator(seed: 9)
        let inputs = [
            numbers.tensor([2, 6, 6, 8]), numbers.tensor([12, 3, 3, 8]), numbers.tensor([12]), numbers.tensor([5, 12]),
            numbers.tensor([5]), numbers.tensor([5, 4]),
        ]
        let tape = Tape(products: products)
        let watched = inputs.map { tape.watch($0) }
        let body: @Sendable ([Variable]) throws(TensorError) -> Variable = { (x) throws(TensorError) in
            let seen = try convolution(x[0], weight: x[1], bias: x[2], padding: 1)
            let rows = try reshape(affine(gelu(seen), weight: x[3], bias: x[4]), [72, 5])
            return try matrixProduct(rows, x[5])
        }
        let output = try recomputing ? recomputed(watched, body) : body(watched)
        return [output.value]
            + (try tape.gradients(of: output, seed: numbers.tensor(output.shape), for: watched))
    }

    @Test func gradientsAreThoseOfFloat32UpToRounding() throws {
        for (place, (rounded, exact)) in zip(try results(.bfloat16), try results(.float32)).enumerated() {
            let greatest = exact.elements.map(abs).max() ?? 0
            expectClose(rounded.elements, exact.elements, tolerance: 2e-2 * greatest, "result \(place)")
            #expect(rounded.elements != exact.elements, "result \(place) was not rounded")
        }
    }

    @Test func recomputationGivesTheSameBits() throws {
        let (kept, again) = (try results(.bfloat16), try results(.bfloat16, recomputing: true))
        #expect(kept.map(\.elements) == again.map(\.elements))
    }
}
