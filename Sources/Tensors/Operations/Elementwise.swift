import CKernels

/// The sum of two tensors of one shape, or of `a` and a `b` whose shape is the end of `a`'s (repeated over the rest).
public func add(_ a: Variable, _ b: Variable) throws(TensorError) -> Variable {
    guard a.shape.extents.suffix(b.shape.rank) == b.shape.extents[...] else {
        throw .shapeMismatch(operation: "add", expected: "the end of \(a.shape)", found: b.shape)
    }
    let columns = b.shape.count
    let rows = columns == 0 ? 0 : a.shape.count / columns
    let value = Tensor(a.shape) { out in
        withElements(a.value, b.value) { network_add_row($0, $1, out.baseAddress!, rows, columns) }
    }
    return try Tape.record("add", [a, b], value) { (gradient) throws(TensorError) in
        guard b.isRecorded else { return [gradient, nil] }
        return [gradient, try gradient.reshaped([rows, columns]).sumOfRows().reshaped(b.shape)]
    }
}

/// The element-wise product of two tensors of one shape.
public func multiply(_ a: Variable, _ b: Variable) throws(TensorError) -> Variable {
    let value = try a.value.multiplied(by: b.value)
    return try Tape.record("multiply", [a, b], value) { (gradient) throws(TensorError) in
        [
            a.isRecorded ? try gradient.multiplied(by: b.value) : nil,
            b.isRecorded ? try gradient.multiplied(by: a.value) : nil,
        ]
    }
}

/// The sum of tensors of one shape, each times a number.
public func weightedSum(_ terms: [(weight: Float, Variable)]) throws(TensorError) -> Variable {
    guard let shape = terms.first?.1.shape, terms.allSatisfy({ $0.1.shape == shape }) else {
        throw .shapeMismatch(
            operation: "weighted sum", expected: "terms of one shape", found: terms.last?.1.shape ?? [0])
    }
    let value = Tensor(shape) { out in
        out.initialize(repeating: 0)
        for (weight, term) in terms {
            term.value.withUnsafeElements { x in for i in out.indices { out[i] += weight * x[i] } }
        }
    }
    return try Tape.record("weighted sum", terms.map { $0.1 }, value) { (gradient) throws(TensorError) in
        terms.map { weight, term in
            guard term.isRecorded else { return nil }
            return Tensor(shape) { out in
                gradient.withUnsafeElements { g in for i in out.indices { out[i] = weight * g[i] } }
            }
        }
    }
}

extension Tensor {
    /// The element-wise product with a tensor of the same shape.
    public func multiplied(by other: Tensor) throws(TensorError) -> Tensor {
        guard shape == other.shape else {
            throw .shapeMismatch(operation: "multiply", expected: "\(shape)", found: other.shape)
        }
        return Tensor(shape) { out in
            withElements(self, other) { network_multiply($0, $1, out.baseAddress!, out.count) }
        }
    }

    /// Adds a tensor to this one, whose shape must be the same.
    public mutating func accumulate(_ other: Tensor) {
        precondition(shape == other.shape, "gradients of \(shape) and \(other.shape) meet")
        withUnsafeMutableElements { sum in
            other.withUnsafeElements { network_accumulate($0.baseAddress!, sum.baseAddress!, sum.count) }
        }
    }
}
