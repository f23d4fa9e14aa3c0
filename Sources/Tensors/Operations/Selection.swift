/// Operations that take parts of tensors or put tensors together.

/// `count` channels of `[.., channels]`, from `start` on.
public func narrow(_ x: Variable, from start: Int, count: Int) throws(TensorError) -> Variable {
    let rows = x.shape.rows
    let channels = x.shape.last
    guard start >= 0, count > 0, start + count <= channels, x.shape.rank > 0 else {
        throw .shapeMismatch(operation: "narrow", expected: "channels \(start)..<\(start + count)", found: x.shape)
    }
    let value = Tensor(Shape(x.shape.extents.dropLast() + [count])) { out in
        x.value.withUnsafeElements { x in
            for row in 0..<rows {
                (out.baseAddress! + row * count)
                    .initialize(from: x.baseAddress! + row * channels + start, count: count)
            }
        }
    }
    return try Tape.record("narrow", [x], value) { (gradient) throws(TensorError) in
        [
            Tensor(x.shape) { out in
                out.initialize(repeating: 0)
                gradient.withUnsafeElements { gradient in
                    for row in 0..<rows {
                        (out.baseAddress! + row * channels + start)
                            .update(from: gradient.baseAddress! + row * count, count: count)
                    }
                }
            }
        ]
    }
}

/// Two token sequences one after the other: `[batch, n, channels]` and `[batch, m, channels]` to `[batch, n + m, channels]`.
public func concatenate(_ a: Variable, _ b: Variable) throws(TensorError) -> Variable {
    guard a.shape.rank == 3, b.shape.rank == 3, a.shape[0] == b.shape[0], a.shape[2] == b.shape[2] else {
        throw .shapeMismatch(
            operation: "concatenate", expected: "[batch, tokens, channels] like \(a.shape)", found: b.shape)
    }
    let batch = a.shape[0]
    let first = a.shape[1] * a.shape[2]
    let second = b.shape[1] * b.shape[2]
    let value = Tensor([batch, a.shape[1] + b.shape[1], a.shape[2]]) { out in
        withElements(a.value, b.value) { a, b in
            for image in 0..<batch {
                let start = out.baseAddress! + image * (first + second)
                start.initialize(from: a + image * first, count: first)
                (start + first).initialize(from: b + image * second, count: second)
            }
        }
    }
    return try Tape.record("concatenate", [a, b], value) { (gradient) throws(TensorError) in
        func part(_ shape: Shape, from offset: Int, count: Int) -> Tensor {
            Tensor(shape) { out in
                gradient.withUnsafeElements { gradient in
                    for image in 0..<batch {
                        (out.baseAddress! + image * count)
                            .initialize(
                                from: gradient.baseAddress! + image * (first + second) + offset, count: count)
                    }
                }
            }
        }
        return [part(a.shape, from: 0, count: first), part(b.shape, from: first, count: second)]
    }
}

/// Of each image's tokens those at its `indices`: `[batch, tokens, channels]` to `[batch, count, channels]`.
///
/// - Parameter indices: one list an image, all of one length. An index may occur twice.
public func gather(_ x: Variable, _ indices: [[Int]]) throws(TensorError) -> Variable {
    guard x.shape.rank == 3, x.shape[0] == indices.count, Set(indices.map(\.count)).count == 1,
        indices.allSatisfy({ $0.allSatisfy { (0..<x.shape[1]).contains($0) } })
    else {
        throw .shapeMismatch(
            operation: "gather", expected: "[\(indices.count), tokens, channels] holding every index", found: x.shape)
    }
    let (tokens, channels, count) = (x.shape[1], x.shape[2], indices[0].count)
    let rows = indices.enumerated().flatMap { image, list in list.map { image * tokens + $0 } }
    let value = Tensor([indices.count, count, channels]) { out in
        x.value.withUnsafeElements { x in
            for (place, row) in rows.enumerated() {
                (out.baseAddress! + place * channels).initialize(from: x.baseAddress! + row * channels, count: channels)
            }
        }
    }
    return try Tape.record("gather", [x], value) { (gradient) throws(TensorError) in
        [
            Tensor(x.shape) { out in
                out.initialize(repeating: 0)
                gradient.withUnsafeElements { gradient in
                    for (place, row) in rows.enumerated() {
                        for c in 0..<channels { out[row * channels + c] += gradient[place * channels + c] }
                    }
                }
            }
        ]
    }
}
