import CKernels

/// GELU in its tanh form (Hendrycks and Gimpel 2016): PyTorch's `gelu(x, approximate="tanh")`.
public func gelu(_ x: Variable) throws(TensorError) -> Variable {
    let value = Tensor(x.shape) { out in
        x.value.withUnsafeElements { network_gelu($0.baseAddress!, out.baseAddress!, $0.count) }
    }
    return try Tape.record("gelu", [x], value) { (gradient) throws(TensorError) in
        [
            Tensor(x.shape) { out in
                withElements(x.value, gradient) { network_gelu_backward($0, $1, out.baseAddress!, out.count) }
            }
        ]
    }
}

/// `min(max(x, 0), 6)`: ReLU6, the activation of small convolutional networks (Howard et al. 2017).
public func relu6(_ x: Variable) throws(TensorError) -> Variable {
    let value = Tensor(x.shape) { out in
        x.value.withUnsafeElements { network_relu6($0.baseAddress!, out.baseAddress!, $0.count) }
    }
    return try Tape.record("relu6", [x], value) { (gradient) throws(TensorError) in
        [
            Tensor(x.shape) { out in
                withElements(x.value, gradient) { network_relu6_backward($0, $1, out.baseAddress!, out.count) }
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
