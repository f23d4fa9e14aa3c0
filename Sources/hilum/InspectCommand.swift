import ArgumentParser
import Pipelines
import Stages

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract:
            "What is here: patients, studies, series, geometry, transfer syntaxes, problems, what each would become.",
        discussion: """
            Patients and studies are shown under names made with a random key that is forgotten at once: the same patient \
            has the same name throughout one listing, and no other.
            """)

    @Argument(help: "Files and folders.", completion: .file())
    var paths: [String]

    @Flag(help: "Show Patient ID, UIDs and series descriptions as they stand in the files.")
    var showIdentifiers = false

    @Flag(help: "One JSON object a line.")
    var json = false

    func run() throws {
        let naming = Naming(pseudonyms: showIdentifiers ? nil : ListingNames())
        var listing = InspectListing()
        var failures = 0
        Discovery(inputs: paths, output: nil).survey { unit, series in
            let entry = InspectEntry(unit, series, naming)
            if entry.status == .failed { failures += 1 }
            if json { Console.out(entry.json.text() + "\n") } else { listing.add(entry) }
            return true
        }
        if !json { Console.out(listing.text) }
        if failures > 0 { throw ExitCode(1) }
    }
}

/// How identifiers are shown.
struct Naming {
    /// Nil shows them as they are.
    let pseudonyms: ListingNames?

    func callAsFunction(_ identifier: String) -> String { pseudonyms?.name(of: identifier) ?? identifier }
}
