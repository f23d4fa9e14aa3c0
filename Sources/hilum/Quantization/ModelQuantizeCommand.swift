import ArgumentParser
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
        var contents = try ModelContents(source)
        contents.set(precision)
        var types: [String: StoredType] = [:]
        for (name, tensor) in contents.weights { types[name] = storedType(of: name, tensor) }
        var report = try QuantizationReport(of: source.directory)
        try contents.write("weights.safetensors", safetensorsBytes(contents.weights, types: types), to: output)
        try report.add("after", output, try Detector(directory: output))
        Console.out(report.text)
    }

    private func storedType(of name: String, _ tensor: Tensor) -> StoredType {
        guard StoredType.isMatrix(name, tensor) else { return .float32 }
        // What the plan multiplies in bf16 keeps as many digits.
        let isFine =
            ["stem.", "pyramid.", "queries.", "mask."].contains { name.hasPrefix($0) } || name == "dense.output.weight"
        return precision == .int8 && !isFine ? .int8 : .bfloat16
    }
}
