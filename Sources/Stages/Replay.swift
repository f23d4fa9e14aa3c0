import Files
public import Foundation
public import Pipelines

/// What a sidecar tells of how its outputs were made: enough to make them again, byte for byte.
///
/// Draws are functions of seed, item, variant and stage; run again they are the same, and are compared with those that the
/// sidecar tells.
public struct Replay: Sendable {
    /// Name of the item, which its draws are keyed by.
    public let item: String
    /// From 0.
    public let variant: Int
    public let seed: UInt64
    /// Relative to the INPUT of the run, with the digest of each file.
    public let sources: [(path: String, digest: String)]
    /// The pipeline with every option that it had, as JSON, which YAML's parser reads.
    public let pipelineText: String
    private let isConcealed: Bool
    private let pipelineDigest: String
    private let stages: JSONValue
    /// The files that it is made from, once they are found.
    public private(set) var unit: WorkUnit<ItemInput>?

    /// - Throws: `ReplayError` when the text is no sidecar of `hilum run`, or one of another version.
    public init(sidecar: Data) throws(ReplayError) {
        guard let json = try? JSONDecoder().decode(JSONValue.self, from: sidecar) else {
            throw ReplayError("the sidecar is not JSON")
        }
        guard let version = json["generatedBy"]?["version"]?.text, let item = json["item"]?.text,
            case .integer(let seed)? = json["seed"], case .array(let stages)? = json["stages"],
            case .integer(let variant)? = json["variant"], (1...1000).contains(variant),
            let pipeline = json["pipeline"], let digest = pipeline["sha256"]?.text,
            let input = pipeline["input"], case .array(let outputs)? = pipeline["outputs"],
            let variants = pipeline["variants"]
        else {
            throw ReplayError("this is no sidecar of `hilum run`: it tells no stages, seed or pipeline to run again")
        }
        guard version == hilumVersion else {
            throw ReplayError(
                "the sidecar was written by hilum \(version), this is \(hilumVersion): only the same version makes the same bytes"
            )
        }
        (self.item, self.seed, self.variant) = (item, UInt64(bitPattern: Int64(seed)), variant - 1)
        (self.stages, pipelineDigest) = (.array(stages), digest)
        let sources = json["sources"]?.elements ?? []
        isConcealed = sources.contains { $0["keyedDigest"] != nil }
        self.sources = sources.map { source in
            (source["path"]?.text ?? "", (source["xxh128"] ?? source["keyedDigest"])?.text ?? "")
        }
        let configured = stages.map { stage -> JSONValue in
            .object([.init(stage["stage"]?.text ?? "", (stage["parameters"] ?? [:]).withoutNulls)])
        }
        let whole: JSONValue = [
            "name": pipeline["name"] ?? "pipeline", "input": input.withoutEmptyLists, "stages": .array(configured),
            "outputs": .object(outputs.flatMap(\.members)),
            "variants": variants,
        ]
        pipelineText = whole.text()
    }

    /// The same with the files found below the run's inputs: under the item's own name, or else by their digests.
    ///
    /// - Throws: `ReplayError` when the pipeline is not the same any more, as when a model has changed, or when the files are
    ///   missing or different.
    public func prepared(for run: PipelineRun) throws -> Replay {
        guard run.digest == pipelineDigest else {
            throw ReplayError(
                "the pipeline of the sidecar has another digest here: a model or the key is not the one that it was run with"
            )
        }
        var named: WorkUnit<ItemInput>?
        var others: [WorkUnit<ItemInput>] = []
        run.discovery.run { found in
            let unit = run.concealment?.concealed(found) ?? found
            guard case .process = unit.verdict, unit.inputs.count == sources.count else { return true }
            if PathKey(unit.name) == PathKey(item) { named = unit } else if !isConcealed { others.append(unit) }
            return named == nil
        }
        var result = self
        // Keyed digests are compared once the item is read.
        if let named, try isConcealed || digests(of: named) == wanted { result.unit = named }
        if result.unit == nil { result.unit = try others.first { try digests(of: $0) == wanted } }
        guard result.unit != nil else {
            throw ReplayError(
                named == nil
                    ? "nothing in the input has the \(sources.count) file\(sources.count == 1 ? "" : "s") that the sidecar names, by name or by digest"
                    : "the input differs from what the sidecar was made from: \(try difference(from: named))")
        }
        result.unit?.name = item
        return result
    }

    /// - Throws: `ReplayError` when the item was read from other bytes than the sidecar tells.
    func checkSources(of item: Item) throws(ReplayError) {
        guard item.source.inputs.map(\.digest).sorted() == wanted else {
            throw ReplayError("the input differs from what the sidecar was made from: its digests are others")
        }
    }

    /// - Throws: `ReplayError` when a stage drew or decided something else than the sidecar tells.
    func checkHistory(of item: Item) throws(ReplayError) {
        for (now, then) in zip(item.history.json.elements, stages.elements)
        where now.sorted.text() != then.sorted.text() {
            throw ReplayError(
                "the stage \(then["stage"]?.text ?? "") drew or decided something else than the sidecar tells; was it edited?"
            )
        }
    }

    private var wanted: [String] { sources.map(\.digest).sorted() }

    private func digests(of unit: WorkUnit<ItemInput>) throws -> [String] {
        guard case .process(let input) = unit.verdict else { return [] }
        return try input.digests().map(\.digest).sorted()
    }

    /// The first file that is not what it was.
    private func difference(from unit: WorkUnit<ItemInput>?) throws -> String {
        guard case .process(let input)? = unit?.verdict else { return "files are missing" }
        for file in try input.digests() {
            let recorded = sources.first { PathKey($0.path) == PathKey(file.path) }?.digest
            if recorded != file.digest {
                return
                    "\(file.path) has the digest \(file.digest), and \(recorded ?? "no file of the name") was recorded"
            }
        }
        return "files are missing"
    }
}

/// Why something can't be made again, and what to do.
public struct ReplayError: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}

extension JSONValue {
    fileprivate var members: [Member] { if case .object(let members) = self { members } else { [] } }

    fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }

    /// Lists that may be left out and not be empty.
    fileprivate var withoutEmptyLists: JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.value != [] })
    }

    /// Options that have no value keep their default, which is none.
    fileprivate var withoutNulls: JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.value != .null })
    }
}
