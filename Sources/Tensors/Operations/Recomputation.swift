/// A part of a computation of which only operands and result are kept: what lies between is computed again on the way back
/// (gradient checkpointing, Chen et al. 2016). The gradients are the same to the last bit.
///
/// - Parameters:
///   - operands: everything that gradients shall flow to, parameters included.
///   - body: makes the result from the operands and from nothing else that is recorded.
public func recomputed(
    _ operands: [Variable], _ body: @escaping @Sendable ([Variable]) throws(TensorError) -> Variable
) throws(TensorError) -> Variable {
    let products = Tape.products(of: operands)
    // Constants would be multiplied in float32, and the second time gives other bits than the first.
    let first = Tape(products: products)
    let value = try body(operands.map { products == .float32 ? Variable($0.value) : first.watch($0.value) }).value
    return try Tape.record("recomputation", operands, value) { (gradient) throws(TensorError) in
        let tape = Tape(products: products)
        let watched = operands.map { $0.isRecorded ? tape.watch($0.value) : Variable($0.value) }
        let result = try body(watched)
        let recorded = watched.filter(\.isRecorded)
        var gradients = try tape.gradients(of: result, seed: gradient, for: recorded).makeIterator()
        return operands.map { $0.isRecorded ? gradients.next() : nil }
    }
}
