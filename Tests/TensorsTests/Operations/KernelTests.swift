import Foundation
import TestSupport
import Testing

@testable import Tensors

/// Each kernel against the same formula in plain Swift, in double precision.
struct KernelTests {
    @Test func geluIsTheTanhForm() throws {
        var n = SeededGenerator(seed: 11)
        let x = n.tensor([1001], in: -12...12)
        let expected = x.elements.map { x -> Float in
            let x = Double(x)
            return Float(0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x))))
        }
        expectClose(try gelu(Variable(x)).value.elements, expected, tolerance: 2e-6)
    }

    @Test func sigmoidHoldsFarFromZero() throws {
        let x = try Tensor([-200, -80, -1, 0, 1, 80, 200], [7])
        let expected = x.elements.map { Float(1 / (1 + exp(-Double($0)))) }
        expectClose(try sigmoid(Variable(x)).value.elements, expected, tolerance: 1e-7)
    }

    @Test func layerNormHoldsFarFromZero() throws {
        var n = SeededGenerator(seed: 12)
        let (x, gain, bias) = (n.tensor([5, 19], in: 99...101), n.tensor([19]), n.tensor([19]))
        var expected: [Float] = []
        for row in 0..<5 {
            let values = (0..<19).map { Double(x[row, $0]) }
            let mean = values.reduce(0, +) / 19
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 19
            for column in 0..<19 {
                expected.append(
                    Float((values[column] - mean) / (variance + 1e-5).squareRoot()) * gain[column] + bias[column])
            }
        }
        let found = try layerNorm(Variable(x), gain: Variable(gain), bias: Variable(bias)).value
        expectClose(found.elements, expected, tolerance: 5e-5)
    }

    @Test func attentionIsSoftmaxOfScaledProducts() throws {
        var n = SeededGenerator(seed: 13)
        let (q, k, v) = (n.tensor([2, 3, 6], in: -3...3), n.tensor([2, 37, 6], in: -3...3), n.tensor([2, 37, 6]))
        let probabilities = try attentionProbabilities(Variable(q), Variable(k), heads: 2)
        let mixed = try attentionMix(probabilities, Variable(v)).value
        for b in 0..<2 {
            for h in 0..<2 {
                for i in 0..<3 {
                    let scores = (0..<37).map { j in
                        exp(
                            (0..<3).reduce(0) { $0 + Double(q[b, i, 3 * h + $1] * k[b, j, 3 * h + $1]) }
                                / 3.0.squareRoot())
                    }
                    let sum = scores.reduce(0, +)
                    for j in 0..<37 { #expect(abs(probabilities.value[b, h, i, j] - Float(scores[j] / sum)) < 1e-6) }
                    for c in 0..<3 {
                        let expected = (0..<37).reduce(0) { $0 + scores[$1] / sum * Double(v[b, $1, 3 * h + c]) }
                        #expect(abs(mixed[b, i, 3 * h + c] - Float(expected)) < 1e-6)
                    }
                }
            }
        }
    }

    @Test func selfAttentionIsAttentionInTwoHalves() throws {
        var n = SeededGenerator(seed: 16)
        let qkv = Variable(n.tensor([2, 300, 12], in: -3...3))
        let parts = try (0..<3).map { try narrow(qkv, from: 4 * $0, count: 4) }
        let halves = try attentionMix(attentionProbabilities(parts[0], parts[1], heads: 2), parts[2])
        expectClose(
            try selfAttention(qkv, heads: 2).value.elements, halves.value.elements, tolerance: 1e-6)
    }

    @Test(arguments: [(3, 1, 1), (3, 2, 1), (4, 4, 0)])
    func convolutionIsASumOverTheKernel(kernel: Int, stride: Int, padding: Int) throws {
        var n = SeededGenerator(seed: 14)
        let (x, w, b) = (n.tensor([2, 9, 8, 3]), n.tensor([4, kernel, kernel, 3]), n.tensor([4]))
        let found = try convolution(
            Variable(x), weight: Variable(w), bias: Variable(b), stride: stride, padding: padding
        ).value
        #expect(
            found.shape == [2, (9 + 2 * padding - kernel) / stride + 1, (8 + 2 * padding - kernel) / stride + 1, 4])
        for image in 0..<2 {
            for oy in 0..<found.shape[1] {
                for ox in 0..<found.shape[2] {
                    for o in 0..<4 {
                        var sum = b[o]
                        for ky in 0..<kernel {
                            for kx in 0..<kernel {
                                let (y, column) = (oy * stride + ky - padding, ox * stride + kx - padding)
                                guard (0..<9).contains(y), (0..<8).contains(column) else { continue }
                                for c in 0..<3 { sum += x[image, y, column, c] * w[o, ky, kx, c] }
                            }
                        }
                        #expect(abs(found[image, oy, ox, o] - sum) < 1e-5)
                    }
                }
            }
        }
    }

    /// Against a convolution whose kernels are zero off their own channel.
    @Test(arguments: [(3, 1, 1), (3, 2, 1), (5, 2, 2), (5, 1, 2)])
    func depthwiseConvolutionIsADiagonalOne(kernel: Int, stride: Int, padding: Int) throws {
        var n = SeededGenerator(seed: 17)
        let channels = 70
        let (x, w, b) = (n.tensor([2, 7, 9, channels]), n.tensor([kernel, kernel, channels]), n.tensor([channels]))
        var full = Tensor.zeros([channels, kernel, kernel, channels])
        full.withUnsafeMutableElements { full in
            for (index, value) in w.elements.enumerated() {
                let (tap, channel) = index.quotientAndRemainder(dividingBy: channels)
                full[(channel * kernel * kernel + tap) * channels + channel] = value
            }
        }
        let expected = try convolution(
            Variable(x), weight: Variable(full), bias: Variable(b), stride: stride, padding: padding
        ).value
        let found = try depthwiseConvolution(
            Variable(x), weight: Variable(w), bias: Variable(b), stride: stride, padding: padding
        ).value
        #expect(found.shape == expected.shape)
        expectClose(found.elements, expected.elements, tolerance: 1e-5)
    }

    @Test func productsWithTransposedOperands() throws {
        var n = SeededGenerator(seed: 15)
        let (a, b) = (n.tensor([3, 4]), n.tensor([4, 2]))
        let plain = try matrixProduct(a, b)
        for i in 0..<3 {
            for j in 0..<2 {
                #expect(abs(plain[i, j] - (0..<4).reduce(0) { $0 + a[i, $1] * b[$1, j] }) < 1e-6)
            }
        }
        let twice = try matrixProduct(a.permuted([1, 0]), transposeA: true, b.permuted([1, 0]), transposeB: true)
        expectClose(plain.elements, twice.elements, tolerance: 1e-6)
    }

    @Test func wrongShapesAreErrorsAndNotCrashes() {
        let x = Variable(.zeros([2, 3]))
        #expect(throws: TensorError.self) { try matrixProduct(x, x) }
        #expect(throws: TensorError.self) { try affine(x, weight: Variable(.zeros([4, 2])), bias: x) }
        #expect(throws: TensorError.self) { try layerNorm(x, gain: x, bias: x) }
        #expect(throws: TensorError.self) { try attentionProbabilities(x, x, heads: 2) }
        #expect(throws: TensorError.self) { try attentionMix(x, x) }
        #expect(throws: TensorError.self) { try add(x, Variable(.zeros([2]))) }
        #expect(throws: TensorError.self) { try multiply(x, Variable(.zeros([3, 2]))) }
        #expect(throws: TensorError.self) { try narrow(x, from: 2, count: 2) }
        #expect(throws: TensorError.self) { try gather(x, [[0]]) }
        #expect(throws: TensorError.self) { try concatenate(x, x) }
        #expect(throws: TensorError.self) { try upsampleNearest(x) }
        #expect(throws: TensorError.self) {
            try convolution(
                Variable(.zeros([1, 2, 2, 1])), weight: Variable(.zeros([1, 5, 5, 1])), bias: Variable(.zeros([1])))
        }
        #expect(throws: TensorError.self) {
            try depthwiseConvolution(
                Variable(.zeros([1, 2, 2, 1])), weight: Variable(.zeros([5, 5, 1])), bias: Variable(.zeros([1])))
        }
        #expect(throws: TensorError.self) {
            try depthwiseConvolution(
                Variable(.zeros([1, 4, 4, 2])), weight: Variable(.zeros([3, 3, 1])), bias: Variable(.zeros([2])))
        }
    }
}
