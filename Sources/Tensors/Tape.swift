internal import Parallel

/// A tensor within a computation. Operations on variables that no tape watches record nothing and keep nothing.
public struct Variable: Sendable {
    public let value: Tensor
    /// Weak: the tape keeps its operations, and they keep the variables that they need for the way back. Were this strong,
    /// no tape would ever be freed. Once the tape is gone, the variable is a constant.
    private(set) weak var tape: Tape?
    let index: Int

    /// A constant: nothing that depends only on constants is recorded.
    public init(_ value: Tensor) {
        self.value = value
        index = -1
    }

    init(_ value: Tensor, tape: Tape, index: Int) {
        self.value = value
        self.tape = tape
        self.index = index
    }

    public var shape: Shape { value.shape }

    /// Whether gradients flow to this variable.
    public var isRecorded: Bool { tape != nil }
}

/// The record of one computation, in order, for reverse-mode differentiation. Hold it until the last gradient is asked for.
///
/// Begin with `watch`; every operation that depends on a watched variable is recorded. `gradients` may be called many
/// times for different outputs of the same computation, as one map per box needs.
///
/// One thread records on a tape. It may be sent, and so may variables: networks hold their parameters as such.
public final class Tape: Sendable {
    /// From the gradient of a result to the gradients of its operands; nil where none is needed.
    public typealias Backward = @Sendable (Tensor) throws(TensorError) -> [Tensor?]

    private struct Entry: Sendable {
        let operands: [Int]
        let backward: Backward?
    }

    private let entries = Locked<[Entry]>([])
    /// What matrix products round their operands to, forward and back; attention's own products stay float32.
    let products: Precision

    /// - Parameter products: `.float32`, or `.bfloat16` for mixed precision.
    public init(products: Precision = .float32) { self.products = products }

    /// The precision of products of these operands: that of the tape that watches them.
    static func products(of operands: [Variable]) -> Precision {
        operands.lazy.compactMap(\.tape).first?.products ?? .float32
    }

    /// Starts recording what is computed from this value.
    public func watch(_ value: Tensor) -> Variable {
        Variable(value, tape: self, index: append(Entry(operands: [], backward: nil)))
    }

    private func append(_ entry: Entry) -> Int {
        entries.withLock { entries in
            entries.append(entry)
            return entries.count - 1
        }
    }

    /// A variable for the result of an operation: recorded if an operand is, else a constant.
    ///
    /// - Parameter backward: gives one gradient for each operand, of the operand's shape, or nil where none is needed.
    /// - Throws: `TensorError.mixedTapes` when the operands were recorded on different tapes.
    public static func record(
        _ operation: String, _ operands: [Variable], _ value: Tensor, _ backward: @escaping Backward
    ) throws(TensorError) -> Variable {
        guard let tape = operands.lazy.compactMap(\.tape).first else { return Variable(value) }
        guard operands.allSatisfy({ $0.tape == nil || $0.tape === tape }) else {
            throw .mixedTapes(operation: operation)
        }
        let entry = Entry(operands: operands.map(\.index), backward: backward)
        return Variable(value, tape: tape, index: tape.append(entry))
    }

    /// Gradients of `sum(output * seed)` with respect to each variable; zeros where the output does not depend on it.
    ///
    /// Entries older than the oldest of `variables` are not visited.
    /// - Throws: `TensorError.notRecorded` for a variable of another tape or a constant.
    public func gradients(
        of output: Variable, seed: Tensor, for variables: [Variable]
    ) throws(TensorError) -> [Tensor] {
        guard output.tape === self, variables.allSatisfy({ $0.tape === self }) else { throw .notRecorded }
        guard seed.shape == output.shape else {
            throw .shapeMismatch(operation: "gradient seed", expected: "\(output.shape)", found: seed.shape)
        }
        let wanted = Set(variables.map(\.index))
        let oldest = wanted.min() ?? output.index
        let entries = entries.withLock { $0 }
        var pending: [Int: Tensor] = [output.index: seed]
        var found: [Int: Tensor] = [:]
        for index in stride(from: output.index, through: oldest, by: -1) {
            guard let gradient = pending.removeValue(forKey: index) else { continue }
            if wanted.contains(index) { found[index] = gradient }
            guard let backward = entries[index].backward else { continue }
            for (operand, part) in zip(entries[index].operands, try backward(gradient)) {
                guard operand >= oldest, let part else { continue }
                if var sum = pending.removeValue(forKey: operand) {
                    sum.accumulate(part)
                    pending[operand] = sum
                } else {
                    pending[operand] = part
                }
            }
        }
        return variables.map { found[$0.index] ?? .zeros($0.shape) }
    }
}
