import TestSupport
import Testing

@testable import Tensors

/// Every operation's backward against central differences.
struct GradientTests {
    @Test func matrixProducts() throws {
        var n = SeededGenerator(seed: 1)
        try expectExactGradients([n.tensor([3, 4]), n.tensor([4, 5])]) { try matrixProduct($0[0], $0[1]) }
    }

    @Test func affineMaps() throws {
        var n = SeededGenerator(seed: 2)
        try expectExactGradients([n.tensor([2, 3, 4]), n.tensor([5, 4]), n.tensor([5])]) {
            try affine($0[0], weight: $0[1], bias: $0[2])
        }
    }

    @Test(arguments: [(3, 1, 1), (3, 2, 1), (2, 2, 0)])
    func convolutions(kernel: Int, stride: Int, padding: Int) throws {
        var n = SeededGenerator(seed: 3)
        try expectExactGradients([n.tensor([2, 4, 6, 2]), n.tensor([3, kernel, kernel, 2]), n.tensor([3])]) {
            try convolution($0[0], weight: $0[1], bias: $0[2], stride: stride, padding: padding)
        }
    }

    @Test(arguments: [(3, 1, 1), (5, 2, 2), (2, 2, 0)])
    func depthwiseConvolutions(kernel: Int, stride: Int, padding: Int) throws {
        var n = SeededGenerator(seed: 11)
        try expectExactGradients([n.tensor([2, 4, 6, 3]), n.tensor([kernel, kernel, 3]), n.tensor([3])]) {
            try depthwiseConvolution($0[0], weight: $0[1], bias: $0[2], stride: stride, padding: padding)
        }
    }

    @Test func layerNorms() throws {
        var n = SeededGenerator(seed: 4)
        try expectExactGradients([n.tensor([3, 7], in: -2...2), n.tensor([7]), n.tensor([7])]) {
            try layerNorm($0[0], gain: $0[1], bias: $0[2])
        }
    }

    @Test func activations() throws {
        var n = SeededGenerator(seed: 5)
        try expectExactGradients([n.tensor([40], in: -4...4)]) { try gelu($0[0]) }
        try expectExactGradients([n.tensor([40], in: -4...4)]) { try sigmoid($0[0]) }
        // Both bends lie farther from any of these than the step of a difference.
        let values = (0..<40).map { Float($0) / 4 - 2.1 }
        try expectExactGradients([Tensor(values, [40])]) { try relu6($0[0]) }
    }

    @Test func sumsAndProducts() throws {
        var n = SeededGenerator(seed: 6)
        try expectExactGradients([n.tensor([2, 3, 4]), n.tensor([3, 4])]) { try add($0[0], $0[1]) }
        try expectExactGradients([n.tensor([2, 3]), n.tensor([2, 3])]) { try multiply($0[0], $0[1]) }
        try expectExactGradients([n.tensor([3]), n.tensor([3])]) { try weightedSum([(0.5, $0[0]), (-2, $0[1])]) }
    }

    @Test func attention() throws {
        var n = SeededGenerator(seed: 7)
        try expectExactGradients([n.tensor([2, 3, 4]), n.tensor([2, 5, 4])]) {
            try attentionProbabilities($0[0], $0[1], heads: 2)
        }
        try expectExactGradients([n.tensor([2, 2, 3, 5]), n.tensor([2, 5, 4])]) { try attentionMix($0[0], $0[1]) }
        try expectExactGradients([n.tensor([2, 5, 12])]) { try selfAttention($0[0], heads: 2) }
        try expectExactGradients([n.tensor([1, 130, 3])]) { try selfAttention($0[0], heads: 1) }
    }

    @Test func recomputations() throws {
        var n = SeededGenerator(seed: 10)
        let inputs = [n.tensor([2, 3]), n.tensor([2, 3]), n.tensor([2, 3])]
        try expectExactGradients(inputs) { variables in
            let inner = try recomputed([variables[0], variables[1]]) { (operands) throws(TensorError) in
                try multiply(gelu(operands[0]), operands[1])
            }
            return try multiply(inner, variables[2])
        }
    }

    @Test func layouts() throws {
        var n = SeededGenerator(seed: 8)
        try expectExactGradients([n.tensor([2, 6])]) { try reshape($0[0], [3, 4]) }
        try expectExactGradients([n.tensor([2, 3, 4])]) { try permute($0[0], [2, 0, 1]) }
        try expectExactGradients([n.tensor([2, 2, 3, 2])]) { try upsampleNearest($0[0]) }
        try expectExactGradients([n.tensor([3, 4, 2])]) { try resizeBicubic($0[0], height: 5, width: 2) }
    }

    @Test func selections() throws {
        var n = SeededGenerator(seed: 9)
        try expectExactGradients([n.tensor([2, 3, 5])]) { try narrow($0[0], from: 1, count: 3) }
        try expectExactGradients([n.tensor([2, 3, 4]), n.tensor([2, 2, 4])]) { try concatenate($0[0], $0[1]) }
        try expectExactGradients([n.tensor([2, 5, 3])]) { try gather($0[0], [[4, 0, 4], [1, 1, 3]]) }
    }
}
