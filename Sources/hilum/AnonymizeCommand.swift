public import ArgumentParser
import BurnedInText
import Cryptography
public import Deidentification
import Files
import Foundation
import Glibc
import Pipelines
import Stages

struct AnonymizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anonymize",
        abstract: "De-identify DICOM, NIfTI and BIDS files by PS3.15 Annex E under a project key, and prove each.",
        discussion: """
            NIfTI headers lose their texts and extensions, sidecars (JSON) and tables (TSV) follow the rules of the DICOM \
            attributes of the same meaning, names of files and folders get keyed ones, a DICOMDIR is made anew. PNG and JPEG \
            are held. \
            Every file that is written is opened again and searched for the original values. What cannot be cleaned, or is \
            not proved clean, is not written; the manifest says why. Exit code 3: an original value was found in an output.
            """)

    @OptionGroup var items: ItemOptions

    @Option(help: "basic, the profile of PS3.15 E.2, or a policy file: see pipelines/deidentify-research.yaml.")
    var profile = "basic"

    @Option(
        name: .customLong("option"),
        help: "An option of PS3.15 E.3; repeatable: \(ProfileOption.allCases.map(\.rawValue).joined(separator: ", ")).")
    var options: [ProfileOption] = []

    @Option(help: "The project's key, made by `hilum key new`.", completion: .file())
    var key: String

    @Option(help: "Where results go below OUT. Places: {patient} {study} {series} {instance} {modality}, {patient:16}.")
    var layout = "{patient}/{study}/{series}/{instance}"

    @Option(
        help:
            "A second place for the report, which is OUT/deidentification.json with a page beside it. Of a shard: FILE with K-of-N before its ending."
    )
    var report: String?

    @Option(help: "Rules for text in pixels, by device. [default: the shipped pipelines/burned-in-text.yaml]")
    var textRules: String?

    @Option(
        help: "A folder for pictures of heads before and after their faces were cut. They show faces: not below OUT.")
    var facePictures: String?

    @Option(
        help:
            "An encrypted table of who became whom; `hilum key reveal` opens it. Keep it apart from OUT. Of a shard: FILE with K-of-N before its ending."
    )
    var map: String?

    @Option(help: "Which files are one patient's: id, id-and-issuer or id-and-birth-date.")
    var patientRule: Policy.PatientRule?

    func run() async throws {
        items.handleInterruption()
        guard let layout = OutputLayout(layout) else {
            throw UsageError(
                "--layout must name {instance}, and may name {patient} {study} {series} {modality}, with letters, digits, "
                    + "- _ . and / between; it must not begin as what a run writes for itself: "
                    + OutputLayout.reserved.joined(separator: " "))
        }
        let policy = try readPolicy()
        guard !policy.has(.cleanRecognizableVisualFeatures) || facePictures != nil else {
            throw UsageError(
                "clean-recognizable-visual-features needs --face-pictures FOLDER, outside of OUT: a person has to look at the heads"
            )
        }
        let project: ProjectKey
        do { project = try ProjectKey(path: key) } catch { throw UsageError(error.description) }
        let runner = try items.prepareRunner(mayHold: items.resume)
        try items.checkKey(key)
        let (report, map) = (report.map(runner.shard.path), map.map(runner.shard.path))
        for path in report.map(AnonymizationRun.files(ofReportAt:)) ?? [] {
            try SideFile(option: "--report", path: path, staysApart: true).checkFile(beside: items, key: key)
        }
        try map.map { try SideFile(option: "--map", path: $0, staysApart: true).checkMap(beside: items, key, project) }
        try facePictures.map {
            try SideFile(option: "--face-pictures", path: $0, staysApart: true).check(beside: items, key: key)
        }
        if let report, report == map { throw UsageError("--report and --map name the same file") }
        let cleaner = FileCleaner(policy: policy, key: project, program: "Hilum \(hilumVersion)")
        var run = AnonymizationRun(
            inputs: items.inputPaths, runner: runner, cleaner: cleaner, layout: layout, textRules: try readTextRules())
        (run.reportPath, run.mapPath, run.facePictures) = (report, map, facePictures)
        if let obstacle = run.obstacle { throw UsageError(obstacle) }
        if items.dryRun {
            let items = run.outlook()
            for item in items { DryRun.show(item.name, item.action, item.reason, isJSON: self.items.json) }
            let earlier = EarlierResults(of: runner)
            let done = items.count { $0.action == .process && earlier.hold($0.name) }
            DryRun.show(
                items.reduce(into: [:]) { $0[$1.action, default: 0] += 1 }, done: done, isJSON: self.items.json)
            return
        }
        let summary: AnonymizationSummary
        do {
            summary = try await run.run(progress: RunProgress(style: items.progressStyle))
        } catch {
            Console.error("hilum: the run was stopped: \(error)\n")
            throw ExitCode(1)
        }
        items.report(summary.counts)
        if summary.unclaimed > 0 {
            Console.error(
                "hilum: \(summary.unclaimed) results of earlier runs stay in \(items.output), though their files are not among "
                    + "the inputs any more or are refused now; choose a new folder for a tree without them\n")
        }
        // All that is known of each file is not taken apart first.
        withExtendedLifetime(summary) { Glibc.exit(summary.exitCode) }
    }

    private func readTextRules() throws -> DeviceRules {
        let path = textRules ?? Resources.pipeline(named: "burned-in-text")
        guard let path, let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw UsageError(
                "cannot read the rules for text in pixels, \(textRules ?? "pipelines/burned-in-text.yaml")")
        }
        return try DeviceRules.parse(text, name: path)
    }

    /// The profile's policy, with the options of the command line added.
    private func readPolicy() throws -> Policy {
        var policy = try Policy()
        if profile != "basic" {
            let shipped = Resources.pipeline(named: profile)
            guard let text = try? String(contentsOfFile: shipped ?? profile, encoding: .utf8) else {
                throw UsageError("there is no policy file \(profile); --profile is basic, or a file")
            }
            policy = try PolicyFile.parse(text, name: profile)
        }
        do {
            var extended = try Policy(options: policy.options.union(options), overrides: policy.overrides)
            (extended.keptPrivate, extended.patientRule) = (policy.keptPrivate, patientRule ?? policy.patientRule)
            return extended
        } catch {
            throw UsageError(error.description)
        }
    }
}

extension ProfileOption: ExpressibleByArgument {}
extension Policy.PatientRule: ExpressibleByArgument {}
