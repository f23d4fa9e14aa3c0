import CKernels

/// GELU in its tanh form (Hendrycks and Gimpel 2016): PyTorch's `gelu(x, approximate="tanh")`.
public func gelu(_ x: Variable) throws(TensorError) -> Variable {
    try activated("gelu", x, network_gelu, network_gelu_backward)
}

/// `min(max(x, 0), 6)`: ReLU6, the activation of small convolutional networks (Howard et al. 2017).
public func relu6(_ x: Variable) throws(TensorError) -> Variable {
    try activated("relu6", x, network_relu6, network_relu6_backward)
}

/// An activation whose derivative is computed from what goes in.
private func activated(
    _ name: String, _ x: Variable, _ forward: (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void,
    _ backward:
        @escaping @Sendable (
            UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int
        ) -> Void
) throws(TensorError) -> Variable {
    let value = Tensor(x.shape) { out in
        x.value.withUnsafeElements { forward($0.baseAddress!, out.baseAddress!, $0.count) }
    }
    return try Tape.record(name, [x], value) { (gradient) throws(TensorError) in
        [
            Tensor(x.shape) { out in
                withElements(x.value, gradient) { backward($0, $1, out.baseAddress!, out.count) }
            }
        ]
    }
}

/// The logistic function.
public func sigmoid(_ x: Variable) throws(TensorError) -> Variable {
    let value = Tensor(x.shape) { out in
        x.value.withUnsafeElements { network_sigmoid($0.baseAddress!, out.baseAddress!, $0.count) }
    }
    return try Tape.record("sigmoid", [x], value) { (gradient) throws(TensorError) in
        [
            Tensor(x.shape) { out in
                withElements(value, gradient) { network_sigmoid_backward($0, $1, out.baseAddress!, out.count) }
            }
        ]
    }
}
