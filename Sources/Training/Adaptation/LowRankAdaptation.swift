package import Tensors
import Transforms

/// Low-rank adaptation (LoRA, Hu et al. 2022): the weights of a trained network stay, and to those of attention's query, key
/// and value a product of two thin matrices is added, `W + alpha / rank * B A`.
///
/// A begins as PyTorch begins a linear layer (Kaiming uniform), B as zeros: the adapted network begins as the base. Names are
/// those of PEFT, Hugging Face's library for such adapters: `base_model.model.MODULE.lora_A.weight` `[rank, in]`,
/// `.lora_B.weight` `[out, rank]`.
package struct LowRankAdaptation: Sendable, Hashable {
    /// What becomes of the last layers of the heads.
    package enum Heads: String, Sendable, CaseIterable {
        /// They are learned whole: a new class needs outputs of its own.
        case learned
        /// They stay: the classes are the base's, the images another scanner's.
        case kept
    }

    package var rank = 4
    package var alpha = 8.0
    package var heads = Heads.learned

    /// Modules that are learned whole.
    package var saved: [String] { heads == .learned ? ["dense.output", "queries.classify", "abnormality"] : [] }

    static let prefix = "base_model.model."

    /// Names of the weights that get an addition.
    package static func isAdapted(_ name: String) -> Bool { name.hasSuffix(".qkv.weight") }

    private func isSaved(_ name: String) -> Bool { saved.contains { name.hasPrefix($0 + ".") } }

    private static func matrices(of name: String) -> (a: String, b: String) {
        let module = prefix + name.dropLast(".weight".count)
        return (module + ".lora_A.weight", module + ".lora_B.weight")
    }

    /// What is learned, before anything is.
    package func begin(_ base: [String: Tensor], seed: UInt64) -> [String: Tensor] {
        var learned: [String: Tensor] = [:]
        for (name, weight) in base {
            if isSaved(name) { learned[Self.prefix + name] = weight }
            guard Self.isAdapted(name) else { continue }
            let (a, b) = Self.matrices(of: name)
            var random = Philox(seed: seed, item: a, stage: 0)
            let bound = 1 / Double(weight.shape[1]).squareRoot()
            learned[a] = Tensor([rank, weight.shape[1]]) { out in
                for index in out.indices { out[index] = Float(random.uniform(in: -bound...bound)) }
            }
            learned[b] = .zeros([weight.shape[0], rank])
        }
        return learned
    }

    /// The network's parameters from those that are learned.
    ///
    /// - Throws: `TensorError.weights` with `.missing` when a matrix is not there.
    package func parameters(
        _ learned: [String: Variable], base: [String: Tensor]
    ) throws(TensorError) -> [String: Variable] {
        func find(_ name: String) throws(TensorError) -> Variable {
            guard let variable = learned[name] else { throw .weights(path: "adapter", tensor: name, .missing) }
            return variable
        }
        var result: [String: Variable] = [:]
        for (name, weight) in base {
            if isSaved(name) {
                result[name] = try find(Self.prefix + name)
            } else if Self.isAdapted(name) {
                let (a, b) = Self.matrices(of: name)
                result[name] = try adapted(Variable(weight), by: find(a), find(b))
            } else {
                result[name] = Variable(weight)
            }
        }
        return result
    }

    /// `weight + alpha / rank * b a`.
    func adapted(_ weight: Variable, by a: Variable, _ b: Variable) throws(TensorError) -> Variable {
        try weightedSum([(1, weight), (Float(alpha) / Float(rank), matrixProduct(b, a))])
    }

    /// The adapted network's weights as a network of its own.
    package func merged(_ learned: [String: Tensor], base: [String: Tensor]) throws(TensorError) -> [String: Tensor] {
        try parameters(learned.mapValues { Variable($0) }, base: base).mapValues(\.value)
    }

    /// The base's weights again, but for those that were learned whole; to rounding.
    package func unmerged(
        _ merged: [String: Tensor], learned: [String: Tensor]
    ) throws(TensorError) -> [String: Tensor] {
        var opposite = self
        opposite.alpha = -alpha
        return try opposite.merged(learned, base: merged)
    }
}
