import ArgumentParser
import Glibc
import Pipelines
import Stages

/// The command. Exit codes: 0 all items succeeded; 1 some failed; 2 usage or configuration error, nothing written;
/// 130 interrupted.
@main
struct Hilum: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hilum",
        abstract: "The gate for medical images: DICOM and NIfTI in; tensors, findings and heatmaps out.",
        discussion: "Research software. Not for clinical use.",
        version: hilumVersion,
        subcommands: [
            RunCommand.self, AnonymizeCommand.self, VerifyCommand.self, DetectCommand.self, ExplainCommand.self,
            ConvertCommand.self, MergeCommand.self,
            InspectCommand.self,
            StagesCommand.self,
            ValidateCommand.self, ModelCommand.self, KeyCommand.self,
        ])

    static func main() async {
        openStandardStreams()
        // A reader that goes away (`hilum stages | head`) is not an error.
        signal(SIGPIPE, SIG_IGN)
        // A limit on the size of files is an error like a full disk, and leaves nothing half-written.
        signal(SIGXFSZ, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            Glibc.exit(code.rawValue)
        } catch let error as ConfigurationError {
            let count = error.diagnostics.count
            Console.error("\(error)\n\(count) mistake\(count == 1 ? "" : "s"); nothing was written\n")
            Glibc.exit(2)
        } catch {
            let isHelp = exitCode(for: error).isSuccess
            let text = fullMessage(for: error)
            if !text.isEmpty { isHelp ? Console.out(text + "\n") : Console.error(text + "\n") }
            Glibc.exit(isHelp ? 0 : 2)
        }
    }
}

/// Where the caller closed a standard stream, the next file to be opened would take its number, and what is written to the
/// terminal would go into it.
private func openStandardStreams() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
        _ = open("/dev/null", O_RDWR)
    }
}

/// A mistake in how the command was called: exit code 2.
struct UsageError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
