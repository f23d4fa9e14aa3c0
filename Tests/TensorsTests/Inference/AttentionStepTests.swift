import TestSupport
import Testing

@testable import Tensors

struct AttentionStepTests {
    struct Case: Sendable, CustomStringConvertible {
        var images: Int
        var queries: Int
        var keys: Int
        var heads: Int
        var width: Int
        var description: String { "\(images) images, \(queries) x \(keys), \(heads) heads of \(width)" }
    }

    /// Less than a block of keys, whole blocks, a rest; odd head widths; wider than a panel; few heads cut into runs.
    static let cases = [
        Case(images: 1, queries: 5, keys: 5, heads: 1, width: 2),
        Case(images: 3, queries: 9, keys: 9, heads: 2, width: 4),
        Case(images: 1, queries: 70, keys: 256, heads: 3, width: 32),
        Case(images: 1, queries: 300, keys: 300, heads: 2, width: 64),
        Case(images: 2, queries: 20, keys: 700, heads: 1, width: 80),
        Case(images: 1, queries: 33, keys: 130, heads: 1, width: 7),
    ]

    /// The two halves on the tape are the reference; they are checked by finite differences and against PyTorch.
    @Test(arguments: [Precision.float32, .bfloat16], cases)
    func agreesWithTheTape(precision: Precision, shape c: Case) throws {
        var numbers = SeededGenerator(seed: 3)
        let channels = c.heads * c.width
        let q = numbers.tensor([c.images, c.queries, channels], in: -3...3)
        let k = numbers.tensor([c.images, c.keys, channels], in: -3...3)
        let v = numbers.tensor([c.images, c.keys, channels])
        let expected = try attentionMix(
            attentionProbabilities(Variable(q), Variable(k), heads: c.heads), Variable(v)
        ).value.elements
        for backend in backends(precision) {
            let plan = try Plan(backend) { (builder) throws(TensorError) in
                func input(_ tokens: Int) throws(TensorError) -> Matrix {
                    let matrix = builder.input(rows: c.images * tokens, columns: channels)
                    return precision == .float32 ? matrix : try builder.copy(matrix, as: .bfloat16)
                }
                let mixed = try builder.attention(
                    Heads(input(c.queries)), Heads(input(c.keys)), Heads(input(c.keys)), images: c.images,
                    heads: c.heads, channels: channels)
                return [precision == .float32 ? mixed : try builder.copy(mixed, as: .float32)]
            }
            let found = try plan.run(
                q.reshaped([c.images * c.queries, channels]), k.reshaped([c.images * c.keys, channels]),
                v.reshaped([c.images * c.keys, channels]))[0].elements
            expectClose(found, expected, tolerance: precision == .float32 ? 2e-5 : 3e-2, "\(backend)")
        }
    }
}
