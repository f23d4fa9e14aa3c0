import Glibc
import Parallel

/// Tells how a run goes: a bar on a terminal, a plain line every five seconds elsewhere, JSON events, or nothing.
public final class RunProgress: Sendable {
    public enum Style: Sendable { case bar, lines, json, quiet }

    private struct State {
        var started = ContinuousClock.now
        var lastShown: ContinuousClock.Instant?
        var done = 0
        var failed = 0
        var found = 0
        var isDiscoveryDone = false
    }

    private let style: Style
    private let state = Locked(State())

    public init(style: Style) { self.style = style }

    /// Bar when standard error is a terminal that can draw a line anew, lines otherwise.
    public static var automaticStyle: Style {
        let terminal = getenv("TERM").map { String(cString: $0) } ?? "dumb"
        return isatty(STDERR_FILENO) == 1 && terminal != "dumb" ? .bar : .lines
    }

    /// One more item is known.
    public func found() {
        state.withLock { state in
            state.found += 1
            show(&state)
        }
    }

    /// No more items will be found: from now on the remaining time can be told.
    public func discoveryFinished() { state.withLock { $0.isDiscoveryDone = true } }

    func finished(_ entry: ManifestEntry, isReused: Bool) {
        state.withLock { state in
            state.done += 1
            if entry.status == .failed { state.failed += 1 }
            if style == .json {
                var event: JSONValue = ["event": "item", "reused": .bool(isReused)]
                if case .object(let members) = entry.json {
                    for member in members { event.set(member.key, member.value) }
                }
                Console.out(event.text() + "\n")
            } else if entry.status == .failed, style != .quiet, let error = entry.error {
                Console.error((style == .bar ? "\r\u{1B}[K" : "") + "failed: \(error.message.printable)\n")
            }
            show(&state)
        }
    }

    /// Ends the bar, so that what comes next starts on a line of its own.
    public func end() {
        state.withLock { state in
            state.lastShown = nil
            if style == .bar {
                show(&state)
                Console.error("\n")
            }
        }
    }

    private func show(_ state: inout State) {
        let interval: Duration = style == .bar ? .milliseconds(100) : .seconds(5)
        let now = ContinuousClock.now
        guard style == .bar || style == .lines, now - (state.lastShown ?? (now - interval)) >= interval else {
            // The first plain line waits too: a short run prints only its summary.
            return
        }
        if style == .lines, state.lastShown == nil, now - state.started < interval { return }
        state.lastShown = now
        let elapsed =
            Double((now - state.started).components.seconds)
            + Double((now - state.started).components.attoseconds) / 1e18
        let rate = elapsed > 0 ? Double(state.done) / elapsed : 0
        var text = "\(state.done) of \(state.found)\(state.isDiscoveryDone ? "" : "+") items"
        if state.failed > 0 { text += ", \(state.failed) failed" }
        if rate > 0 {
            text += ", \(decimal(rate)) a second"
            if state.isDiscoveryDone, state.done < state.found {
                text += ", \(duration(Double(state.found - state.done) / rate)) left"
            }
        }
        if style == .bar {
            let filled = state.found > 0 ? 24 * state.done / state.found : 0
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
            // A line that wraps could not be drawn anew.
            let room = Self.columns - 1
            let line = bar.count + 1 + text.count <= room ? "\(bar) \(text)" : String(text.prefix(room))
            Console.error("\r\u{1B}[K\(line)")
        } else {
            Console.error(text + "\n")
        }
    }

    /// Of the terminal; 80 where it does not tell.
    private static var columns: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    private func decimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private func duration(_ seconds: Double) -> String {
        let total = Int(seconds.rounded(.up))
        return total < 60
            ? "\(total) s"
            : total < 3600 ? "\(total / 60) min \(total % 60) s" : "\(total / 3600) h \(total / 60 % 60) min"
    }
}
