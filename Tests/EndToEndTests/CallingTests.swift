import Foundation
import TestSupport
import Testing

/// How the command meets the world around it: streams that are closed.
@Suite struct CallingTests {
    private let pipeline = "stages: [normalize]\noutputs: { tensors: npy }\n"

    /// What is told would otherwise go into the first file that is opened: the manifest.
    @Test func closedStreamsAreNoFiles() throws {
        let scratch = try Scratch()
        let file = try scratch.write(Array(pipeline.utf8), "p.yaml")
        let arguments = ["run", file, "fixtures/gray8.png", "fixtures/anatomical.nii", "-o"]
        #expect(try HilumCommand.run(arguments + ["\(scratch.path)/open"]).status == 0)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments =
            ["-c", #""$0" "$@" <&- >&- 2>&-"#, HilumCommand.path] + arguments + ["\(scratch.path)/closed"]
        process.currentDirectoryURL = URL(filePath: Fixtures.root)
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try tree("\(scratch.path)/closed") == tree("\(scratch.path)/open"))
    }
}
