import Glibc
import Pipelines

/// How far a long command is, on one line of a terminal.
enum Progress {
    static func show(_ number: Int, of count: Int) {
        if isatty(STDERR_FILENO) == 1 { Console.error("\r\(number) of \(count)") }
    }

    static func clear() {
        if isatty(STDERR_FILENO) == 1 { Console.error("\r\u{1B}[K") }
    }
}
