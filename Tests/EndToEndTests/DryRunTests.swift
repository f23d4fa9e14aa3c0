import Foundation
import TestSupport
import Testing

/// A dry run says what the run with the same arguments would do.
@Suite struct DryRunTests {
    private static let random = """
        stages: [normalize, noise]
        outputs: { tensors: npy }
        variants: 3
        """

    private func runTwice(_ scratch: Scratch) throws -> [String] {
        let file = try scratch.write(Array(Self.random.utf8), "random.yaml")
        let arguments = ["run", file, "fixtures/gray8.png", "fixtures/rgb.png", "-o", "\(scratch.path)/o"]
        #expect(try HilumCommand.run(arguments).status == 0)
        return arguments
    }

    @Test func whatTheRunRefusesIsRefused() throws {
        let scratch = try Scratch()
        let arguments = try runTwice(scratch)
        let dry = try HilumCommand.run(arguments + ["--dry-run"])
        #expect(dry.status == 2 && dry.errors.contains("already holds a run") && dry.output.isEmpty, "\(dry)")
    }

    /// As far as manifest and outputs tell: the input is not read.
    @Test func whatIsDoneIsTold() throws {
        let scratch = try Scratch()
        let arguments = try runTwice(scratch) + ["--dry-run", "--resume"]
        let whole = try HilumCommand.run(arguments).output
        #expect(whole.contains("2 to do (2 of them done before: again only where"), "\(whole)")
        try FileManager.default.removeItem(atPath: "\(scratch.path)/o/rgb.variant-0002.npy")
        let cut = try HilumCommand.run(arguments).output
        #expect(cut.contains("2 to do (1 of them done before"), "\(cut)")
        let lines = try HilumCommand.run(arguments + ["--json"]).output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(lines.first { $0["item"] as? String == "gray8" }?["doneBefore"] as? Bool == true)
        #expect(lines.first { $0["item"] as? String == "rgb" }?["doneBefore"] as? Bool == false)
    }

    @Test func aReplayIsOfOneVariantOfOneItem() throws {
        let scratch = try Scratch()
        _ = try runTwice(scratch)
        let arguments = ["run", "--replay", "\(scratch.path)/o/rgb.variant-0002.json", "-o", "\(scratch.path)/again"]
        let dry = try HilumCommand.run(arguments + ["fixtures", "--dry-run"])
        #expect(dry.status == 0, "\(dry.errors)")
        #expect(dry.output.contains("of variant 2 only") && dry.output.contains("\n1 to do, 0 to skip"))
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/again"))
        // From another folder than the input's, without INPUT.
        let lost = try HilumCommand.run(arguments)
        #expect(lost.status == 2, "\(lost.errors)")
        #expect(lost.errors.contains("there is no rgb.png here") && lost.errors.contains("give INPUT"))
    }
}
