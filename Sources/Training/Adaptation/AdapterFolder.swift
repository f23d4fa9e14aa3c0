import Files
import Pipelines
package import Tensors

/// Writes an adapter as PEFT does: `adapter_model.safetensors` and `adapter_config.json`.
///
/// - Parameter base: name of the model that it belongs to.
/// - Throws: `TrainingError.unwritable`.
package func writeAdapter(
    _ learned: [String: Tensor], _ adaptation: LowRankAdaptation, base: String, to folder: String
) throws(TrainingError) {
    let config: JSONValue = [
        "base_model_name_or_path": .string(base), "bias": "none", "fan_in_fan_out": false, "inference_mode": true,
        "init_lora_weights": true, "lora_alpha": .number(adaptation.alpha), "lora_dropout": 0,
        "modules_to_save": .array(adaptation.saved.map { .string($0) }), "peft_type": "LORA",
        "r": .integer(adaptation.rank), "target_modules": ["qkv"], "task_type": .null,
    ]
    do throws(FileError) {
        try AtomicFile.write(folder + "/adapter_model.safetensors") { (sink) throws(FileError) in
            try forEachSafetensorsPart(learned, metadata: ["format": "pt"]) { (part) throws(FileError) in
                try sink.write(part)
            }
        }
        try AtomicFile.write(folder + "/adapter_config.json", text: config.text(indented: true) + "\n")
    } catch { throw .unwritable(error) }
}
