import Files
import Pipelines
import TestSupport
import Testing

@testable import Stages

/// No two items of a run have one name: their outputs would be the same files.
struct ItemNamesTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func items(_ inputs: [String]) -> [String: [String]] {
        var items: [(String, [String])] = []
        Discovery(inputs: inputs.map { "\(scratch.path)/\($0)" }, output: nil).run { unit in
            items.append((unit.name, unit.inputs))
            return true
        }
        return Dictionary(items, uniquingKeysWith: { $0 + ["and"] + $1 })
    }

    private func put(_ fixture: String, _ names: String...) throws {
        let bytes = try Fixtures.bytes(fixture)
        for name in names {
            try AtomicFile.write("\(scratch.path)/\(name)") { (sink) throws(FileError) in try sink.write(bytes) }
        }
    }

    @Test func filesThatDifferInTheirEndings() throws {
        try put("gray8.png", "a/x.png", "b/x.png", "b/x.png.nii", "b/y.png")
        try put("anatomical.nii", "a/x.nii", "b/x.nii")
        #expect(items(["a/x.png", "a/x.nii"]) == ["x.png": ["x.png"], "x.nii": ["x.nii"]])
        #expect(
            items(["b"]) == [
                "x.png": ["x.png"], "x.nii": ["x.nii"], "x.png.nii": ["x.png.nii"], "y": ["y.png"],
            ])
    }

    @Test func inputsOfOneName() throws {
        try put("gray8.png", "A/x/i.png", "B/x/i.png", "C/x-2/i.png", "A/j.png", "B/j.png")
        #expect(
            items(["A/x", "B/x", "C/x-2", "A/j.png", "B/j.png"]) == [
                "x/i": ["x/i.png"], "x-3/i": ["x-3/i.png"], "x-2/i": ["x-2/i.png"], "j": ["j.png"],
                "j.png-2": ["j.png-2"],
            ])
        let renamed = Discovery.renamed(["A/x", "B/x", "C/x-2", ".", "A/x"])
        #expect(renamed.map(\.input) == ["B/x", "A/x"] && renamed.map(\.name) == ["x-3", "x-4"])
    }
}
