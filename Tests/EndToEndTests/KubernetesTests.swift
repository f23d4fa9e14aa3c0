import Foundation
import TestSupport
import Testing

/// What docs/scale.md has a container run: a shard counts as done when it is complete, and not when it was stopped.
struct KubernetesTests {
    /// The block of the manifest behind "args", for a stand-in of hilum that does what its environment says.
    private func script(_ scratch: Scratch) throws -> String {
        let page = try String(contentsOfFile: "\(Fixtures.root)/docs/scale.md", encoding: .utf8)
        let block = try #require(page.firstMatch(of: /\n +- \|\n(?<lines>.+?)\n +resources:/.dotMatchesNewlines()))
        return String(block.output.lines).replacing("/tmp/events", with: "\(scratch.path)/events")
    }

    @Test(arguments: [
        (code: "0", complete: "true", status: 0), ("1", "true", 0), ("1", "", 1), ("2", "", 2), ("130", "false", 130),
        ("137", "", 137),
    ])
    func aShardIsDoneWhenItIsComplete(code: String, complete: String, status: Int32) throws {
        let scratch = try Scratch()
        let summary = #"{"event":"summary","ok":1,"failed":1,"complete":\#(complete)}"#
        let standIn =
            "#!/bin/bash\n[ -z '\(complete)' ] || echo '\(summary)'\n[[ \"$*\" == *'--shard 3/16'* ]] && exit \(code)\n"
        let path = try scratch.write(Array(standIn.utf8), "hilum")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", try script(scratch)]
        process.environment = ["PATH": "\(scratch.path):/usr/bin:/bin", "JOB_COMPLETION_INDEX": "2"]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == status)
    }
}
