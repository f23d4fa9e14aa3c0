import CKernels

/// `activation(operand Wᵀ + bias) + residual`.
struct ProductStep: Step {
    /// What is added after the activation, always float32.
    enum Residual: Sendable {
        case none
        case matrix(Matrix)
        /// Row r adds row `table[r]`.
        case rows(Matrix, [Int32])
        /// `[rows, columns]`, the same for each image.
        case constant(Tensor)
    }

    let operand: Matrix
    let weights: PackedWeights
    let residual: Residual
    let output: Matrix

    var aligned: [Matrix] {
        if case .matrix(let matrix) = residual { [operand, matrix] } else { [operand] }
    }

    var scattered: [Matrix] {
        if case .rows(let matrix, _) = residual { [matrix] } else { [] }
    }

    /// OpenBLAS packs the weights anew for each block.
    var preferredRows: Int { weights.kernel == .openBLAS ? 512 : 128 }

    func scratchBytes(rows: Int) -> Int {
        guard weights.isMultipliedByLibrary else { return 4 * 128 * 64 }
        return productBytes(rows: rows) + (weights.oneDNN?.scratchBytes ?? 0)
    }

    private func productBytes(rows: Int) -> Int { (4 * rows * weights.columns + 4095) / 4096 * 4096 }

    func run(_ rows: Range<Int>, _ memory: PlanMemory) {
        let (first, count) = (rows.lowerBound, rows.count)
        var target = inference_target()
        target.out = memory.address(output, row: first)
        target.out_stride = output.stride
        target.kind = output.format.kind
        switch residual {
        case .none: multiply(first, count, &target, memory)
        case .matrix(let matrix):
            target.residual = UnsafePointer(memory.address(matrix, row: first).assumingMemoryBound(to: Float.self))
            target.residual_stride = matrix.stride
            multiply(first, count, &target, memory)
        case .rows(let matrix, let table):
            target.residual = UnsafePointer(memory.address(matrix, row: 0).assumingMemoryBound(to: Float.self))
            target.residual_stride = matrix.stride
            table.withUnsafeBufferPointer { table in
                target.rows = table.baseAddress! + first
                multiply(first, count, &target, memory)
            }
        case .constant(let tensor):
            tensor.withUnsafeElements { elements in
                target.residual = elements.baseAddress! + first * weights.columns
                target.residual_stride = weights.columns * 4
                multiply(first, count, &target, memory)
            }
        }
    }

    private func multiply(_ first: Int, _ count: Int, _ target: inout inference_target, _ memory: PlanMemory) {
        let a = memory.address(operand, row: first)
        let scratch = memory.scratch.assumingMemoryBound(to: Float.self)
        weights.withDescription { weights, packed in
            if self.weights.kernel == .openBLAS {
                let columns = self.weights.columns
                BLAS.multiply(
                    a.assumingMemoryBound(to: Float.self), packed, transposeB: true, into: scratch, rows: count,
                    columns: columns, inner: self.weights.inner,
                    strides: (operand.stride / 4, self.weights.inner, columns))
                inference_finish(weights, scratch, columns, a, operand.stride, count, &target)
            } else if let oneDNN = self.weights.oneDNN {
                oneDNN.run(
                    rows: count, a, scratch: memory.scratch + productBytes(rows: count), out: memory.scratch)
                inference_finish(weights, scratch, self.weights.columns, a, operand.stride, count, &target)
            } else {
                inference_product(weights, a, operand.stride, count, &target, scratch)
            }
        }
    }
}
