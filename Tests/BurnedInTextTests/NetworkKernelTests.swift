import CKernels
import TestSupport
import Testing

/// The loops in C against the definition, written out.
@Suite struct NetworkKernelTests {
    private func random(_ count: Int, _ generator: inout SeededGenerator) -> [Float] {
        (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
    }

    @Test(arguments: [(1, 8, 4, 2), (8, 16, 3, 2), (16, 16, 3, 1), (16, 32, 3, 2), (32, 16, 1, 1)])
    func convolution(inputs: Int, outputs: Int, kernel: Int, stride: Int) {
        var generator = SeededGenerator(seed: 3)
        let (height, width) = (5, 11)
        let (inHeight, inWidth) = ((height - 1) * stride + kernel, (width - 1) * stride + kernel)
        let input = random(inHeight * inWidth * inputs, &generator)
        let weights = random(kernel * kernel * inputs * outputs, &generator)
        let bias = random(outputs, &generator)
        var output = [Float](repeating: .nan, count: height * width * outputs)
        text_convolution(
            input, inWidth * inputs, inputs, &output, width * outputs, outputs, height, width, kernel, stride, weights,
            bias, 1)
        for y in 0..<height {
            for x in 0..<width {
                for o in 0..<outputs {
                    var sum = Double(bias[o])
                    for ky in 0..<kernel {
                        for kx in 0..<kernel {
                            for i in 0..<inputs {
                                let value = input[((y * stride + ky) * inWidth + x * stride + kx) * inputs + i]
                                sum += Double(value) * Double(weights[((ky * kernel + kx) * inputs + i) * outputs + o])
                            }
                        }
                    }
                    #expect(abs(Double(output[(y * width + x) * outputs + o]) - max(0, sum)) < 1e-5)
                }
            }
        }
    }

    @Test(arguments: [1, 4])
    func separable(dilation: Int) {
        var generator = SeededGenerator(seed: 4)
        let (height, width, border) = (6, 9, 4)
        let row = (width + 2 * border) * 32
        let input = random((height + 2 * border) * row, &generator)
        let (depthwise, depthwiseBias) = (random(9 * 32, &generator), random(32, &generator))
        let (pointwise, pointwiseBias) = (random(32 * 32, &generator), random(32, &generator))
        var output = [Float](repeating: .nan, count: height * width * 32)
        var line = [Float](repeating: 0, count: 32 * width)
        input.withUnsafeBufferPointer {
            text_separable(
                $0.baseAddress! + border * (row + 32), row, &output, width * 32, height, width, dilation, depthwise,
                depthwiseBias, pointwise, pointwiseBias, &line)
        }
        for y in 0..<height {
            for x in 0..<width {
                let middle = (0..<32).map { c in
                    var sum = Double(depthwiseBias[c])
                    for ky in 0..<3 {
                        for kx in 0..<3 {
                            let (v, u) = (y + border + (ky - 1) * dilation, x + border + (kx - 1) * dilation)
                            sum += Double(input[v * row + u * 32 + c]) * Double(depthwise[(ky * 3 + kx) * 32 + c])
                        }
                    }
                    return sum
                }
                for o in 0..<32 {
                    let sum = (0..<32).reduce(Double(pointwiseBias[o])) {
                        $0 + middle[$1] * Double(pointwise[$1 * 32 + o])
                    }
                    let residual = Double(input[(y + border) * row + (x + border) * 32 + o])
                    #expect(abs(Double(output[(y * width + x) * 32 + o]) - max(0, residual + sum)) < 1e-4)
                }
            }
        }
    }
}
