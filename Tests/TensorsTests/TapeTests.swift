import Testing

@testable import Tensors

struct TapeTests {
    @Test func aVariableUsedTwiceGetsBothGradients() throws {
        let tape = Tape()
        let x = tape.watch(try Tensor([3, -2], [2]))
        let y = try add(multiply(x, x), x)
        let gradient = try tape.gradients(of: y, seed: Tensor(repeating: 1, [2]), for: [x])[0]
        #expect(gradient.elements == [7, -3])
    }

    @Test func gradientsOfWhatDoesNotMatterAreZero() throws {
        let tape = Tape()
        let (x, unused) = (tape.watch(.zeros([2])), tape.watch(.zeros([3])))
        let y = try gelu(x)
        #expect(try tape.gradients(of: y, seed: .zeros([2]), for: [unused])[0].elements == [0, 0, 0])
    }

    @Test func gradientsOfInnerResultsCanBeAskedManyTimes() throws {
        let tape = Tape()
        let x = tape.watch(try Tensor([1, 2], [2]))
        let inner = try multiply(x, x)
        let outer = try multiply(inner, inner)
        for seed: [Float] in [[1, 0], [0, 1], [1, 1]] {
            let gradients = try tape.gradients(of: outer, seed: Tensor(seed, [2]), for: [inner, x])
            #expect(gradients[0].elements == [2 * seed[0], 8 * seed[1]])
            #expect(gradients[1].elements == [4 * seed[0], 32 * seed[1]])
        }
    }

    @Test func foreignVariablesAreErrors() throws {
        let (a, b) = (Tape(), Tape())
        let (x, y) = (a.watch(.zeros([2])), b.watch(.zeros([2])))
        withExtendedLifetime((a, b)) {
            #expect(throws: TensorError.mixedTapes(operation: "add")) { try add(x, y) }
            #expect(throws: TensorError.notRecorded) { try a.gradients(of: x, seed: .zeros([2]), for: [y]) }
            #expect(throws: TensorError.self) { try a.gradients(of: x, seed: .zeros([3]), for: [x]) }
        }
    }

    /// Operations keep variables and the tape keeps operations: a strong reference back would keep all of it for ever.
    @Test func aTapeIsFreedWithWhatItKept() throws {
        weak var kept: Tape?
        var result: Variable?
        do {
            let tape = Tape()
            kept = tape
            let x = tape.watch(try Tensor([1, 2], [2]))
            result = try multiply(gelu(x), x)
            #expect(result?.isRecorded == true)
            withExtendedLifetime(tape) {}
        }
        #expect(kept == nil)
        #expect(result?.isRecorded == false)
    }
}
