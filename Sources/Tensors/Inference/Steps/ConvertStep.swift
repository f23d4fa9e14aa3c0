import CKernels

/// Rows in another format, normalised before (Ba, Kiros and Hinton 2016) and through GELU after where asked for.
struct ConvertStep: Step {
    let input: Matrix
    let norm: (gain: Tensor, bias: Tensor)?
    let isGELU: Bool
    /// `[rows, columns]`, added last.
    let addend: Tensor?
    let output: Matrix

    var aligned: [Matrix] { [input] }

    func run(_ rows: Range<Int>, _ memory: PlanMemory) {
        let (x, y) = (memory.address(input, row: rows.lowerBound), memory.address(output, row: rows.lowerBound))
        func convert(_ gain: UnsafePointer<Float>?, _ bias: UnsafePointer<Float>?, _ addend: UnsafePointer<Float>?) {
            inference_convert(
                input.format.kind, x, input.stride, output.format.kind, y, output.stride, rows.count, input.columns,
                gain, bias, Int32(isGELU ? inference_gelu : inference_no_activation), addend)
        }
        func convert(_ gain: UnsafePointer<Float>?, _ bias: UnsafePointer<Float>?) {
            guard let addend else { return convert(gain, bias, nil) }
            addend.withUnsafeElements { convert(gain, bias, $0.baseAddress! + rows.lowerBound * input.columns) }
        }
        if let norm { withElements(norm.gain, norm.bias) { convert($0, $1) } } else { convert(nil, nil) }
    }
}
