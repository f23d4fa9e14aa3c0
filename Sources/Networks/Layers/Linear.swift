import Tensors

/// `x Wᵀ + b` over channels: `[.., in]` to `[.., out]`. Tensors `name.weight` `[out, in]` and `name.bias` `[out]`.
struct Linear: Sendable {
    let weight: Variable
    let bias: Variable

    init(weight: Variable, bias: Variable) { (self.weight, self.bias) = (weight, bias) }

    /// - Parameter initial: of weight and bias; PyTorch's default unless given.
    init(
        _ weights: inout ParameterSource, _ name: String, from input: Int, to output: Int,
        initial: (weight: Initialization, bias: Initialization)? = nil
    ) throws(TensorError) {
        let (first, second) = initial ?? (.uniform(fanIn: input), .uniform(fanIn: input))
        weight = try weights.take(name + ".weight", [output, input], first)
        bias = try weights.take(name + ".bias", [output], second)
    }

    func callAsFunction(_ x: Variable) throws(TensorError) -> Variable {
        try affine(x, weight: weight, bias: bias)
    }
}
