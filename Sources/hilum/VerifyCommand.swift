import ArgumentParser
import Cryptography
import Foundation
import Pipelines
import Stages

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove a tree that `hilum anonymize` wrote: read every byte again. Exit 3 when anything is wrong.",
        discussion: """
            Checks the report's chain and seal, that every file is the one that was written and keeps the rules, and that \
            nothing else lies there. With --against, each original must be in the report, is cleaned again and compared, and \
            every file is searched for its original values and for the names and numbers of all patients. What is held must \
            not lie in a release: OUT/held is a problem as long as it has files, and nothing is missing without it.
            """)

    @Argument(help: "The folder that `hilum anonymize` wrote.", completion: .directory)
    var output: String

    @Option(help: "The originals; repeatable, as given to `hilum anonymize`.", completion: .file())
    var against: [String] = []

    @Option(help: "The project's key.", completion: .file())
    var key: String

    @Option(help: "Files worked on at once. [default: one a processor]")
    var workers: Int?

    @Flag(help: "Only problems.")
    var quiet = false

    @Flag(help: "One JSON object a line: a problem each, and a summary.")
    var json = false

    func run() throws {
        for path in [output] + against where !FileManager.default.fileExists(atPath: path) {
            throw UsageError("there is no file or folder \(path)")
        }
        let project: ProjectKey
        do { project = try ProjectKey(path: key) } catch { throw UsageError(error.description) }
        let verification = VerificationRun(
            output: trimmed(output), originals: against.map(trimmed), key: project,
            workers: workers ?? ProcessInfo.processInfo.activeProcessorCount)
        let outcome: VerificationRun.Outcome
        do { outcome = try verification.run() } catch { throw UsageError(error.description) }
        let (files, problems) = (outcome.files, outcome.problems)
        for problem in problems {
            let event: JSONValue = [
                "event": "problem", "file": .string(problem.file), "message": .string(problem.message),
            ]
            Console.out(json ? event.text() + "\n" : "\(problem.file): \(problem.message)\n")
        }
        if json {
            let event: JSONValue = [
                "event": "summary", "files": .integer(files), "problems": .integer(problems.count),
                "heldElsewhere": .integer(outcome.heldElsewhere),
            ]
            Console.out(event.text() + "\n")
        } else if !quiet {
            Console.error(
                problems.isEmpty
                    ? "\(files) files checked\(against.isEmpty ? "" : " against their originals"), nothing wrong\n"
                    : "\(files) files checked, \(problems.count) problems\n")
            if outcome.heldElsewhere > 0 {
                Console.error("\(outcome.heldElsewhere) held files of the report do not lie there, as it should be\n")
            }
        }
        if !problems.isEmpty { throw ExitCode(3) }
    }

    private func trimmed(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}
