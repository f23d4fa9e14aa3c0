import CKernels

/// A square convolution of each channel by itself, over `[batch, height, width, channels]`; zeros lie around the image.
///
/// - Parameters: `weight` is `[kernel, kernel, channels]` (PyTorch's `[channels, 1, kernel, kernel]` permuted), `bias`
///   `[channels]`. The result is `[batch, outHeight, outWidth, channels]`.
public func depthwiseConvolution(
    _ x: Variable, weight: Variable, bias: Variable, stride: Int = 1, padding: Int = 0
) throws(TensorError) -> Variable {
    let shape = try network_patch_shape(depthwise: x.shape, weight.shape, stride: stride, padding: padding)
    guard bias.shape == [x.shape[3]] else {
        throw .shapeMismatch(operation: "depthwise bias", expected: "[\(x.shape[3])]", found: bias.shape)
    }
    let value = Tensor([shape.batch, shape.outHeight, shape.outWidth, shape.channels]) { out in
        withElements(x.value, weight.value) { image, weight in
            bias.value.withUnsafeElements {
                network_depthwise(image, weight, $0.baseAddress!, out.baseAddress!, shape)
            }
        }
    }
    return try Tape.record("depthwise convolution", [x, weight, bias], value) { (gradient) throws(TensorError) in
        [
            x.isRecorded
                ? Tensor(x.shape) { out in
                    withElements(gradient, weight.value) {
                        network_depthwise_backward_image($0, $1, out.baseAddress!, shape)
                    }
                } : nil,
            weight.isRecorded
                ? Tensor(weight.shape) { out in
                    withElements(x.value, gradient) {
                        network_depthwise_backward_weight($0, $1, out.baseAddress!, shape)
                    }
                } : nil,
            bias.isRecorded
                ? try gradient.reshaped([gradient.count / shape.channels, shape.channels]).sumOfRows() : nil,
        ]
    }
}

extension network_patch_shape {
    /// - Throws: `TensorError.shapeMismatch` for an image or a weight that is none.
    init(depthwise image: Shape, _ weight: Shape, stride: Int, padding: Int) throws(TensorError) {
        guard weight.rank == 3, weight[0] == weight[1], image.rank == 4, weight[2] == image[3] else {
            throw .shapeMismatch(
                operation: "depthwise weight", expected: "[kernel, kernel, channels] of \(image)", found: weight)
        }
        try self.init(image, kernel: weight[0], stride: stride, padding: padding, "depthwise convolution")
    }
}
