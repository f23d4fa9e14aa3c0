import Glibc

/// Text to the standard streams, unbuffered, whole lines at a time even from several threads.
public enum Console {
    public static func out(_ text: String) { write(text, to: STDOUT_FILENO) }
    public static func error(_ text: String) { write(text, to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR {
                // A closed pipe (`hilum stages | head`) ends the text, not the run. A full disk ends both: what was asked for
                // did not arrive.
                if descriptor == STDOUT_FILENO, errno != EPIPE {
                    error("hilum: standard output can't be written: \(String(cString: strerror(errno)))\n")
                    _exit(1)
                }
                return
            }
            rest = rest.dropFirst(max(count, 0))
        }
    }
}
