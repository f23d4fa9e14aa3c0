import Glibc
import Pipelines
import Training

/// Tells how a training goes: a bar with the losses on a terminal, a plain line every five seconds elsewhere, and a line for
/// each epoch.
final class TrainingProgress {
    private let quiet: Bool
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let epochs: Int
    private let clock = ContinuousClock()
    private var epochStart: ContinuousClock.Instant
    private var lastShown: ContinuousClock.Instant

    init(quiet: Bool, epochs: Int) {
        (self.quiet, self.epochs) = (quiet, epochs)
        (epochStart, lastShown) = (clock.now, clock.now)
    }

    func begin(_ parts: TrainingData.Parts, parameters: Int, done: Int) {
        guard !quiet else { return }
        Console.error(
            """
            \(parameters) parameters; \(parts.train.count) images to learn from, \(parts.heldOut.count) held out, \
            \(parts.validation.count) for validation\(done > 0 ? "; going on after epoch \(done)" : "")

            """)
        epochStart = clock.now
    }

    func show(epoch: Int, _ progress: TrainingRun.Progress) {
        let now = clock.now
        guard !quiet, now - lastShown >= (isTerminal ? .milliseconds(200) : .seconds(5)) else { return }
        lastShown = now
        let seconds = (now - epochStart) / .seconds(1) / Double(progress.step)
        let left = Int(seconds * Double(progress.steps - progress.step))
        let terms = progress.terms
        let parts = terms.reconstruction > 0 ? "" : " (dense \(digits(terms.dense)), queries \(digits(terms.queries)))"
        let text = """
            epoch \(epoch) of \(epochs), step \(progress.step) of \(progress.steps), loss \(digits(progress.terms.total))\(parts), \
            \(digits(seconds)) s a step, \(left / 60) min \(left % 60) s left
            """
        let filled = 20 * progress.step / max(progress.steps, 1)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
        Console.error(isTerminal ? "\r\u{1B}[K\(bar) \(text)" : text + "\n")
    }

    func finished(_ record: EpochRecord) {
        defer { epochStart = clock.now }
        guard !quiet else { return }
        let looks = [("dense", record.validationDense), ("queries", record.validationQueries)]
            .compactMap { name, value in value.map { "\(name) \(digits($0))" } }
        Console.error(
            """
            \(isTerminal ? "\r\u{1B}[K" : "")epoch \(record.epoch) of \(epochs): loss \(digits(record.total)), \
            \(digits(record.seconds)) s\(looks.isEmpty ? "" : ", validation AP50 " + looks.joined(separator: ", "))

            """)
    }
}
