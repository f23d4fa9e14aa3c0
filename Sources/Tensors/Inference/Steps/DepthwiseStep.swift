import CKernels

/// A depthwise convolution over one image's positions, a row each, between two ReLU6: its input is clipped to [0, 6] as it is
/// read and its output as it is written, so that an inverted residual needs no pass of its own for them.
struct DepthwiseStep: Step {
    let input: Matrix
    /// `[kernel, kernel, channels]`
    let weight: Tensor
    let bias: Tensor
    let shape: network_patch_shape
    let output: Matrix

    var scattered: [Matrix] { [input] }

    func run(_ rows: Range<Int>, _ memory: PlanMemory) {
        withElements(weight, bias) { weight, bias in
            inference_depthwise(
                input.format.kind, memory.address(input, row: 0), input.stride, weight, bias, shape, rows.lowerBound,
                rows.count, memory.address(output, row: rows.lowerBound), output.stride)
        }
    }
}
