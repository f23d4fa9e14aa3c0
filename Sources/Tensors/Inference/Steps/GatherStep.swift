import CKernels

/// Each row is some rows of another matrix side by side, or zeros where the table says -1: patches of a convolution, tokens
/// that merge, tokens in the order of their windows.
struct GatherStep: Step {
    let input: Matrix
    let table: [Int32]
    let width: Int
    let output: Matrix

    var scattered: [Matrix] { [input] }

    func run(_ rows: Range<Int>, _ memory: PlanMemory) {
        table.withUnsafeBufferPointer { table in
            inference_gather(
                input.format.kind, memory.address(input, row: 0), input.stride, input.columns,
                table.baseAddress! + rows.lowerBound * width, width, memory.address(output, row: rows.lowerBound),
                output.stride, rows.count)
        }
    }
}
