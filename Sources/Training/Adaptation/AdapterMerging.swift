import Files
import Foundation
package import Tensors

/// The weights of a network with an adapter in PEFT's format merged into them: `W + alpha / r * B A` where there are `lora_A` and
/// `lora_B`, and what was learned whole in place of the base's.
///
/// - Parameters:
///   - folder: with `adapter_model.safetensors` and `adapter_config.json`.
///   - base: the weights that it was learned for.
/// - Throws: `TrainingError.dataset` for a configuration that means something else, `.tensors` for a tensor that does not
///   belong to the base.
package func mergeAdapter(
    _ folder: String, into base: [String: Tensor]
) throws(TrainingError) -> [String: Tensor] {
    let adaptation = try AdapterConfiguration.read(folder + "/adapter_config.json")
    do throws(TensorError) {
        let path = folder + "/adapter_model.safetensors"
        var file = try WeightFile(path: path)
        var result = base
        for name in file.names {
            guard name.hasPrefix(LowRankAdaptation.prefix) else {
                throw .weights(path: path, tensor: name, .unexpected)
            }
            let own = String(name.dropFirst(LowRankAdaptation.prefix.count))
            if let whole = base[own] {
                result[own] = try file.take(name, whole.shape)
            } else if own.hasSuffix(".lora_A.weight") {
                let module = String(own.dropLast(".lora_A.weight".count))
                guard let weight = base[module + ".weight"], weight.shape.rank == 2 else {
                    throw .weights(path: path, tensor: name, .unexpected)
                }
                let a = try file.take(name, [adaptation.rank, weight.shape[1]])
                let b = try file.take(
                    LowRankAdaptation.prefix + module + ".lora_B.weight", [weight.shape[0], adaptation.rank])
                result[module + ".weight"] = try adaptation.adapted(Variable(weight), by: Variable(a), Variable(b))
                    .value
            }
        }
        try file.finish()
        return result
    } catch { throw .tensors(error) }
}

/// What of `adapter_config.json` says how the adapter is merged.
private struct AdapterConfiguration: Decodable {
    var kind: String
    var rank: Int
    var alpha: Double
    var bias: String?
    var isTransposed: Bool?
    var isRankStabilised: Bool?
    var isDecomposed: Bool?
    var ranks: [String: Int]?
    var alphas: [String: Double]?

    enum CodingKeys: String, CodingKey {
        case kind = "peft_type"
        case rank = "r"
        case alpha = "lora_alpha"
        case bias
        case isTransposed = "fan_in_fan_out"
        case isRankStabilised = "use_rslora"
        case isDecomposed = "use_dora"
        case ranks = "rank_pattern"
        case alphas = "alpha_pattern"
    }

    /// - Throws: `TrainingError.unreadable`, and `.dataset` for an adapter of another kind.
    static func read(_ path: String) throws(TrainingError) -> LowRankAdaptation {
        let file: AdapterConfiguration
        do {
            file = try JSONDecoder().decode(Self.self, from: Data(FileBytes.read(path, limit: 1 << 20)))
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
        let others: [(CodingKeys, Bool)] = [
            (.isTransposed, file.isTransposed ?? false), (.isRankStabilised, file.isRankStabilised ?? false),
            (.isDecomposed, file.isDecomposed ?? false), (.ranks, file.ranks?.isEmpty == false),
            (.alphas, file.alphas?.isEmpty == false),
        ]
        for (key, isSet) in others { try require(!isSet, "\"\(key.rawValue)\" is set") }
        return LowRankAdaptation(rank: file.rank, alpha: file.alpha)
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
