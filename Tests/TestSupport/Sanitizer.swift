import Foundation

/// Whether tests run under a sanitizer, which takes ten times as long: `make check` says so.
public let isSanitized = ProcessInfo.processInfo.environment["HILUM_SANITIZED"] == "1"

/// How often a test repeats what it draws by chance: a fifth under a sanitizer. `make fuzz-short` draws more there.
public func repeats(_ count: Int) -> Int { isSanitized ? (count + 4) / 5 : count }
