import CKernels

/// Softmax attention (Vaswani et al. 2017), each head of each image by itself.
struct AttentionStep: Step {
    let queries: Heads
    let keys: Heads
    let values: Heads
    /// Rows of one image come after those of the image before.
    let images: Int
    let heads: Int
    let kernel: MatrixKernel
    let output: Matrix

    var scattered: [Matrix] { [queries.matrix, keys.matrix, values.matrix] }
    var parts: Int? { images * heads * slices }

    private var width: Int { output.columns / heads }
    private var queryCount: Int { queries.matrix.rows / images }
    private var keyCount: Int { keys.matrix.rows / images }

    /// Few heads are cut into runs of queries, so that threads share them evenly.
    private var slices: Int { images * heads >= 6 ? 1 : max(1, min(4, queryCount / 64)) }

    func scratchBytes(rows: Int) -> Int { inference_attention_scratch(output.format.kind, keyCount, width) }

    func run(_ part: Range<Int>, _ memory: PlanMemory) {
        let (unit, slice) = part.lowerBound.quotientAndRemainder(dividingBy: slices)
        let (image, head) = unit.quotientAndRemainder(dividingBy: heads)
        let length = (queryCount + slices - 1) / slices
        let first = slice * length
        let size = output.format.size
        func start(_ h: Heads, row: Int) -> UnsafeMutableRawPointer {
            memory.address(h.matrix, row: row) + (h.firstColumn + head * width) * size
        }
        let row = image * queryCount + first
        var description = inference_head()
        description.kernel = kernel.number
        description.kind = output.format.kind
        description.keys = keyCount
        description.width = width
        description.q = UnsafeRawPointer(start(queries, row: row))
        description.k = UnsafeRawPointer(start(keys, row: image * keyCount))
        description.v = UnsafeRawPointer(start(values, row: image * keyCount))
        description.q_stride = queries.matrix.stride
        description.k_stride = keys.matrix.stride
        description.v_stride = values.matrix.stride
        description.out = memory.address(output, row: row) + head * width * size
        description.out_stride = output.stride
        description.padding = head == heads - 1 ? output.stride - output.columns * size : 0
        description.scale = 1 / Float(width).squareRoot()
        inference_attention(&description, min(length, queryCount - first), memory.scratch)
    }
}
