import ArgumentParser
import Cryptography
import Files
import Networks
import Pipelines
import Stages
import Tensors

struct ModelConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract:
            "Write a model as ONNX for other programs, or as a folder at another input size or with an adapter merged.",
        discussion: """
            onnx: OUT/model.onnx (operators of set 17, float32, one image, fixed shapes) and config.json to look up. Input image \
            [1, 1, S, S] in [0, 1]. Outputs boxes [1, N, 4] (x0, y0, x1, y1 in pixels of the input), scores [1, N, CLASSES] \
            (calibrated, one a class) and abnormality [1].

            What stays to be done, before: the image as in pipelines/brain-mri-tumour.yaml: percentiles to [0, 1] over the \
            whole image, resized with the aspect kept by an antialiased triangle filter, centred on zeros; pixels as high as \
            wide. After, of dense cells: take each box's greatest score, drop those below the threshold, and by falling score \
            drop a box whose IoU with one that was kept is above suppressionIoU, whatever the classes; at most 32 stay. Boxes \
            of queries need no suppression. Threshold, IoU, classes and the model's SHA-256 are in the file's metadata. \
            `hilum detect` computes in bfloat16 where the processor does: scores may differ by some hundredths, edges by a pixel \
            or two and the abnormality by a tenth.

            safetensors: a model's folder as `hilum detect --model` takes it. Quantised weights are written as the numbers \
            that they stand for.
            """)

    @Argument(help: "Name of a shipped model, or a model's folder.")
    var model: String

    @Option(name: .shortAndLong, help: "Folder for the new model.", completion: .directory)
    var output: String

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case onnx, safetensors
    }

    @Option(help: "onnx or safetensors.")
    var format = Format.onnx

    enum Storage: String, CaseIterable, ExpressibleByArgument {
        case float32, bf16
    }

    @Option(
        name: .customLong("precision"), help: "Of safetensors: matrices as float32 or bf16. [default: float32]")
    var storage: Storage?

    @Option(help: "Pixels a side of the images that the new model takes; learned positions are resized bicubically.")
    var inputSize: Int?

    @Option(
        help: "A LoRA adapter to merge: a folder in PEFT's format, as `hilum model train` writes OUTPUT/adapter.",
        completion: .directory)
    var adapter: String?

    func validate() throws {
        if format != .safetensors, storage != nil {
            throw ValidationError("--precision: only with --format safetensors")
        }
    }

    func run() throws {
        let source = try ModelLibrary.model(named: model)
        var contents = try ModelContents(source)
        if let adapter { try contents.merge(adapter: adapter) }
        if let inputSize { try contents.resize(to: inputSize) }
        contents.set(storage == .bf16 ? .bfloat16 : nil)
        switch format {
        case .onnx: try writeONNX(contents, source)
        case .safetensors: try writeFolder(contents)
        }
        for warning in contents.warnings { Console.error("warning: \(warning)\n") }
    }

    private func writeONNX(_ contents: ModelContents, _ source: ModelLibrary.Model) throws {
        var origin = [("sha256", source.digest)]
        if let adapter {
            let bytes = try FileBytes.read(adapter + "/adapter_model.safetensors", limit: 1 << 31)
            origin.append(("adapterSHA256", hexadecimal(SHA256Digest.of(bytes))))
        }
        let bytes = try contents.configuration.onnxModel(contents.weights, version: hilumVersion, origin: origin)
        try contents.write("model.onnx", bytes, to: output)
        let configuration = contents.configuration
        let (size, classes) = (configuration.inputSize, configuration.classes.count)
        Console.out(
            """
            \(output)/model.onnx: image [1, 1, \(size), \(size)] to boxes [1, \(configuration.boxCount), 4], scores \
            [1, \(configuration.boxCount), \(classes)] and abnormality [1]

            """)
    }

    private func writeFolder(_ contents: ModelContents) throws {
        var types: [String: StoredType] = [:]
        if storage == .bf16 {
            for (name, tensor) in contents.weights where StoredType.isMatrix(name, tensor) { types[name] = .bfloat16 }
        }
        try contents.write("weights.safetensors", safetensorsBytes(contents.weights, types: types), to: output)
        Console.out(
            "\(output): \(contents.configuration.name) for images of \(contents.configuration.inputSize) pixels\n")
    }
}
