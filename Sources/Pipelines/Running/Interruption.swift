import Glibc
import Synchronization

/// Ctrl-C and SIGTERM: the first asks for an orderly stop between two stages, the second ends the program at once.
/// Either way no output is half-written and `--resume` goes on from there.
public enum Interruption {
    private static let count = Atomic<Int>(0)

    public static var isRequested: Bool { count.load(ordering: .relaxed) > 0 }

    /// Handles SIGINT and SIGTERM from now on.
    public static func install() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in
                // Only async-signal-safe calls in here: an atomic addition, write, _exit.
                if Interruption.count.add(1, ordering: .relaxed).oldValue > 0 { _exit(130) }
                let text: StaticString = "\nstopping after the stages in progress; press Ctrl-C again to stop now\n"
                _ = unsafe write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
            }
        }
    }
}
