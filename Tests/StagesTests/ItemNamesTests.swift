import DataSets
import Files
import Foundation
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

    /// The mask `labels` of `case` is `case.labels.nii.gz`, as the image of an item `case.labels` would be.
    @Test func filesOfOneBeginning() throws {
        try put("anatomical.nii", "d/case.nii", "d/case.labels.nii", "d/case.a.b.nii", "d/other.labels.nii")
        try put("gray8.png", "d/case.overlay-1.png", "d/sub/run.png", "d/run.png", "d/run.x.png")
        #expect(
            items(["d"]).keys.sorted() == [
                "case", "case.a.b.nii", "case.labels.nii", "case.overlay-1.png", "other.labels", "run.png", "run.x.png",
                "sub/run",
            ])
        try put("anatomical.nii", "e/x.labels.nii", "e/x.nii")
        #expect(items(["e/x.labels.nii", "e/x.nii"]).keys.sorted() == ["x", "x.labels.nii"])
    }

    @Test func filesOfOneBeginningWithoutExtension() throws {
        try put("ct_small.dcm", "d/1.2.3")
        try put("mr_small.dcm", "d/1.2.3.4")
        try put("gray8.png", "d/image", "d/image.labels", "d/run")
        var failures: [String: String] = [:]
        var names: [String] = []
        Discovery(inputs: ["\(scratch.path)/d"], output: nil).run { unit in
            names.append(unit.name)
            if case .fail(let reason) = unit.verdict { failures[unit.name] = reason.code }
            return true
        }
        #expect(failures == ["image.labels": "ambiguous-name", "run": "ambiguous-name"])
        #expect(names.count == 5 && names.contains("image") && names.contains("1.2.3"), "\(names)")
        #expect(names.contains { $0.hasPrefix("MR-") }, "\(names)")
    }

    /// An item's file cannot lie where a folder of other items' files must be.
    @Test func foldersThatAreCalledLikeOutputs() throws {
        try put("gray8.png", "g/x.png", "g/x.npy/y.png", "g/z.png", "g/z.other/y.png", "g/w/run.json/v.png")
        #expect(items(["g"]).keys.sorted() == ["w/run.json/v", "x.npy/y", "x.png", "z", "z.other/y"])
        #expect(items(["g/x.png", "g/x.npy"]).keys.sorted() == ["x.npy/y", "x.png"])
        for name in ["run.json", "manifest.1-of-2.jsonl", "report.html", "samples-000000.tar"] {
            try put("gray8.png", "h/\(name)/a.png", "h/a.png", "h/run.1-of-2.png")
            #expect(items(["h"]).keys.sorted() == [name, "a", "run.1-of-2.png"].sorted())
            try FileManager.default.removeItem(atPath: "\(scratch.path)/h")
        }
    }

    /// Swift mends names that are not UTF-8, these to one that another file has.
    @Test func namesThatAreMendedAlike() throws {
        try put("gray8.png", "u/b\u{FFFD}.png")
        for byte in [0xFE, 0xFF] as [UInt8] {
            let path = Array("\(scratch.path)/u/b".utf8) + [byte] + Array(".png".utf8) + [0]
            close(path.withUnsafeBytes { creat($0.bindMemory(to: CChar.self).baseAddress!, 0o666) })
        }
        let mended = "b\u{FFFD}.png"
        #expect(items(["u"]) == ["b\u{FFFD}": [mended], mended: [mended], "\(mended)-2": [mended]])
    }

    /// An input that another takes the place of between digest and pixels.
    @Test func aFileThatIsExchangedFails() throws {
        try put("gray8.png", "i/a.png", "i/b.png")
        var found: ItemInput?
        Discovery(inputs: ["\(scratch.path)/i/a.png"], output: nil).run { unit in
            if case .process(let input) = unit.verdict { found = input }
            return true
        }
        let input = try #require(found)
        _ = try input.digests()
        _ = try input.read(named: "a")
        #expect(rename("\(scratch.path)/i/b.png", "\(scratch.path)/i/a.png") == 0)
        let error = #expect(throws: FileError.self) { try input.read(named: "a") }
        #expect(error?.code == "file-changed")
    }

    /// What was written of a series may lie beside it again.
    @Test func seriesBesideFiles() throws {
        for index in 1...3 { try put("ct-series/0\(index).dcm", "f/\(index).dcm") }
        let alone = try #require(items(["f"]).keys.first)
        try put("anatomical.nii", "f/\(alone).lesions.nii")
        #expect(items(["f"]).keys.sorted() == ["\(alone)-2", "\(alone).lesions"])
        try put("anatomical.nii", "f/\(alone).nii")
        #expect(items(["f"]).keys.sorted() == [alone, "\(alone)-2", "\(alone).lesions.nii"])
    }

    /// Volumes of one file are numbered, and the numbers may be another file's.
    @Test func volumesBesideFiles() throws {
        try AtomicFile.write("\(scratch.path)/c/a.dcm") { [bytes = try twoStacks()] (sink) throws(FileError) in
            try sink.write(bytes)
        }
        let alone = items(["c"])
        #expect(alone == ["a-1": ["a.dcm"], "a-2": ["a.dcm"]])
        try put("gray8.png", "c/a-1.png")
        let found = items(["c"])
        #expect(found.count == 3 && found["a-1"] == ["a-1.png"] && found["a-2"] == ["a.dcm"], "\(found)")
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

    /// Five frames of one object, two of them in a stack of their own (PS3.3 C.7.6.16.2.2).
    private func twoStacks() throws -> [UInt8] {
        let original = try PartTenFile(path: Fixtures.path("ct_enhanced_shuffled.dcm"))
        let (perFrame, position) = (Tag(0x5200, 0x9230), Tag(0x0020, 0x9113))
        var dataSet = original.dataSet
        var groups = try #require(dataSet[perFrame]?.items)
        for index in groups.indices {
            let place = groups[index][position]?.items?.first?.text(Tag(0x0020, 0x0032)) ?? ""
            let isLow = place.hasSuffix("\\-12.0") || place.hasSuffix("\\-6.0")
            let stack = DataElement(Tag(0x0020, 0x9056), .SH, text: isLow ? "A" : "B")
            groups[index].set(DataElement(Tag(0x0020, 0x9111), .SQ, .items([DataSet([stack])])))
        }
        dataSet.set(DataElement(perFrame, .SQ, .items(groups)))
        let plan = try PartTenWriter.encode(
            meta: DataSet(original.meta.elements.filter { !$0.tag.isGroupLength }), dataSet, original.encoding,
            from: original.source)
        var bytes: [UInt8] = []
        try plan.forEachPart(from: original.source) { bytes.append(contentsOf: $0) }
        return bytes
    }
}
