import Pipelines

/// Names at the top of OUT that files about the whole of a run have, or of a shard.
enum RunNames {
    static func isTaken(_ name: String) -> Bool {
        if RunLock.isLock(name) { return true }
        // Nearly every name ends here.
        guard ["run.", "samples", "manifest.", "report."].contains(where: name.hasPrefix) else { return false }
        let whole = name.replacing(#/\.[0-9]+-of-[0-9]+/#, with: "", maxReplacements: 1)
        return ["run.json", "samples.json", "manifest.jsonl", "report.html"].contains(whole)
            || whole.wholeMatch(of: #/samples-[0-9]+\.tar/#) != nil
    }
}
