public import Parallel

/// How `NIfTIFile.read` reads.
public struct ReadingOptions: Sendable {
    /// Takes ANALYZE 7.5 too, with a warning: nothing in such a file tells left from right.
    public var allowsAnalyze: Bool
    /// Threads that decode voxels, and inflate them where the file lets them. They change no value.
    public var workers: Workers

    public init(allowsAnalyze: Bool = false, workers: Workers = .single) {
        (self.allowsAnalyze, self.workers) = (allowsAnalyze, workers)
    }
}
