import Files
import Foundation

/// What earlier runs left in an output folder, for those who only look: nothing is locked, and no input is read.
public struct EarlierResults: Sendable {
    private let runner: Runner
    private var entries: [PathKey: ManifestEntry] = [:]

    /// Of the run that `runner` would go on with; none where it would begin anew.
    public init(of runner: Runner) {
        self.runner = runner
        guard runner.resume, let bytes = try? FileBytes.read(runner.manifestPath) else { return }
        let decoder = JSONDecoder()
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let entry = try? decoder.decode(ManifestEntry.self, from: Data(line)) else { break }
            entries[PathKey(entry.item)] = entry
        }
    }

    /// How many items beside these have results.
    public func left(besides names: [String]) -> Int {
        let names = Set(names.map(PathKey.init))
        return entries.count { !names.contains($0.key) && !$0.value.outputs.isEmpty }
    }

    /// Whether an item was done and its outputs are there, as long as they were: what is left to compare is the digest of
    /// its input, the pipeline and the version.
    public func hold(_ item: String) -> Bool {
        guard let entry = entries[PathKey(item)], entry.status == .ok, let size = runner.size(ofOutputs: entry.outputs)
        else {
            return false
        }
        return entry.key?.hasSuffix("-\(size)") == true
    }
}
