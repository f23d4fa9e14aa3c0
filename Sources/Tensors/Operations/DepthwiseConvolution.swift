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
        guard image.rank == 4, image[0] > 0, image[3] > 0 else {
            throw .shapeMismatch(
                operation: "depthwise convolution", expected: "[batch, height, width, channels]", found: image)
        }
        guard weight.rank == 3, weight[0] == weight[1], weight[0] > 0, weight[2] == image[3] else {
            throw .shapeMismatch(
                operation: "depthwise weight", expected: "[kernel, kernel, \(image[3])]", found: weight)
        }
        let (height, width) = (image[1] + 2 * padding - weight[0], image[2] + 2 * padding - weight[0])
        guard stride > 0, padding >= 0, height >= 0, width >= 0 else {
            throw .shapeMismatch(
                operation: "depthwise convolution", expected: "an image of at least the kernel's size", found: image)
        }
        self.init(
            batch: image[0], height: image[1], width: image[2], channels: image[3], kernel: weight[0], stride: stride,
            padding: padding, outHeight: height / stride + 1, outWidth: width / stride + 1)
    }
}
