import Files
import Foundation
import Pipelines
package import Tensors

/// The weights of a network with an adapter in PEFT's format merged into them: `W + alpha / r * B A` where there are `lora_A` and
/// `lora_B`, and what was learned whole in place of the base's.
///
/// - Parameters:
///   - folder: with `adapter_model.safetensors` and `adapter_config.json`.
///   - base: the weights that it was learned for.
///   - classes: how many the adapted network has; the outputs for classes come from the adapter.
/// - Throws: `TrainingError.dataset` for a configuration that means something else and for an adapter of no tensors, `.tensors`
///   for a tensor that does not belong to the base or is too large once it is merged.
package func mergeAdapter(
    _ folder: String, into base: [String: Tensor], classes: Int
) throws(TrainingError) -> [String: Tensor] {
    let adaptation = try AdapterConfiguration.read(folder + "/adapter_config.json").adaptation
    let path = folder + "/adapter_model.safetensors"
    do throws(TensorError) {
        var file = try WeightFile(path: path)
        let isEmpty = file.names.isEmpty
        var result = base
        for name in file.names {
            guard name.hasPrefix(LowRankAdaptation.prefix) else {
                throw .weights(path: path, tensor: name, .unexpected)
            }
            let own = String(name.dropFirst(LowRankAdaptation.prefix.count))
            if let whole = base[own] {
                result[own] = try file.take(name, classShape(own, whole.shape, classes: classes))
            } else if own.hasSuffix(".lora_A.weight") {
                let module = String(own.dropLast(".lora_A.weight".count))
                guard let weight = base[module + ".weight"], weight.shape.rank == 2 else {
                    throw .weights(path: path, tensor: name, .unexpected)
                }
                let a = try file.take(name, [adaptation.rank, weight.shape[1]])
                let b = try file.take(
                    LowRankAdaptation.prefix + module + ".lora_B.weight", [weight.shape[0], adaptation.rank])
                let merged = try adaptation.adapted(Variable(weight), by: Variable(a), Variable(b)).value
                if let index = merged.firstNotFinite {
                    throw .weights(path: path, tensor: module + ".weight", .notFinite(index: index))
                }
                result[module + ".weight"] = merged
            }
        }
        try file.finish()
        if !isEmpty { return result }
    } catch { throw .tensors(error) }
    throw .dataset(path: path, reason: "there are no tensors in it to be merged")
}

/// The digest of the model that an adapter was learned for; nil where its folder does not say, as other programs leave it.
///
/// - Throws: as `mergeAdapter` for the configuration.
package func adapterBase(_ folder: String) throws(TrainingError) -> String? {
    let revision = try AdapterConfiguration.read(folder + "/adapter_config.json").revision
    // Elsewhere the field names a branch or a commit.
    return revision.flatMap { $0.count == 64 && $0.allSatisfy(\.isHexDigit) ? $0 : nil }
}

/// What of `adapter_config.json` says how the adapter is merged.
private struct AdapterConfiguration: Decodable {
    var kind: String
    var rank: Int
    var alpha: Double
    var bias: String?
    var revision: String?

    var adaptation: LowRankAdaptation { LowRankAdaptation(rank: rank, alpha: alpha) }

    enum CodingKeys: String, CodingKey {
        case kind = "peft_type"
        case rank = "r"
        case alpha = "lora_alpha"
        case bias, revision
    }

    /// With one of these set, something else than `W + alpha / r * B A` is meant.
    private static let others = [
        "fan_in_fan_out", "use_rslora", "use_dora", "rank_pattern", "alpha_pattern", "layer_replication",
        "alora_invocation_tokens", "use_qalora", "lora_bias",
    ]
    /// Beginnings that leave the base's weights as they are; others (PiSSA, OLoRA, CorDA, LoftQ) take something away from them.
    private static let beginnings: [JSONValue] = [
        .null, true, false, "gaussian", "eva", "orthogonal",
    ]

    /// - Throws: `TrainingError.unreadable`, and `.dataset` for an adapter of another kind.
    static func read(_ path: String) throws(TrainingError) -> AdapterConfiguration {
        let file: AdapterConfiguration
        let all: [String: JSONValue]
        do {
            let data = Data(try FileBytes.read(path, limit: 1 << 20))
            file = try JSONDecoder().decode(Self.self, from: data)
            all = try JSONDecoder().decode([String: JSONValue].self, from: data)
        } catch let error as DecodingError {
            throw .unreadable(path: path, reason: reason(error))
        } catch {
            throw .unreadable(path: path, reason: "\(error)")
        }
        func require(_ condition: Bool, _ reason: String) throws(TrainingError) {
            if !condition { throw .dataset(path: path, reason: reason + "; only plain LoRA can be merged") }
        }
        try require(file.kind == "LORA", "\"peft_type\" is \"\(file.kind)\", not \"LORA\"")
        try require((1...4096).contains(file.rank), "\"r\" must be in 1...4096, found \(file.rank)")
        try require(file.bias ?? "none" == "none", "\"bias\" is \"\(file.bias ?? "")\", not \"none\"")
        for key in others {
            try require([nil, .null, false, [], [:]].contains(all[key]), "\"\(key)\" is set")
        }
        let beginning = all["init_lora_weights"] ?? .null
        try require(
            beginnings.contains(beginning),
            "\"init_lora_weights\" is \(beginning.text()), under which the base's weights were changed too")
        return file
    }

    private static func reason(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            (context.codingPath.map { "\"\($0.stringValue)\": " }.last ?? "") + context.debugDescription
        @unknown default: "not understood"
        }
    }
}
