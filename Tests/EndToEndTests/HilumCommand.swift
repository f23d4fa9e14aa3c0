import Foundation
import TestSupport

/// The built command, run as a user would.
struct HilumCommand {
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Beside the test bundle in the build folder.
    static let path: String = {
        var folder = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<4 {
            let candidate = folder.appendingPathComponent("hilum").path
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
            folder = folder.deletingLastPathComponent()
        }
        fatalError("the hilum command was not built beside the tests")
    }()

    /// Starts the command from the root of the repository; the caller waits for it.
    static func start(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: Fixtures.root)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    static func run(_ arguments: String...) throws -> Result { try run(arguments) }

    static func run(_ arguments: [String]) throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: Fixtures.root)
        process.standardInput = FileHandle.nullDevice
        let folder = try Scratch()
        let (out, err) = ("\(folder.path)/out", "\(folder.path)/err")
        for file in [out, err] { try Data().write(to: URL(filePath: file)) }
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: out))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: err))
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: try String(contentsOfFile: out, encoding: .utf8),
            errors: try String(contentsOfFile: err, encoding: .utf8))
    }
}

/// Every file below a folder with its bytes, by relative path. `run.json` tells times and is left out.
func tree(_ folder: String) throws -> [String: Data] {
    var result: [String: Data] = [:]
    for case let path as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
        var isFolder: ObjCBool = false
        let full = "\(folder)/\(path)"
        guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder), !isFolder.boolValue else {
            continue
        }
        if path.hasPrefix("run.") { continue }
        result[path] = try Data(contentsOf: URL(filePath: full))
    }
    return result
}

/// Lines of a manifest by item.
func manifest(_ folder: String, _ name: String = "manifest.jsonl") throws -> [String: [String: Any]] {
    let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    var result: [String: [String: Any]] = [:]
    for line in text.split(separator: "\n") {
        if let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
            let item = object["item"] as? String
        {
            result[item] = object
        }
    }
    return result
}
