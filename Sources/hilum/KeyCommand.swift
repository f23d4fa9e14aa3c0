import ArgumentParser
import Cryptography
import Files
import Pipelines
import Stages

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Project keys: what pseudonyms and date offsets are made with.",
        subcommands: [New.self, Reveal.self])

    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a project key of 256 random bits, readable by you only (mode 0600).",
            discussion: """
                Whoever has the key can compute the same pseudonyms again from original values. Keep it as you keep the \
                originals, apart from what you release; without it, new files cannot be linked to those already released.
                """)

        @Argument(help: "File to make; an existing one is never replaced.", completion: .file())
        var file: String

        func run() throws {
            do { try ProjectKey.create(path: file) } catch { throw UsageError(error.description) }
            Console.error("made \(file); keep it secret, and keep it\n")
        }
    }

    struct Reveal: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Print the table that --map of `hilum anonymize` or `hilum run` wrote: one JSON object a line, with originals."
        )

        @Argument(help: "The encrypted table, or those of all shards.", completion: .file())
        var maps: [String]

        @Option(help: "The project's key.", completion: .file())
        var key: String

        func run() throws {
            let project: ProjectKey
            do { project = try ProjectKey(path: key) } catch { throw UsageError(error.description) }
            var texts: [String] = []
            for map in maps {
                let text: String?
                do { text = try IdentityMap.read(map, key: project) } catch { throw UsageError(error.description) }
                guard let text else {
                    throw UsageError("\(map) is no identity map, was changed, or was made under another key")
                }
                texts.append(text)
            }
            for text in texts { Console.out(text) }
        }
    }
}
