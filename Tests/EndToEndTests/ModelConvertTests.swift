import Foundation
import TestSupport
import Testing

/// `hilum model convert` on a network of some tens of thousands of parameters; what the ONNX file computes compares
/// Tests/Peers/compare_onnx.py.
struct ModelConvertTests {
    private static let small = "Tests/Peers/small"

    private func convert(_ scratch: Scratch, _ more: String...) throws -> HilumCommand.Result {
        try HilumCommand.run(["model", "convert", Self.small, "-o", "\(scratch.path)/out"] + more)
    }

    private func files(_ scratch: Scratch) throws -> [String] { try tree("\(scratch.path)/out").keys.sorted() }

    @Test func onnxIsWrittenWholeOnceAndTheSameEachTime() throws {
        let (first, second) = (try Scratch(), try Scratch())
        let result = try convert(first)
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        #expect(result.output.contains("image [1, 1, 64, 64] to boxes [1, 80, 4], scores [1, 80, 2]"))
        #expect(try files(first) == ["config.json", "model.onnx"])
        #expect(try convert(second).status == 0)
        let made = try tree("\(first.path)/out")
        #expect(try tree("\(second.path)/out") == made)
        let again = try convert(first, "--format", "safetensors")
        #expect(again.status == 2 && again.errors.contains("holds a model already"), "\(again.errors)")
        #expect(try tree("\(first.path)/out") == made)
    }

    @Test func foldersAtAnotherSizeLoadAndDetect() throws {
        let scratch = try Scratch()
        let result = try convert(
            scratch, "--format", "safetensors", "--precision", "bf16", "--input-size", "128")
        #expect(result.status == 0 && result.errors.contains("fitted at 64 x 64"), "\(result.errors)")
        #expect(try files(scratch) == ["config.json", "weights.safetensors"])
        let weights = try Data(contentsOf: URL(filePath: "\(scratch.path)/out/weights.safetensors"))
        let before = try Data(contentsOf: URL(filePath: "\(Fixtures.root)/\(Self.small)/weights.safetensors"))
        #expect(weights.count < before.count)
        let info = try HilumCommand.run("model", "info", "\(scratch.path)/out")
        #expect(info.status == 0 && info.output.contains("128 x 128"), "\(info.errors)")
        let found = try HilumCommand.run(
            "detect", "fixtures/mr_small.dcm", "--model", "\(scratch.path)/out", "-o", "\(scratch.path)/found",
            "--quiet")
        #expect(found.status == 0, "\(found.errors)")
    }

    @Test func quantisedModelsBecomeTheirNumbers() throws {
        let scratch = try Scratch()
        let short = "\(scratch.path)/int8"
        #expect(try HilumCommand.run("model", "quantize", Self.small, "-o", short).status == 0)
        let long = try HilumCommand.run(
            "model", "convert", short, "--format", "safetensors", "-o", "\(scratch.path)/out")
        #expect(long.status == 0, "\(long.errors)")
        let sizes = try [short, "\(scratch.path)/out", Self.small].map {
            try Data(
                contentsOf: URL(filePath: "\($0)/weights.safetensors", relativeTo: URL(filePath: Fixtures.root + "/"))
            )
            .count
        }
        #expect(sizes[0] < sizes[1] && abs(sizes[1] - sizes[2]) < 64)
        let config = try String(contentsOfFile: "\(scratch.path)/out/config.json", encoding: .utf8)
        #expect(!config.contains("\"precision\""))
        #expect(try HilumCommand.run("model", "convert", short, "-o", "\(scratch.path)/onnx").status == 0)
    }

    @Test func mistakesAreNamedBeforeAnythingIsWritten() throws {
        let scratch = try Scratch()
        func refused(_ words: String, _ more: String...) throws {
            let result = try HilumCommand.run(
                ["model", "convert", Self.small, "-o", "\(scratch.path)/out"] + more)
            #expect(result.status == 2 && result.errors.contains(words), "\(more): \(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/out"))
        }
        try refused("--precision: only with --format safetensors", "--precision", "bf16")
        try refused("multiple of 32 up to 4096, found 100", "--input-size", "100")
        try refused("found 0", "--input-size", "0")
        try refused("adapter_config.json", "--adapter", scratch.path)
        try refused("'tflite'", "--format", "tflite")
        let nowhere = try HilumCommand.run("model", "convert", Self.small, "-o", "")
        #expect(nowhere.status == 2 && nowhere.errors.contains("name a folder"), "\(nowhere.errors)")
        let unknown = try HilumCommand.run("model", "convert", "no-such-model", "-o", "\(scratch.path)/out")
        #expect(unknown.status == 2 && unknown.errors.contains("there is no model 'no-such-model'"))
    }
}
