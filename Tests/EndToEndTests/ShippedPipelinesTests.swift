import Foundation
import TestSupport
import Testing

@Suite struct ShippedPipelinesTests {
    private func run(_ pipeline: String, _ inputs: String...) throws -> (
        folder: Scratch, lines: [String: [String: Any]]
    ) {
        let scratch = try Scratch()
        let result = try HilumCommand.run(
            ["run", "pipelines/\(pipeline).yaml"] + inputs + ["-o", "\(scratch.path)/o", "--quiet"])
        #expect(result.status == 0, "\(result.errors)")
        return (scratch, try manifest("\(scratch.path)/o"))
    }

    /// Shape and values of an NPY file of little-endian Float32 in C order.
    private func numpy(_ path: String) throws -> (shape: [Int], values: [Float]) {
        let data = try Data(contentsOf: URL(filePath: path))
        let length = Int(data[8]) | Int(data[9]) << 8
        let header = String(decoding: data[10..<10 + length], as: UTF8.self)
        #expect((10 + length) % 64 == 0 && header.contains("'descr': '<f4', 'fortran_order': False"))
        let inner = try #require(header.split(separator: "(").last?.split(separator: ")").first)
        let values = data.dropFirst(10 + length).withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
        return (inner.split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }, values)
    }

    @Test func ctTensorsAreOnAMillimetreGridWithinZeroAndOne() throws {
        let (folder, lines) = try run("ct-tensors", "fixtures/ct-series", "fixtures/mr_small.dcm")
        let ct = try #require(lines.first { $0.value["status"] as? String == "ok" })
        let output = try #require((ct.value["outputs"] as? [String])?.first)
        let (shape, values) = try numpy("\(folder.path)/o/\(output)")
        #expect(shape.count == 4 && shape[0] == 1 && shape.reduce(1, *) == values.count)
        #expect(values.allSatisfy { (0...1).contains($0) })
        #expect(Set(values).count > 10)
        // The MR image is not for this pipeline, and that is said.
        #expect(lines.values.contains { ($0["error"] as? [String: Any])?["code"] as? String == "not-selected" })
        let sidecar = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(filePath: "\(folder.path)/o/\(ct.key).json"))) as? [String: Any])
        #expect((sidecar["sources"] as? [Any])?.count == 10)
        #expect(
            (sidecar["stages"] as? [[String: Any]])?.map { $0["stage"] as? String } == [
                "rescale", "window", "resample",
            ])
    }

    @Test func mriTensorsAreNIfTI() throws {
        let (folder, lines) = try run("mri-tensors", "fixtures/mr_small.dcm", "fixtures/anatomical.nii")
        #expect(lines.values.allSatisfy { $0["status"] as? String == "ok" })
        for line in lines.values {
            let output = try #require((line["outputs"] as? [String])?.first)
            let bytes = try Data(contentsOf: URL(filePath: "\(folder.path)/o/\(output)"))
            #expect(output.hasSuffix(".nii.gz") && bytes.starts(with: [0x1f, 0x8b]))
        }
    }

    @Test func radiographsAreInvertedWhenTheyAreMonochrome1() throws {
        let (folder, _) = try run("xray-tensors", "fixtures/cr_monochrome1.dcm")
        let (shape, values) = try numpy("\(folder.path)/o/cr_monochrome1.npy")
        #expect(shape == [1, 1, 512, 512])
        #expect(values.allSatisfy { (0...1).contains($0) })
        #expect(FileManager.default.fileExists(atPath: "\(folder.path)/o/cr_monochrome1.png"))
        let scratch = try Scratch()
        _ = try HilumCommand.run(
            "run", "xray-tensors", "fixtures/cr_monochrome1.dcm", "-o", "\(scratch.path)/o", "--set",
            "stages.normalize.polarity=keep")
        let kept = try numpy("\(scratch.path)/o/cr_monochrome1.npy").values
        let inside = zip(values, kept).filter { $0 != 0 && $1 != 0 }
        #expect(!inside.isEmpty && inside.allSatisfy { abs($0 + $1 - 1) < 1e-5 })
    }

    @Test func theSimulatedLesionIsFoundBoxedAndExplained() throws {
        let (folder, lines) = try run("brain-mri-tumour", "fixtures/demo/t1-simulated-lesion.nii.gz")
        let line = try #require(lines["t1-simulated-lesion"])
        let outputs = try #require(line["outputs"] as? [String])
        #expect(outputs.contains { $0.hasSuffix(".overlay-1.png") })
        let json = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(filePath: "\(folder.path)/o/t1-simulated-lesion.findings.json")))
                as? [String: Any])
        let findings = try #require(json["findings"] as? [[String: Any]])
        let first = try #require(findings.first)
        // Where make_simulated_lesion.py put it: RAS (36, -18, 30) is LPS (-36, 18, 30).
        let location = try #require(first["location"] as? [String: Any])
        let center = try #require(location["center_mm"] as? [Double])
        let distance = zip(center, [-36.0, 18, 30]).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
        #expect(distance < 10, "\(center)")
        #expect(first["severity_grade"] is NSNull)
    }

    @Test func aDryRunTellsShapesAndWritesNothing() throws {
        let scratch = try Scratch()
        let result = try HilumCommand.run(
            "run", "ct-tensors", "fixtures/ct-series", "fixtures/mr_truncated.dcm", "-o", "\(scratch.path)/o",
            "--dry-run")
        #expect(result.status == 0)
        #expect(result.output.contains("resample -> 1 x "))
        #expect(result.output.contains("tensors (npy)"))
        #expect(result.output.contains("nothing was written"))
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/o"))
        let json = try HilumCommand.run(
            "run", "ct-tensors", "fixtures/ct-series", "-o", "\(scratch.path)/o", "--dry-run", "--json")
        let events = try json.output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(events.map { $0["event"] as? String } == ["item", "summary"])
        #expect((events[0]["memoryBytes"] as? Int ?? 0) > 0)
        #expect(events[1]["process"] as? Int == 1 && events[1]["fail"] as? Int == 0)
    }

    @Test func jsonEventsAndInspectAreMachineReadable() throws {
        let scratch = try Scratch()
        let result = try HilumCommand.run(
            "run", "ct-tensors", "fixtures/ct-series", "-o", "\(scratch.path)/o", "--json")
        let events = try result.output.split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        #expect(events.compactMap { $0?["event"] as? String } == ["item", "summary"])
        let inspected = try HilumCommand.run("inspect", "--json", "fixtures/ct-series", "fixtures/sr_no_pixels.dcm")
        #expect(inspected.status == 0)
        #expect(inspected.output.split(separator: "\n").count == 2)
        #expect(inspected.output.contains("explicit little endian"))
        // The words of the manifest.
        #expect(inspected.output.contains("\"status\":\"ok\"") && inspected.output.contains("\"status\":\"skipped\""))
    }

    @Test func theSchemaIsJSON() throws {
        let result = try HilumCommand.run("stages", "--schema")
        let schema = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        #expect(schema?["title"] as? String == "Hilum pipeline")
    }
}

@Suite struct DocumentationTests {
    /// `make docs` writes both; a change of a stage must not leave them behind.
    @Test(arguments: [("stages.txt", ["stages"]), ("pipeline.schema.json", ["stages", "--schema"])])
    func theListsInDocsAreCurrent(file: String, arguments: [String]) throws {
        let written = try String(contentsOfFile: "\(Fixtures.root)/docs/\(file)", encoding: .utf8)
        #expect(try HilumCommand.run(arguments).output == written, "run make docs")
    }

    /// What a reader copies from a page is a whole pipeline, and right: each block of YAML but Kubernetes' own.
    @Test func thePipelinesOfThePagesAreRight() throws {
        let scratch = try Scratch()
        let names = try FileManager.default.subpathsOfDirectory(atPath: "\(Fixtures.root)/docs").map { "docs/\($0)" }
        var files: [String] = []
        for page in ["README.md"] + names where page.hasSuffix(".md") {
            let text = try String(contentsOfFile: "\(Fixtures.root)/\(page)", encoding: .utf8)
            for block in text.components(separatedBy: "```yaml\n").dropFirst() {
                let yaml = block.components(separatedBy: "```")[0]
                if yaml.contains("apiVersion:") { continue }
                files.append(
                    try scratch.write(
                        Array(yaml.utf8), "\(files.count)-\(page.replacingOccurrences(of: "/", with: "-")).yaml"))
            }
        }
        #expect(files.count >= 3)
        for file in files {
            let result = try HilumCommand.run("validate", file)
            #expect(result.status == 0, "\(result.output)\(result.errors)")
        }
    }

    /// Whatever a pipeline file takes at its top and under `input` is told with the stages.
    @Test(arguments: ["  modality: ", "  formats: ", "  stack: ", "variants: "])
    func theListTellsEveryKey(key: String) throws {
        #expect(try HilumCommand.run("stages").output.contains("\n\(key)"))
    }
}
