public import Files
public import Tensors

/// What can go wrong with data sets, metrics and training.
public enum TrainingError: Error, Hashable, Sendable {
    /// A file cannot be read.
    case unreadable(path: String, reason: String)
    /// A line of an index cannot be understood. Lines count from 1; the header is line 1.
    case index(path: String, line: Int, reason: String)
    /// Shapes or weights that do not fit each other.
    case tensors(TensorError)
    /// A loss or a gradient is not a number.
    case diverged(step: Int)
    /// What a training left behind cannot be gone on with.
    case checkpoint(path: String, reason: String)
    /// A file of the result cannot be written.
    case unwritable(FileError)
    /// A data set that nothing can be learned from.
    case data(reason: String)
    /// A data set cannot be used as it is; the reason says what to do.
    case dataset(path: String, reason: String)
    /// A score that is no number, or outside [0, 1].
    case score(place: String)
}

extension TrainingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
        case .index(let path, let line, let reason): "\(path):\(line): \(reason)"
        case .tensors(let error): error.description
        case .diverged(0): "the loss is not finite before the first step; begin with other weights"
        case .diverged(let step):
            "the loss is not finite after \(step) steps; lower the rate or clip gradients more"
        case .checkpoint(let path, let reason):
            "\(path): \(reason); name another output folder to begin anew"
        case .unwritable(let error): error.description
        case .data(let reason): reason
        case .dataset(let path, let reason): "\(path): \(reason)"
        case .score(let place): "\(place): a score must be a number in [0, 1]"
        }
    }
}
