import ArgumentParser
import Cryptography
import Pipelines

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Project keys: what pseudonyms and date offsets are made with.",
        subcommands: [New.self])

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
}
