import Files
import Foundation
import Networks
import Pipelines
import Stages
import Tensors
import Training

/// Weights and configuration of a model, to be written in another form.
struct ModelContents {
    private(set) var weights: [String: Tensor]
    private(set) var configuration: DetectorConfiguration
    /// `config.json` as it will be written.
    private(set) var json: JSONValue
    /// What was changed on the way that calibration and threshold were not fitted for.
    private(set) var warnings: [String] = []
    /// Of the model that this was at first.
    private let digest: String

    init(_ model: ModelLibrary.Model) throws {
        digest = model.digest
        configuration = model.detector.configuration
        json = try Self.json(model.directory + "/config.json")
        var file = try WeightFile(path: model.directory + "/weights.safetensors")
        weights = [:]
        for name in file.names { weights[name] = try file.take(name) }
    }

    /// Merges an adapter. Where its folder has a `config.json`, as `hilum model train` leaves it, that says what the adapted model's
    /// classes, size, calibration and threshold are.
    ///
    /// - Throws: also for an adapter to another model: added to other weights, it means nothing.
    mutating func merge(adapter folder: String) throws {
        let base = try adapterBase(folder)
        if let base, base != digest {
            throw UsageError(
                "\(folder) was learned for a model whose sha256 is \(base.prefix(16))..., and that of \(configuration.name) "
                    + "is \(digest.prefix(16))...; name the model that it was learned for ('hilum model info' says sha256)"
            )
        }
        if base == nil {
            warnings.append(
                "\(folder) does not say which weights it was learned for; added to others than those, it means nothing")
        }
        let path = folder + "/config.json"
        guard FileManager.default.fileExists(atPath: path) else {
            weights = try mergeAdapter(folder, into: weights, classes: configuration.classes.count)
            warnings.append(
                "classes, calibration and threshold stay those of \(configuration.name): \(folder) has no config.json that "
                    + "says what they are with the adapter; measure them by 'hilum model evaluate'")
            return
        }
        let adapted = try DetectorConfiguration.read(path: path)
        weights = try mergeAdapter(folder, into: weights, classes: adapted.classes.count)
        guard adapted.extents == configuration.extents else {
            throw UsageError("\(path) describes another network than \(configuration.name)")
        }
        let size = configuration.inputSize
        (configuration, json) = (adapted, try Self.json(path))
        weights = try resizedPositions(weights, from: size, to: configuration.inputSize)
        var source = ParameterSource(weights.mapValues { Variable($0) })
        _ = try DetectorNetwork(&source, configuration)
    }

    /// Makes the network one for images of another size.
    mutating func resize(to size: Int) throws {
        let (extents, before) = (configuration.extents, configuration.inputSize)
        guard size > 0, size <= 4096, size % extents.inputMultiple == 0 else {
            throw UsageError("--input-size must be a multiple of \(extents.inputMultiple) up to 4096, found \(size)")
        }
        let cells = CellGrid(inputSize: size, levels: extents.pyramidLevels).cells.count
        guard max(extents.queries, extents.abnormalityCells) <= cells else {
            throw UsageError("--input-size \(size) is too small: \(cells) cells for \(extents.queries) queries")
        }
        guard size != before else { return }
        weights = try resizedPositions(weights, from: before, to: size)
        configuration.inputSize = size
        json.set("inputSize", .integer(size))
        warnings.append(
            "calibration and threshold were fitted at \(before) x \(before) pixels; what they are worth at \(size) x \(size) "
                + "says 'hilum model evaluate'")
    }

    /// Says in what the model is meant to be computed; nil: in what suits the processor.
    mutating func set(_ precision: Precision?) {
        guard case .object(let members) = json else { return }
        json = .object(members.filter { $0.key != "precision" })
        if let precision { json.set("precision", .string(precision.rawValue)) }
    }

    /// Writes a folder's files and beside them `config.json`, the last to get its name: a folder with one is whole.
    ///
    /// - Throws: `UsageError` where a model is there already, `FileError`; then nothing is left behind.
    func write(_ name: String, _ bytes: [UInt8], to folder: String) throws {
        guard !folder.isEmpty else { throw UsageError("name a folder for the new model: -o OUT") }
        for file in ["config.json", "weights.safetensors", "model.onnx"]
        where FileManager.default.fileExists(atPath: "\(folder)/\(file)") {
            throw UsageError("\(folder) holds a model already; name another folder")
        }
        let text = json.sorted.text(indented: true) + "\n"
        var files = [
            try AtomicFile.prepare("\(folder)/\(name)") { (sink) throws(FileError) in try sink.write(bytes) }
        ]
        do {
            files.append(try AtomicFile.prepare("\(folder)/config.json", text: text))
        } catch {
            files[0].discard()
            throw error
        }
        try AtomicFile.publish(files, in: folder)
    }

    private static func json(_ path: String) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(FileBytes.read(path, limit: 1 << 20)))
    }
}

extension StoredType {
    /// Matrices are stored short; norms, biases and positions are few and added as they are.
    static func isMatrix(_ name: String, _ tensor: Tensor) -> Bool {
        tensor.shape.rank > 1 && name.hasSuffix(".weight")
    }
}
