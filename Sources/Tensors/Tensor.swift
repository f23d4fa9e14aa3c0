/// A contiguous array of float32 with a shape, innermost dimension last. A value: copies share memory until one is written.
public struct Tensor: Sendable {
    public let shape: Shape
    private var storage: Storage

    /// Memory that `fill` must write completely.
    public init(_ shape: Shape, filledBy fill: (UnsafeMutableBufferPointer<Float>) -> Void) {
        self.shape = shape
        storage = Storage(count: shape.count)
        fill(UnsafeMutableBufferPointer(start: storage.base, count: shape.count))
    }

    public init(repeating value: Float, _ shape: Shape) {
        self.init(shape) { $0.initialize(repeating: value) }
    }

    /// - Throws: `TensorError.shapeMismatch` unless there is one element for each place of the shape.
    public init(_ elements: [Float], _ shape: Shape) throws(TensorError) {
        guard elements.count == shape.count else {
            throw .shapeMismatch(
                operation: "tensor", expected: "\(shape.count) elements for \(shape)", found: [elements.count])
        }
        self.init(shape) { _ = $0.initialize(from: elements) }
    }

    public static func zeros(_ shape: Shape) -> Tensor { Tensor(repeating: 0, shape) }

    public var count: Int { shape.count }

    /// All elements, row by row.
    public var elements: [Float] { withUnsafeElements { Array($0) } }

    /// The place of the first NaN or infinity.
    package var firstNotFinite: Int? { withUnsafeElements { $0.firstIndex { !$0.isFinite } } }

    /// The element at one index a dimension.
    public subscript(_ index: Int...) -> Float {
        precondition(index.count == shape.rank, "\(index.count) indices for shape \(shape)")
        var offset = 0
        for (axis, place) in index.enumerated() {
            precondition(place >= 0 && place < shape[axis], "index \(index) is outside \(shape)")
            offset = offset * shape[axis] + place
        }
        return withUnsafeElements { $0[offset] }
    }

    public func withUnsafeElements<Result>(_ body: (UnsafeBufferPointer<Float>) -> Result) -> Result {
        withExtendedLifetime(storage) { body(UnsafeBufferPointer(start: storage.base, count: count)) }
    }

    /// Writes in place; copies first when the memory is shared.
    public mutating func withUnsafeMutableElements<Result>(
        _ body: (UnsafeMutableBufferPointer<Float>) -> Result
    ) -> Result {
        if !isKnownUniquelyReferenced(&storage) {
            let copy = Storage(count: count)
            copy.base.initialize(from: storage.base, count: count)
            storage = copy
        }
        return withExtendedLifetime(storage) { body(UnsafeMutableBufferPointer(start: storage.base, count: count)) }
    }

    /// The same elements under another shape; shares memory.
    ///
    /// - Throws: `TensorError.shapeMismatch` when the number of elements differs.
    public func reshaped(_ shape: Shape) throws(TensorError) -> Tensor {
        guard shape.count == count else {
            throw .shapeMismatch(
                operation: "reshape", expected: "\(shape.count) elements for \(shape)", found: self.shape)
        }
        return Tensor(shape: shape, storage: storage)
    }

    /// The memory that it shares, to know the same elements again.
    var identity: ObjectIdentifier { ObjectIdentifier(storage) }

    private init(shape: Shape, storage: Storage) {
        self.shape = shape
        self.storage = storage
    }
}

/// The addresses of two tensors at once.
func withElements<Result>(
    _ a: Tensor, _ b: Tensor, _ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Result
) -> Result {
    a.withUnsafeElements { a in b.withUnsafeElements { b in body(a.baseAddress!, b.baseAddress!) } }
}

/// The addresses of three tensors at once.
func withElements<Result>(
    _ a: Tensor, _ b: Tensor, _ c: Tensor,
    _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>) -> Result
) -> Result {
    withElements(a, b) { a, b in c.withUnsafeElements { body(a, b, $0.baseAddress!) } }
}
