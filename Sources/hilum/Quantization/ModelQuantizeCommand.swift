import ArgumentParser
import Files
import Foundation
import Networks
import Pipelines
import Stages
import Tensors

struct ModelQuantizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize",
        abstract: "Write a model in bf16 or int8, and say what that changes.",
        discussion: """
            int8: weights with one scale a channel; activations with one a token, found as they are computed, so that no \
            images are needed to calibrate. Stem, boxes and classes stay bf16; norms, softmax and GELU float32. The report is \
            made on seeded test pictures; what it costs in accuracy says `hilum model evaluate`, on either folder.
            """)

    @Argument(help: "Name of a shipped model, or a model's folder.")
    var model: String

    @Option(name: .shortAndLong, help: "Folder for the new model.", completion: .directory)
    var output: String

    enum Target: String, CaseIterable, ExpressibleByArgument {
        case bf16, int8
    }

    @Option(name: .customLong("precision"), help: "bf16 or int8.")
    var target = Target.int8

    private var precision: Precision { target == .int8 ? .int8 : .bfloat16 }

    func run() throws {
        let source = try ModelLibrary.model(named: model)
        guard !FileManager.default.fileExists(atPath: output + "/weights.safetensors") else {
            throw UsageError("\(output) holds a model already; name another folder")
        }
        try write(from: source.directory)
        let report = try QuantizationReport(exact: source.directory, quantized: output, precision: precision)
        Console.out(report.text)
    }

    private func write(from directory: String) throws {
        var file = try WeightFile(path: directory + "/weights.safetensors")
        var (tensors, types): ([String: Tensor], [String: StoredType]) = ([:], [:])
        for name in file.names {
            let tensor = try file.take(name)
            tensors[name] = tensor
            types[name] = storedType(of: name, tensor)
        }
        let bytes = safetensorsBytes(tensors, types: types)
        var configuration = try JSONDecoder().decode(
            JSONValue.self, from: Data(FileBytes.read(directory + "/config.json", limit: 1 << 20)))
        configuration.set("precision", .string(precision.rawValue))
        try AtomicFile.makeFolder(output)
        try AtomicFile.write(output + "/weights.safetensors") { (sink) throws(FileError) in try sink.write(bytes) }
        try AtomicFile.write(output + "/config.json", text: configuration.sorted.text(indented: true) + "\n")
    }

    /// Matrices are stored short; norms, biases and positions are few and added as they are.
    private func storedType(of name: String, _ tensor: Tensor) -> StoredType {
        guard tensor.shape.rank > 1, name.hasSuffix(".weight") else { return .float32 }
        // What the plan multiplies in bf16 keeps as many digits.
        let isFine =
            ["stem.", "pyramid.", "queries.", "mask."].contains { name.hasPrefix($0) } || name == "dense.output.weight"
        return precision == .int8 && !isFine ? .int8 : .bfloat16
    }
}
