/// What can go wrong with tensors and their files.
public enum TensorError: Error, Hashable, Sendable {
    /// An operation met a shape it has no meaning for.
    case shapeMismatch(operation: String, expected: String, found: Shape)
    /// Variables of two tapes met in one operation.
    case mixedTapes(operation: String)
    /// A gradient was asked for something the tape did not record.
    case notRecorded
    /// OpenBLAS is not installed.
    case noMatrixLibrary
    /// oneDNN is not installed, and was asked for.
    case noReducedLibrary
    /// A library has no product of this kind on this processor.
    case noProduct(library: String, precision: String)
    /// A network computed NaN or infinity.
    case outputNotFinite
    /// A safetensors file is not usable; the tensor is named where one is at fault.
    case weights(path: String, tensor: String?, WeightFault)
}

/// What is wrong with a file of weights.
public enum WeightFault: Hashable, Sendable {
    case unreadable(String)
    case unwritable(String)
    case truncated(needed: Int, found: Int)
    case headerTooLarge(bytes: UInt64, limit: Int)
    case headerMalformed(String)
    case unsupportedType(String)
    case rangeOutside(begin: Int, end: Int, available: Int)
    case rangeDoesNotFitShape(bytes: Int, shape: Shape)
    /// Two tensors share bytes, or bytes belong to none.
    case rangesNotContiguous(expected: Int, found: Int)
    case notFinite(index: Int)
    case missing
    case unexpected
    case wrongShape(expected: Shape, found: Shape)
}

extension TensorError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .shapeMismatch(let operation, let expected, let found):
            "\(operation): expected \(expected), found shape \(found)"
        case .mixedTapes(let operation): "\(operation): the operands were recorded on two tapes"
        case .notRecorded: "the tape holds no such variable"
        case .noMatrixLibrary: "libopenblas.so.0 was not found; install the package libopenblas0"
        case .noReducedLibrary: "libdnnl.so.2 was not found; install the package libdnnl2"
        case .noProduct(let library, let precision):
            "\(library) has no product in \(precision) on this processor; choose another backend"
        case .outputNotFinite:
            "the network computes NaN or infinity: its weights are too large or damaged; use another model"
        case .weights(let path, let tensor, let fault):
            path + ": " + (tensor.map { "tensor \"\($0)\" " } ?? "") + fault.description
        }
    }
}

extension WeightFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let reason): "cannot be read: \(reason)"
        case .unwritable(let reason): "cannot be written: \(reason)"
        case .truncated(let needed, let found): "is cut short: \(needed) bytes are needed, \(found) are there"
        case .headerTooLarge(let bytes, let limit): "names a header of \(bytes) bytes; at most \(limit) are accepted"
        case .headerMalformed(let reason): "has a malformed header: \(reason)"
        case .unsupportedType(let type): "has type \(type); only F32, BF16 and I8 are read"
        case .rangeOutside(let begin, let end, let available): "lies at bytes \(begin)..<\(end) of \(available)"
        case .rangeDoesNotFitShape(let bytes, let shape): "has \(bytes) bytes, which do not fit shape \(shape)"
        case .rangesNotContiguous(let expected, let found):
            "begins at byte \(found) where the tensor before it ends at \(expected)"
        case .notFinite(let index): "holds NaN or infinity at element \(index)"
        case .missing: "is missing"
        case .unexpected: "is not part of this network"
        case .wrongShape(let expected, let found): "has shape \(found); the network needs \(expected)"
        }
    }
}
