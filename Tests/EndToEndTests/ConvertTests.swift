import Files
import Foundation
import NIfTI
import TestSupport
import Testing
import Volumes

@Suite struct ConvertTests {
    private func convert(_ arguments: String...) throws -> (result: HilumCommand.Result, out: Scratch) {
        let out = try Scratch()
        return (try HilumCommand.run(["convert"] + arguments + ["-o", "\(out.path)/o", "--quiet"]), out)
    }

    private func only(_ suffix: String, below folder: Scratch) throws -> String {
        let paths = try tree("\(folder.path)/o").keys.filter { $0.hasSuffix(suffix) && !$0.contains("manifest") }
        #expect(paths.count == 1, "\(paths)")
        return "\(folder.path)/o/\(try #require(paths.first))"
    }

    private func json(_ path: String) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path))) as? [String: Any])
    }

    /// As `hilum run` says it of tensors.
    @Test(arguments: ["npy", "safetensors"]) func numbersThatAreNoneAreSaid(format: String) throws {
        let scratch = try Scratch()
        let volume = Volume(
            voxels: [1, .nan, 2, .infinity], shape: Shape(depth: 1, height: 2, width: 2),
            geometry: Geometry(spacing: .one))
        let writer = try NIfTIWriter(volume)
        let path = "\(scratch.path)/a\(writer.suffix)"
        try AtomicFile.write(path) { (sink) throws(FileError) in try writer.write(to: sink) }
        let (result, out) = try convert(path, "--format", format)
        #expect(result.status == 0, "\(result.errors)")
        let warnings = try manifest("\(out.path)/o")["a"]?["warnings"] as? [[String: String]]
        #expect(warnings?.map { $0["code"] } == ["not-finite"])
        #expect(warnings?.first?["message"]?.hasPrefix("2 voxels") == true)
    }

    /// Two folders of one name, and files that differ only in their endings: which is which is told, and none stops the run.
    @Test func inputsOfOneNameAreToldApart() throws {
        let scratch = try Scratch()
        for folder in ["A/x", "B/x"] {
            let path = "\(scratch.path)/\(folder)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: Fixtures.path("gray8.png"), toPath: "\(path)/i.png")
        }
        let result = try HilumCommand.run(
            "convert", "\(scratch.path)/A/x", "\(scratch.path)/B/x", "fixtures/anatomical.nii",
            "fixtures/gray8.png", "fixtures/gray8.png", "-o", "\(scratch.path)/o", "--format", "png")
        #expect(result.status == 0)
        #expect(result.errors.contains("hilum: \(scratch.path)/B/x is x-2 in items and manifest"))
        #expect(result.errors.components(separatedBy: "has the same name").count == 3)
        let lines = try manifest("\(scratch.path)/o")
        #expect(Set(lines.keys) == ["x/i", "x-2/i", "anatomical", "gray8", "gray8.png-2"])
        #expect(lines["x-2/i"]?["inputs"] as? [String] == ["x-2/i.png"])
    }

    @Test func storedValuesStayBesideTheirSlope() throws {
        let (result, out) = try convert("fixtures/ct-series")
        #expect(result.status == 0)
        let path = try only(".nii.gz", below: out)
        let header = try NIfTIFile.header(path: path)
        #expect(header.datatype == .int16)
        #expect(header.version == 1)
        #expect(header.rescale?.intercept == -1024)
        #expect(header.dimensions == [64, 48, 10])
        let (volume, _) = try NIfTIFile.read(path: path)
        let expected = try Expectation.load("dicom.json")["ct-series"]
        #expect(Expectation.digest(volume.voxels) == expected?.digest)
        #expect((volume.geometry.origin - [-100.8, -82.25, -18]).length < 1e-4)
    }

    @Test func theSidecarTellsAcquisitionAndTheFileBehindEachSlice() throws {
        let (_, out) = try convert("fixtures/ct-series")
        let path = try only(".json", below: out)
        let sidecar = try json(path)
        #expect(sidecar["Modality"] as? String == "CT")
        #expect(sidecar["SliceThickness"] as? Double == 5)
        #expect(sidecar["Units"] as? String == "HU")
        #expect((sidecar["Sources"] as? [String])?.count == 10)
        // File names, instance numbers and positions of the fixture disagree in order: positions decide.
        let slices = try #require(sidecar["SliceSources"] as? [String])
        #expect(slices == (1...10).reversed().map { "2.25.20261121.2.\($0)" })
        #expect(sidecar["PatientID"] == nil && sidecar["PatientName"] == nil)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(!text.contains("PHANTOM"))
    }

    @Test func everyFormatIsWritten() throws {
        for (format, suffix) in [("npy", ".npy"), ("safetensors", ".safetensors")] {
            let (result, out) = try convert("fixtures/ct_small.dcm", "--format", format)
            #expect(result.status == 0)
            let bytes = try Data(contentsOf: URL(filePath: only(suffix, below: out)))
            #expect(bytes.count > 128 * 128 * 4)
            // CT stored as words: the output is in HU.
            let last = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            #expect(Float(bitPattern: last) == Float(bitPattern: last).rounded())
        }
        let (result, out) = try convert("fixtures/us_rgb.dcm", "fixtures/cr_monochrome1.dcm", "--format", "png")
        #expect(result.status == 0)
        let pictures = try tree("\(out.path)/o").filter { $0.key.hasSuffix(".png") }
        #expect(pictures.count == 2)
        // IHDR: colour type 2 is RGB, 0 is grey.
        #expect(Set(pictures.values.map { $0[25] }) == [0, 2])
    }

    @Test func versionTwoAndPlainFilesOnRequest() throws {
        let (_, out) = try convert(
            "fixtures/anatomical.nii", "--nifti-version", "2", "--compression", "none", "--float32")
        let header = try NIfTIFile.header(path: try only(".nii", below: out))
        #expect(header.version == 2)
        #expect(header.datatype == .float32)
    }

    @Test func threadsDoNotChangeABit() throws {
        let (_, one) = try convert("fixtures/ct-series", "fixtures/functional_4d.nii", "--workers", "1")
        let (_, three) = try convert("fixtures/ct-series", "fixtures/functional_4d.nii", "--workers", "3")
        #expect(try tree("\(one.path)/o") == tree("\(three.path)/o"))
    }

    @Test func irregularSeriesFollowTheOption() throws {
        let (refused, _) = try convert("fixtures/ct-missing-slices")
        #expect(refused.status == 1)
        #expect(refused.errors.isEmpty || refused.errors.contains("slices missing"))
        let (split, out) = try convert("fixtures/ct-missing-slices", "--on-irregular", "split")
        #expect(split.status == 0)
        let lines = try manifest("\(out.path)/o").values
        #expect(lines.allSatisfy { $0["status"] as? String == "ok" })
        let (wrong, _) = try convert("fixtures/ct-series", "--on-irregular", "guess")
        #expect(wrong.status == 2)
    }
}

@Suite struct InspectTests {
    @Test func patientsHaveNamesThatTellNothing() throws {
        let first = try HilumCommand.run("inspect", "--json", "fixtures/ct-series", "fixtures/ct_enhanced_shuffled.dcm")
        let second = try HilumCommand.run("inspect", "--json", "fixtures/ct-series")
        func patients(_ result: HilumCommand.Result) throws -> [String] {
            try result.output.split(separator: "\n").map { line in
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                return try #require(object?["patient"] as? String)
            }
        }
        let names = try patients(first)
        #expect(names.count == 2 && names[0] == names[1], "one patient has one name")
        #expect(try patients(second)[0] != names[0], "and another in every listing")
        #expect(!first.output.contains("PHANTOM") && !first.output.contains("2.25.20261121"))
        let shown = try HilumCommand.run("inspect", "--show-identifiers", "fixtures/ct-series")
        #expect(shown.output.contains("patient PHANTOM") && shown.output.contains("made CT phantom"))
    }

    @Test func irregularitiesAreNamed() throws {
        let result = try HilumCommand.run("inspect", "fixtures/ct-missing-slices")
        #expect(result.status == 1)
        #expect(result.output.contains("refused:") && result.output.contains("161 of 165 slices missing"))
    }
}
