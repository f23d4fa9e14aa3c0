/// The extents of a tensor, outermost first. A scalar has no extents and one element.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    public let extents: [Int]

    public init(_ extents: [Int]) {
        precondition(extents.allSatisfy { $0 >= 0 }, "an extent is negative: \(extents)")
        self.extents = extents
    }

    public init(arrayLiteral extents: Int...) { self.init(extents) }

    /// The number of dimensions.
    public var rank: Int { extents.count }

    /// The number of elements.
    public var count: Int { extents.reduce(1, *) }

    /// The innermost extent: channels, in this project's layouts. 1 for a scalar.
    public var last: Int { extents.last ?? 1 }

    /// The product of all extents but the innermost.
    public var rows: Int { extents.dropLast().reduce(1, *) }

    /// Elements between neighbours along each dimension of a contiguous tensor.
    public var strides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * extents[axis + 1]
        }
        return strides
    }

    public subscript(axis: Int) -> Int { extents[axis] }

    public var description: String { "[" + extents.map(String.init).joined(separator: ", ") + "]" }
}
