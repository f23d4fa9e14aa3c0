import Files
package import Networks
package import Pipelines
package import Tensors

/// Writes `weights.safetensors` and `config.json`, each whole or not at all, weights first.
///
/// - Parameter recipe: what the weights were learned by, for people; nobody reads it again.
/// - Throws: `TrainingError.unwritable`.
package func writeModel(
    _ parameters: [String: Tensor], _ configuration: DetectorConfiguration, recipe: JSONValue, to folder: String
) throws(TrainingError) {
    do throws(FileError) {
        try AtomicFile.write(folder + "/weights.safetensors") { (sink) throws(FileError) in
            try forEachSafetensorsPart(parameters) { (part) throws(FileError) in try sink.write(part) }
        }
    } catch { throw .unwritable(error) }
    try writeConfiguration(configuration, recipe: recipe, to: folder)
}

/// Writes `config.json`, whole or not at all.
///
/// - Throws: `TrainingError.unwritable`.
func writeConfiguration(
    _ configuration: DetectorConfiguration, recipe: JSONValue, to folder: String
) throws(TrainingError) {
    do throws(FileError) {
        try AtomicFile.write(
            folder + "/config.json", text: configuration.json(recipe).sorted.text(indented: true) + "\n")
    } catch { throw .unwritable(error) }
}

extension DetectorConfiguration {
    fileprivate func json(_ recipe: JSONValue) -> JSONValue {
        func number(_ value: Float) -> JSONValue { .number((Double(value) * 1e5).rounded() / 1e5) }
        let e = extents
        var json: JSONValue = [
            "name": .string(name), "architecture": .string(architecture), "inputSize": .integer(inputSize),
            "classes": .array(classes.map { .string($0) }), "readout": .string(readout.rawValue),
            "normalization": [
                "lowPercentile": .number(normalization.lowPercentile),
                "highPercentile": .number(normalization.highPercentile),
            ],
            "recommendedThreshold": number(recommendedThreshold), "nmsIoU": number(suppressionIoU),
            "calibration": .object(
                calibrations.sorted { $0.key.rawValue < $1.key.rawValue }.map { readout, calibration in
                    .init(
                        readout.rawValue,
                        ["temperature": number(calibration.temperature), "bias": number(calibration.bias)])
                }),
            "stage2Channels": .integer(e.stage2Channels), "stage2Blocks": .integer(e.stage2Blocks),
            "stage2Heads": .integer(e.stage2Heads),
            "mlpRatio": .integer(e.mlpRatio), "pyramidChannels": .integer(e.pyramidChannels),
            "pyramidLevels": .integer(e.pyramidLevels), "queries": .integer(e.queries),
            "decoderLayers": .integer(e.decoderLayers), "decoderHeads": .integer(e.decoderHeads),
            "decoderChannels": e.decoderChannels.map { .integer($0) } ?? .null,
            "boxFrequencies": .integer(e.boxFrequencies), "abnormalityCells": .integer(e.abnormalityCells),
            "maskChannels": .integer(e.maskChannels), "training": recipe,
        ]
        if let trunk = e.trunk {
            json.set("trunk", .string(trunk.rawValue))
        } else {
            let ofWindows = [
                ("stemChannels", e.stemChannels), ("stage1Channels", e.stage1Channels),
                ("stage1Blocks", e.stage1Blocks), ("stage1Heads", e.stage1Heads), ("window", e.window),
            ]
            for (key, value) in ofWindows { json.set(key, .integer(value)) }
        }
        return json
    }
}
