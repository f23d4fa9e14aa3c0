import Files
package import Networks
package import Pipelines
package import Tensors

/// Writes an adapter as PEFT does, `adapter_model.safetensors` and `adapter_config.json`, and beside them the `config.json` of the
/// adapted model: what was calibrated for it.
///
/// - Parameters:
///   - merged: the adapted network's weights, whose abnormality was calibrated after the adapter was learned.
///   - base: name of the model that it belongs to.
///   - digest: of that model. PEFT has a field for the version of the base, which it leaves alone where the base is given.
///   - recipe: what the adapter was learned by, for people.
/// - Throws: `TrainingError.unwritable`.
package func writeAdapter(
    _ learned: [String: Tensor], _ adaptation: LowRankAdaptation, merged: [String: Tensor],
    _ configuration: DetectorConfiguration, recipe: JSONValue, base: String, digest: String,
    to folder: String
) throws(TrainingError) {
    var (learned, saved) = (learned, adaptation.saved)
    for (name, tensor) in merged where name.hasPrefix("abnormality.") {
        learned[LowRankAdaptation.prefix + name] = tensor
    }
    if !saved.contains("abnormality") { saved.append("abnormality") }
    let config: JSONValue = [
        "base_model_name_or_path": .string(base), "bias": "none", "fan_in_fan_out": false, "inference_mode": true,
        "init_lora_weights": true, "lora_alpha": .number(adaptation.alpha), "lora_dropout": 0,
        "modules_to_save": .array(saved.map { .string($0) }), "peft_type": "LORA",
        "r": .integer(adaptation.rank), "revision": .string(digest), "target_modules": ["qkv"], "task_type": .null,
    ]
    do throws(FileError) {
        try AtomicFile.write(folder + "/adapter_model.safetensors") { (sink) throws(FileError) in
            try forEachSafetensorsPart(learned, metadata: ["format": "pt"]) { (part) throws(FileError) in
                try sink.write(part)
            }
        }
        try AtomicFile.write(folder + "/adapter_config.json", text: config.text(indented: true) + "\n")
    } catch { throw .unwritable(error) }
    try writeConfiguration(configuration, recipe: recipe, to: folder)
}
