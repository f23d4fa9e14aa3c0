import ArgumentParser
import Cryptography
import Deidentification
import Foundation
import Pipelines
import Stages

/// What `run`, `detect` and `explain` have in common beside items: a pipeline file and changes to it.
struct RunOptions: ParsableArguments {
    @OptionGroup var items: ItemOptions

    @Option(help: "Seed of random stages, at most 2^63 - 1.")
    var seed: UInt64 = 0

    @Option(name: .customLong("set"), help: "Change a value of the pipeline: stages.normalize.upper=99. Repeatable.")
    var settings: [String] = []

    @Option(
        help: "The project's key, made by `hilum key new`: needed by pipelines with a deidentify stage.",
        completion: .file())
    var key: String?

    @Option(
        help:
            "An encrypted table of what the keyed names stand for; `hilum key reveal` opens it. Keep it apart from OUT. Of a shard: FILE with K-of-N before its ending.",
        completion: .file())
    var map: String?

    func validate() throws {
        // Sidecars say it as a whole number of JSON, which readers take for a signed one.
        if seed > Int.max { throw ValidationError("--seed must be at most \(Int.max)") }
    }

    /// What was given, for commands that take none of it in one of their modes.
    var given: [String] {
        named([("--seed", seed != 0), ("--set", !settings.isEmpty), ("--key", key != nil), ("--map", map != nil)])
            + items.given
    }

    /// A value of the pipeline that an option of the command chooses, or that is usual.
    struct Choice {
        let option: String
        /// As in "stages.detect.model".
        let path: String
        /// Nil when the option was not given.
        let value: String?
        var usual: String?
        /// Whether it is text as it is, such as a path, and not YAML.
        var isText = false

        func setting() throws(ConfigurationError) -> Setting? {
            guard let value = value ?? usual else { return nil }
            return isText ? Setting(path, text: value) : try Setting("\(path)=\(value)")
        }
    }

    /// Runs a pipeline file as these options say and ends the program with its exit code.
    func execute(pipelineAt path: String, choices: [Choice] = []) async throws {
        for choice in choices where choice.value != nil {
            guard let setting = settings.first(where: { Self.changes($0, choice.path) }) else { continue }
            throw UsageError("\(choice.option) and --set \(setting) set the same value; leave one of them out")
        }
        try items.checkFolders()  // before a model is loaded for nothing
        let pipeline = try loadPipeline(path, choices: choices.compactMap { try $0.setting() }, settings: settings)
        let concealment = try concealment(for: pipeline, items)
        try await items.execute(pipeline, seed: seed, concealment: concealment, mapPath: map.map(items.part.path))
    }

    /// Whether `--set` with this argument changes the value at a path: itself, something that it is in, or something in it.
    private static func changes(_ setting: String, _ path: String) -> Bool {
        let parts = setting.prefix { $0 != "=" }.split(separator: ".")
        // An index before the name of a stage says which one of that name.
        let named = parts.enumerated().filter { $0.offset == parts.count - 1 || Int($0.element) == nil }.map(\.element)
        return zip(named, path.split(separator: ".")).allSatisfy { $0 == $1 }
    }

    /// Makes the outputs of one sidecar again and ends the program with its exit code.
    ///
    /// - Parameter input: what was given to the run, or nil to look for the sidecar's files where it names them.
    func replay(_ path: String, input: String?) async throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw UsageError("cannot read the sidecar \(path); is the path right?")
        }
        guard settings.isEmpty, seed == 0, items.shard == nil, map == nil else {
            throw UsageError(
                "--replay takes stages, seed and item from the sidecar: leave out --set, --seed, --shard and --map")
        }
        let replay = try Replay(sidecar: data)
        let pipeline = try Pipeline.parse(replay.pipelineText, name: path, registry: .hilum)
        if input == nil, let missing = replay.sources.first(where: { !FileManager.default.fileExists(atPath: $0.path) })
        {
            throw UsageError(
                "there is no \(missing.path) here, which the sidecar names: give INPUT, what the run was given, as in "
                    + "`hilum run --replay SIDECAR INPUT -o OUT`")
        }
        var items = items
        items.inputs = (input.map { [$0] } ?? replay.sources.map(\.path)) + items.inputs
        try await items.execute(
            pipeline, seed: replay.seed, concealment: try concealment(for: pipeline, items), replay: replay)
    }

    /// - Throws: `UsageError` when the pipeline de-identifies and there is no key to do it under.
    private func concealment(for pipeline: Pipeline<Item>, _ items: ItemOptions) throws -> Concealment? {
        guard pipeline.stages.contains(where: { $0.name == DeidentifyStage.name }) else {
            for option in named([("--key", key != nil), ("--map", map != nil)]) {
                throw UsageError("\(option) is for pipelines with a deidentify stage; this one has none")
            }
            return nil
        }
        guard let key else { throw UsageError("the pipeline de-identifies: give the project's key by --key") }
        try items.checkKey(key)
        let project: ProjectKey
        do { project = try ProjectKey(path: key) } catch { throw UsageError(error.description) }
        if let map = map.map(items.part.path) {
            try SideFile(option: "--map", path: map, staysApart: true).checkMap(beside: items, key, project)
        }
        do { return try Concealment(project, for: pipeline) } catch { throw UsageError(error.description) }
    }
}

/// Reads a pipeline by its path, or a shipped one by its name.
///
/// - Parameter choices: set before `settings`.
func loadPipeline(_ path: String, choices: [Setting] = [], settings: [String]) throws -> Pipeline<Item> {
    var found = path
    var isFolder: ObjCBool = false
    // OUT is often called like the pipeline.
    let isFile = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    if !isFile, !path.contains("/"),
        let shipped = Resources.pipeline(named: path.hasSuffix(".yaml") ? String(path.dropLast(5)) : path)
    {
        found = shipped
    }
    guard let data = FileManager.default.contents(atPath: found) else {
        throw UsageError(
            "cannot read the pipeline \(path), which must be a file or the name of a shipped one; is the path right?")
    }
    guard let text = String(data: data, encoding: .utf8) else {
        throw UsageError("the pipeline \(path) is not UTF-8 text")
    }
    var parsed = choices
    var mistakes: [Diagnostic] = []
    for setting in settings {
        do { parsed.append(try Setting(setting)) } catch { mistakes += error.diagnostics }
    }
    guard mistakes.isEmpty else { throw ConfigurationError(mistakes) }
    return try Pipeline.parse(text, name: path, settings: parsed, registry: .hilum)
}
