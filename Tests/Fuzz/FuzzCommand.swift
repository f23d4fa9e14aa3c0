import ArgumentParser
import Files

/// `hilum-fuzz`: feeds damaged files to every reader. Made and run by `make fuzz`; no part of the product.
@main struct FuzzCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hilum-fuzz",
        abstract: "Feed mutated files to the readers; crashes, hangs and broken volumes are findings.",
        discussion: "Inputs are numbered: the same number is always the same input. Exit 1 when there are findings.")

    @Option(help: "One reader (dicom, nifti, safetensors, pipelines, png, jpeg, losslessJPEG), or all.")
    var target = "all"
    @Option(help: "Number of the first input.")
    var first: UInt64 = 0
    @Option(help: "Inputs of one reader, or of all together.")
    var count: UInt64 = 1_000_000
    @Option(help: "Processes at once.")
    var jobs = 2
    @Option(help: "Where findings are kept.")
    var findings = ".build/fuzz-findings"
    @Flag(help: "Set no limit of memory: the address sanitizer wants more than any.")
    var unlimited = false
    @Option(help: "Write one input to this file and stop.")
    var show: String?
    @Flag(help: .hidden) var child = false
    @Option(help: .hidden) var folder = ""
    @Option(help: .hidden) var progress = ""

    func run() throws {
        let chosen = target == "all" ? FuzzTarget.allCases : FuzzTarget(rawValue: target).map { [$0] } ?? []
        guard let only = chosen.first else { throw ValidationError("no reader is called \(target)") }
        if child {
            return try Child.run(
                only, first: first, count: count, folder: folder, progressPath: progress, isLimited: !unlimited)
        }
        if let show {
            let input = Mutator(target: only, corpus: try only.corpus()).input(seed: first)
            return try AtomicFile.write(show) { (sink) throws(FileError) in try sink.write(input.bytes) }
        }
        let shares = chosen.map { chosen.count == 1 ? count : count * UInt64($0.share) / 1_000_000 }
        print(row("target", "inputs", "inputs/s", "read", "slowest", "findings"))
        var total = 0
        for (target, share) in zip(chosen, shares) {
            let report = try Parent(
                target: target, first: first, count: share, jobs: jobs, findings: findings, isLimited: !unlimited
            ).run()
            print(
                row(
                    target.rawValue, "\(report.inputs)", "\(Int(Double(report.inputs) / report.seconds))",
                    "\(report.read)", "\(report.slowest / 1000) ms (\(report.slowestSeed))", "\(report.findings.count)")
            )
            for finding in report.findings.sorted() { print("  \(finding)") }
            total += report.findings.count
        }
        if total > 0 {
            print("\(total) findings are in \(findings)")
            throw ExitCode(1)
        }
    }

    private func row(_ cells: String...) -> String {
        zip(cells, [14, 10, 10, 10, 20, 8]).map { text, width in
            text + String(repeating: " ", count: max(1, width - text.count))
        }.joined()
    }
}
