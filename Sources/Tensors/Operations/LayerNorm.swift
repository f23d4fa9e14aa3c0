import CKernels

/// Layer normalisation over the innermost dimension (Ba, Kiros and Hinton 2016), then `gain` and `bias`, each `[last]`.
public func layerNorm(
    _ x: Variable, gain: Variable, bias: Variable, epsilon: Float = 1e-5
) throws(TensorError) -> Variable {
    let rows = x.shape.rows
    let columns = x.shape.last
    for parameter in [gain, bias] where parameter.shape != [columns] {
        throw .shapeMismatch(operation: "layer norm", expected: "[\(columns)]", found: parameter.shape)
    }
    let value = Tensor(x.shape) { out in
        withElements(x.value, gain.value, bias.value) {
            network_layer_norm($0, $1, $2, epsilon, out.baseAddress!, rows, columns)
        }
    }
    return try Tape.record("layer norm", [x, gain, bias], value) { (gradient) throws(TensorError) in
        var gainGradient = Tensor.zeros([columns])
        var biasGradient = Tensor.zeros([columns])
        let input = Tensor(x.shape) { out in
            gainGradient.withUnsafeMutableElements { dgain in
                biasGradient.withUnsafeMutableElements { dbias in
                    withElements(x.value, gain.value, gradient) {
                        network_layer_norm_backward(
                            $0, $1, epsilon, $2, out.baseAddress!, gain.isRecorded ? dgain.baseAddress! : nil,
                            bias.isRecorded ? dbias.baseAddress! : nil, rows, columns)
                    }
                }
            }
        }
        return [input, gain.isRecorded ? gainGradient : nil, bias.isRecorded ? biasGradient : nil]
    }
}
