import Cryptography
import TestSupport

@testable import Deidentification

/// A cleaner under a key of its own.
struct TestCleaner {
    let scratch: Scratch
    let files: FileCleaner

    init(_ options: Set<ProfileOption> = []) throws {
        scratch = try Scratch()
        let path = scratch.path + "/key"
        try ProjectKey.create(path: path)
        files = FileCleaner(policy: try Policy(options: options), key: try ProjectKey(path: path), program: "test")
    }

    func subject(_ key: String = "somebody") -> Subject { Subject(key: key, files.names.key) }

    func tree(_ participants: [String: Subject] = [:]) -> TreeNames {
        TreeNames(files.names, participants: participants)
    }
}

/// What a check finds in the bytes of a result.
func leak(in bytes: [UInt8], _ text: CleanedText) -> Bool {
    var scan = ByteScan(text.values, text.allowance)
    bytes.withUnsafeBytes { scan.search($0) }
    do throws(Refusal) { try scan.finish() } catch { return true }
    return false
}
