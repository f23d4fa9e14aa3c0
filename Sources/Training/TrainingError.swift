/// What can go wrong with data sets and metrics.
public enum TrainingError: Error, Hashable, Sendable {
    /// A file cannot be read.
    case unreadable(path: String, reason: String)
    /// A line of an index cannot be understood. Lines count from 1; the header is line 1.
    case index(path: String, line: Int, reason: String)
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
        case .dataset(let path, let reason): "\(path): \(reason)"
        case .score(let place): "\(place): a score must be a number in [0, 1]"
        }
    }
}
