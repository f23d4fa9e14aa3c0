import Files
import Foundation
import Glibc

/// Starts children over parts of the inputs and watches them: a crash, a hang, memory beyond the limit or a broken volume
/// is a finding. It is kept with its seed, and a new child goes on behind it.
struct Parent {
    let target: FuzzTarget
    let first: UInt64
    let count: UInt64
    let jobs: Int
    /// Where findings are kept.
    let findings: String
    /// Whether children may have only so much memory.
    let isLimited: Bool

    /// Longer work on one input is a hang.
    private static let patience: TimeInterval = 5

    struct Report {
        var inputs: UInt64 = 0
        var read: UInt64 = 0
        var seconds: Double = 0
        var slowest: UInt64 = 0
        var slowestSeed: UInt64 = 0
        /// "seed 17: crash (signal 11)"
        var findings: [String] = []
    }

    private struct Job {
        var process: pid_t
        var range: Range<UInt64>
        var folder: String
        var progress: Progress
        var lastSeed: UInt64
        var lastChange: Date
    }

    func run() throws -> Report {
        let mutator = Mutator(target: target, corpus: try target.corpus())
        let scratch = "/dev/shm/hilum-fuzz-\(getpid())"
        try AtomicFile.makeFolder(scratch)
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        var (report, running) = (Report(), [Job]())
        // Parts small enough that a killed parent loses little, large enough that starting costs nothing.
        var waiting = stride(from: first, to: first + count, by: 5000).map { $0..<min($0 + 5000, first + count) }
        waiting.reverse()
        let start = Date()
        while !waiting.isEmpty || !running.isEmpty {
            while running.count < jobs, let range = waiting.popLast() {
                running.append(try launch(range, scratch))
            }
            usleep(20_000)
            for index in running.indices.reversed() {
                guard let problem = state(of: &running[index]) else { continue }
                let job = running.remove(at: index)
                add(job, to: &report)
                if let problem = problem.text {
                    let seed = job.progress[.seed]
                    report.findings.append("seed \(seed): \(problem)")
                    try keep(mutator.input(seed: seed), seed)
                    if seed + 1 < job.range.upperBound { waiting.append(seed + 1..<job.range.upperBound) }
                }
                job.progress.release()
                try? FileManager.default.removeItem(atPath: job.folder)
            }
        }
        report.seconds = Date().timeIntervalSince(start)
        return report
    }

    private struct End {
        /// nil when all inputs were read.
        var text: String?
    }

    /// Nil while the child goes on.
    private func state(of job: inout Job) -> End? {
        var status: Int32 = 0
        if waitpid(job.process, &status, WNOHANG) == job.process {
            if status == 0 { return End(text: nil) }
            if job.progress[.finding] == 1 { return End(text: "out of memory, or a broken volume") }
            return End(text: status & 127 == 0 ? "exit \(status >> 8)" : "crash (signal \(status & 127))")
        }
        let seed = job.progress[.seed]
        if seed != job.lastSeed { (job.lastSeed, job.lastChange) = (seed, Date()) }
        // The start, before the first input, may take longer on a loaded machine.
        let patience = seed == .max ? 60 : Self.patience
        guard Date().timeIntervalSince(job.lastChange) > patience else { return nil }
        kill(job.process, SIGKILL)
        waitpid(job.process, &status, 0)
        return End(text: "hang (more than \(Int(Self.patience)) s)")
    }

    private func launch(_ range: Range<UInt64>, _ scratch: String) throws -> Job {
        let folder = "\(scratch)/\(range.lowerBound)"
        try AtomicFile.makeFolder(folder)
        let progressPath = folder + "/progress"
        let progress = Progress(path: progressPath)
        // Until the first input.
        progress[.seed] = .max
        let arguments = [
            CommandLine.arguments[0], "--child", "--target", target.rawValue, "--first", "\(range.lowerBound)",
            "--count",
            "\(range.count)", "--folder", folder, "--progress", progressPath,
        ]
        let flags = isLimited ? [] : ["--unlimited"]
        var words: [UnsafeMutablePointer<CChar>?] = (arguments + flags).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process = pid_t()
        guard posix_spawn(&process, "/proc/self/exe", nil, nil, &words, environ) == 0 else {
            throw FileError("start a child in", folder)
        }
        return Job(
            process: process, range: range, folder: folder, progress: progress, lastSeed: .max, lastChange: Date())
    }

    private func add(_ job: Job, to report: inout Report) {
        report.inputs += job.progress[.done]
        report.read += job.progress[.read]
        if job.progress[.slowest] > report.slowest {
            (report.slowest, report.slowestSeed) = (job.progress[.slowest], job.progress[.slowestSeed])
        }
    }

    private func keep(_ input: FuzzInput, _ seed: UInt64) throws {
        let stem = "\(findings)/\(target.rawValue)-\(seed)"
        try AtomicFile.write(stem) { (sink) throws(FileError) in try sink.write(input.bytes) }
        if let image = input.image {
            try AtomicFile.write(stem + ".img") { (sink) throws(FileError) in try sink.write(image) }
        }
    }
}
