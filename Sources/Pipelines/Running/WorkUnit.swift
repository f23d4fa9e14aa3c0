public import Files

/// One item to be worked on, as discovery found it.
public struct WorkUnit<Payload: Sendable>: Sendable {
    public enum Verdict: Sendable {
        case process(Payload)
        /// Not meant for this pipeline, or no image at all.
        case skip(ManifestEntry.Failure)
        /// Claims to be an image and can't be read as one.
        case fail(ManifestEntry.Failure)
    }

    /// Stable and unique in the run; also the first part of the item's output paths.
    public var name: String
    /// Paths relative to the INPUT that they were found under.
    public var inputs: [String]
    /// Bytes of memory needed while it is worked on.
    public var estimatedBytes: Int
    public var verdict: Verdict

    public init(name: String, inputs: [String], estimatedBytes: Int = 0, verdict: Verdict) {
        (self.name, self.inputs, self.estimatedBytes, self.verdict) = (name, inputs, estimatedBytes, verdict)
    }
}

/// What became of one unit.
public enum WorkResult: Sendable {
    /// - Parameter files: written below the output folder and not yet published.
    case done(files: [PendingFile], warnings: [ManifestEntry.Warning], details: JSONValue? = nil)
    case failed(ManifestEntry.Failure)
    /// Not released, for this reason; the files are for whoever decides about it.
    case held(ManifestEntry.Failure, files: [PendingFile], details: JSONValue? = nil)
    case skipped(ManifestEntry.Failure)
    /// Given up because the run was interrupted; nothing is said of it, `--resume` does it again.
    case interrupted
}
