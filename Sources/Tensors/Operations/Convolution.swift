import CKernels

/// A square convolution over `[batch, height, width, channels]`, by patches and one matrix product.
///
/// - Parameters: `weight` is `[out, kernel, kernel, in]` (PyTorch's `[out, in, kernel, kernel]` permuted), `bias` `[out]`;
///   zeros lie around the image. The result is `[batch, outHeight, outWidth, out]`.
public func convolution(
    _ x: Variable, weight: Variable, bias: Variable, stride: Int = 1, padding: Int = 0
) throws(TensorError) -> Variable {
    let patches = try Patches(x.shape, weight: weight.shape, stride: stride, padding: padding)
    let columns = weight.shape[0]
    let flatWeight = try weight.value.reshaped([columns, patches.length])
    guard bias.shape == [columns] else {
        throw .shapeMismatch(operation: "convolution bias", expected: "[\(columns)]", found: bias.shape)
    }
    let precision = Tape.products(of: [x, weight, bias])
    let value = try matrixProduct(
        patches.gather(x.value), flatWeight, transposeB: true, bias: bias.value, in: precision)
    return try Tape.record(
        "convolution", [x, weight, bias], value.reshaped(patches.output(channels: columns))
    ) { (gradient) throws(TensorError) in
        let flat = try gradient.reshaped([patches.count, columns])
        var weightGradient: Tensor?
        if weight.isRecorded {
            let product = try matrixProduct(flat, transposeA: true, patches.gather(x.value), in: precision)
            weightGradient = try product.reshaped(weight.shape)
        }
        return [
            x.isRecorded ? patches.scatter(try matrixProduct(flat, flatWeight, in: precision)) : nil,
            weightGradient,
            bias.isRecorded ? flat.sumOfRows() : nil,
        ]
    }
}

/// The windows of an image that a kernel sees, one a row: `[count, kernel * kernel * channels]`.
private struct Patches {
    let image: Shape
    let geometry: network_patch_shape

    init(_ image: Shape, weight: Shape, stride: Int, padding: Int) throws(TensorError) {
        guard image.rank == 4, weight.rank == 4, weight[1] == weight[2], weight[3] == image[3] else {
            throw .shapeMismatch(
                operation: "convolution weight", expected: "[out, kernel, kernel, channels] of \(image)", found: weight)
        }
        self.image = image
        geometry = try network_patch_shape(image, kernel: weight[1], stride: stride, padding: padding, "convolution")
    }

    var count: Int { geometry.batch * geometry.outHeight * geometry.outWidth }
    var length: Int { geometry.kernel * geometry.kernel * geometry.channels }

    func output(channels: Int) -> Shape { [geometry.batch, geometry.outHeight, geometry.outWidth, channels] }

    func gather(_ x: Tensor) -> Tensor {
        Tensor([count, length]) { out in
            x.withUnsafeElements { network_patches($0.baseAddress!, out.baseAddress!, geometry) }
        }
    }

    func scatter(_ patches: Tensor) -> Tensor {
        Tensor(image) { out in
            patches.withUnsafeElements { network_patches_backward($0.baseAddress!, out.baseAddress!, geometry) }
        }
    }
}

extension network_patch_shape {
    /// The windows of a square kernel over `[batch, height, width, channels]`.
    ///
    /// - Throws: `TensorError.shapeMismatch` for an image that is none, or smaller than the kernel.
    init(
        _ image: Shape, kernel: Int, stride: Int, padding: Int, _ operation: String
    ) throws(TensorError) {
        guard image.rank == 4, image[0] > 0, image[3] > 0 else {
            throw .shapeMismatch(operation: operation, expected: "[batch, height, width, channels]", found: image)
        }
        let (height, width) = (image[1] + 2 * padding - kernel, image[2] + 2 * padding - kernel)
        guard kernel > 0, stride > 0, padding >= 0, height >= 0, width >= 0 else {
            throw .shapeMismatch(
                operation: operation, expected: "an image of at least the kernel's size", found: image)
        }
        self.init(
            batch: image[0], height: image[1], width: image[2], channels: image[3], kernel: kernel, stride: stride,
            padding: padding, outHeight: height / stride + 1, outWidth: width / stride + 1)
    }
}
