import Files
import Pipelines

/// Folders below an input into which another part of a run, or an earlier one like it, wrote its results: taken for input,
/// each run would work on what the last one made.
struct OwnResults: Sendable {
    static let none = OwnResults { _ in false }

    /// Whether a `run.json` tells of such a run.
    private let tells: @Sendable (JSONValue) -> Bool

    private init(_ tells: @escaping @Sendable (JSONValue) -> Bool) { self.tells = tells }

    /// - Parameter pipeline: as `run.json` has it. What another pipeline made may be what this one is for.
    init(of pipeline: JSONValue) {
        // By its text: 99 in a file may be read as another kind of number.
        let text = pipeline.sorted.text()
        self.init { $0["pipeline"]?.sorted.text() == text }
    }

    /// - Parameter key: fingerprint of the key. What was released under another is a data set like any.
    init(ofAnonymizationUnder key: String) {
        self.init { $0["keyFingerprint"] == .string(key) && $0["pipelineSHA256"] == nil }
    }

    /// - Parameter names: of all files in the folder.
    func lie(in folder: String, _ names: [String]) -> Bool {
        names.contains { name in
            guard name.hasPrefix("run."), name.hasSuffix(".json"),
                name == "run.json" || Shard(suffix: name.dropFirst("run".count).dropLast(".json".count)) != nil,
                let record = (try? FileBytes.read("\(folder)/\(name)")).flatMap({ JSONValue(parsing: $0) })
            else { return false }
            return tells(record)
        }
    }
}
