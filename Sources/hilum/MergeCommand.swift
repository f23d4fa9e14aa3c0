import ArgumentParser
import Pipelines
import Stages

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Join what `hilum run --shard` wrote: one manifest.jsonl, one run.json, one quality page.",
        discussion: """
            Shards in one folder are joined there: hilum merge OUT -o OUT. Shards in folders of their own are brought \
            together in a new one by hard links, or copies on another file system. All shards of one run must be there, \
            each once, ended, and with all its outputs whole; otherwise nothing is written and the reason is told (exit 2).
            """)

    @Argument(help: "Folders that shards were written to.", completion: .directory)
    var folders: [String]

    @Option(name: .shortAndLong, help: "Folder for the whole; may be that of the shards.", completion: .directory)
    var output: String

    @Flag(help: "Only errors.")
    var quiet = false

    func run() throws {
        let summary: RunSummary
        do {
            summary = try ShardMerge(folders: folders.map(trimmed), output: trimmed(output)).run()
        } catch {
            guard error.hasBegun else { throw UsageError(error.description) }
            Console.error("hilum: the merge was stopped: \(error)\n")
            throw ExitCode(1)
        }
        if !quiet {
            Console.error(
                "\(summary.ok) ok, \(summary.failed) failed, \(summary.skipped) skipped; "
                    + "every item has its line in \(trimmed(output))/manifest.jsonl\n")
        }
        throw ExitCode(summary.exitCode)
    }

    private func trimmed(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}
