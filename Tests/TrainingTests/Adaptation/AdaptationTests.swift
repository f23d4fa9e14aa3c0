import Foundation
import Parallel
import Pipelines
import Tensors
import TestSupport
import Testing

@testable import Networks
@testable import Training

struct AdaptationTests {
    private let batch: RecordedBatch

    init() throws { batch = try RecordedBatch(folder: Recorded.root + "/Tests/Peers/small") }

    private func gradient(
        _ parameters: [String: Tensor], _ change: (inout BatchGradient) -> Void = { _ in }
    ) throws -> (terms: DetectionLoss.Terms, gradients: [String: Tensor]) {
        var gradient = BatchGradient(batch.configuration, loss: DetectionLoss(), pass: 2, workers: Workers(count: 2))
        change(&gradient)
        return try gradient(parameters, size: 64, targets: batch.targets) { batch.images[$0] }
    }

    @Test func anAdapterBeginsAsItsBaseAndIsSmall() throws {
        let adaptation = LowRankAdaptation(rank: 2, alpha: 6)
        let learned = adaptation.begin(batch.parameters, seed: 1)
        #expect(
            try adaptation.merged(learned, base: batch.parameters).mapValues(\.elements)
                == batch.parameters.mapValues(\.elements))
        let name = "base_model.model.stage2.blocks.1.qkv.lora_A.weight"
        #expect(learned[name]?.shape == [2, 24])
        #expect(learned["base_model.model.stage2.blocks.1.qkv.lora_B.weight"]?.elements.allSatisfy { $0 == 0 } == true)
        #expect(learned[name]?.elements.allSatisfy { abs($0) <= 1 / Float(24).squareRoot() } == true)
        let heads = learned.keys.filter { !$0.contains(".lora_") }
        #expect(heads.contains("base_model.model.dense.output.weight"))
        let without = LowRankAdaptation(rank: 2, heads: .kept).begin(batch.parameters, seed: 1)
        #expect(Set(without.keys) == Set(learned.keys).subtracting(heads))
    }

    /// The chain rule by hand: the gradient by A is `alpha / rank Bᵀ dW`, by B `alpha / rank dW Aᵀ`.
    @Test func gradientsAreThoseOfTheMergedWeights() throws {
        let adaptation = LowRankAdaptation(rank: 2, alpha: 6)
        var learned = adaptation.begin(batch.parameters, seed: 1)
        let module = "base_model.model.stage2.blocks.1.qkv.lora_"
        var numbers = SeededGenerator(seed: 2)
        let b = Tensor([72, 2]) { out in for i in out.indices { out[i] = .random(in: -0.1...0.1, using: &numbers) } }
        learned[module + "B.weight"] = b
        let a = try #require(learned[module + "A.weight"])
        let adapted = try gradient(learned) { $0.adaptation = (adaptation, batch.parameters) }
        let whole = try gradient(adaptation.merged(learned, base: batch.parameters))
        #expect(Set(adapted.gradients.keys) == Set(learned.keys))
        let slope = try #require(whole.gradients["stage2.blocks.1.qkv.weight"])
        let byA = try matrixProduct(b, transposeA: true, slope).elements.map { 3 * $0 }
        let byB = try matrixProduct(slope, a, transposeB: true).elements.map { 3 * $0 }
        expectClose(adapted.gradients[module + "A.weight"]!.elements, byA, tolerance: 1e-4)
        expectClose(adapted.gradients[module + "B.weight"]!.elements, byB, tolerance: 1e-4)
        expectClose(
            adapted.gradients["base_model.model.dense.output.bias"]!.elements,
            whole.gradients["dense.output.bias"]!.elements, tolerance: 1e-4)
        let back = try adaptation.unmerged(adaptation.merged(learned, base: batch.parameters), learned: learned)
        expectClose(
            back["stage2.blocks.1.qkv.weight"]!.elements,
            batch.parameters["stage2.blocks.1.qkv.weight"]!.elements, tolerance: 1e-6)
    }

    /// An adapter in a folder, and the weights that belong to it, whose abnormality was calibrated afterwards.
    private func written(_ adaptation: LowRankAdaptation) throws -> (
        folder: Scratch, learned: [String: Tensor], merged: [String: Tensor]
    ) {
        let scratch = try Scratch()
        var learned = adaptation.begin(batch.parameters, seed: 1)
        for (name, tensor) in learned where name.hasSuffix(".lora_B.weight") {
            learned[name] = Tensor(repeating: 0.01, tensor.shape)
        }
        var merged = try adaptation.merged(learned, base: batch.parameters)
        merged["abnormality.bias"] = Tensor(repeating: -0.5, [1])
        try writeAdapter(
            learned, adaptation, merged: merged, batch.configuration, recipe: [:], base: "small",
            digest: String(repeating: "0a", count: 32), to: scratch.path)
        return (scratch, learned, merged)
    }

    @Test func adaptersAreWrittenAsPEFTReadsThem() throws {
        let (scratch, learned, _) = try written(LowRankAdaptation())
        let file = try WeightFile(path: scratch.path + "/adapter_model.safetensors")
        #expect(file.names == learned.keys.sorted())
        let config =
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(fileURLWithPath: scratch.path + "/adapter_config.json"))) as? [String: Any]
        #expect(config?["peft_type"] as? String == "LORA" && config?["r"] as? Int == 4)
        #expect(config?["target_modules"] as? [String] == ["qkv"])
        #expect(try adapterBase(scratch.path) == String(repeating: "0a", count: 32))
        let modules = ["dense.output", "queries.classify", "abnormality"]
        #expect(config?["modules_to_save"] as? [String] == modules)
    }

    @Test(arguments: LowRankAdaptation.Heads.allCases)
    func aWrittenAdapterMergesToWhatWasTrained(heads: LowRankAdaptation.Heads) throws {
        let (scratch, _, expected) = try written(LowRankAdaptation(rank: 2, alpha: 6, heads: heads))
        let merged = try mergeAdapter(scratch.path, into: batch.parameters, classes: 2)
        #expect(merged.mapValues(\.elements) == expected.mapValues(\.elements))
    }

    /// What tells classes is drawn anew; boxes and all else stay as they were learned.
    @Test func otherClassesBeginAnew() throws {
        var configuration = batch.configuration
        configuration.classes = ["a", "b", "c"]
        let changed = try withFreshClasses(batch.parameters, of: 2, for: configuration, seed: 1)
        var source = ParameterSource(changed.mapValues { Variable($0) })
        _ = try DetectorNetwork(&source, configuration)
        let fresh = try freshParameters(configuration, seed: 1)
        let bias = try #require(changed["dense.output.bias"]).elements
        #expect(bias == [-3.5, -3.5, -3.5] + (batch.parameters["dense.output.bias"]?.elements.suffix(5) ?? []))
        let others = Set(batch.parameters.keys).subtracting(["dense.output.weight", "dense.output.bias"])
        for name in others {
            let isAnew = name.hasPrefix("queries.classify.") || name.hasPrefix("abnormality.")
            #expect(changed[name]?.elements == (isAnew ? fresh : batch.parameters)[name]?.elements, "\(name)")
        }
    }

    @Test func adaptersOfAnotherKindOrNetworkAreRefused() throws {
        let (scratch, learned, _) = try written(LowRankAdaptation())
        let path = scratch.path + "/adapter_config.json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        func refusal(_ change: (String) -> String) throws -> String {
            try change(text).write(toFile: path, atomically: true, encoding: .utf8)
            do { _ = try mergeAdapter(scratch.path, into: batch.parameters, classes: 2) } catch {
                return error.description
            }
            return ""
        }
        #expect(try refusal { $0.replacing("\"LORA\"", with: "\"IA3\"") }.contains("\"peft_type\" is \"IA3\""))
        #expect(
            try refusal { $0.replacing("\"r\":", with: "\"use_dora\": true, \"r\":") }.contains("\"use_dora\" is set"))
        #expect(try refusal { $0.replacing("\"r\":", with: "\"s\":") }.contains("\"r\" is missing"))
        #expect(try refusal { _ in "{" }.contains("adapter_config.json"))
        let beginning = "\"init_lora_weights\": "
        for kind in ["pissa", "pissa_niter_4", "olora", "loftq"] {
            let words = try refusal { $0.replacing(beginning + "true", with: beginning + "\"\(kind)\"") }
            #expect(words.contains("\"init_lora_weights\" is \"\(kind)\""), "\(words)")
        }
        #expect(try refusal { $0.replacing(beginning + "true", with: beginning + "\"gaussian\"") }.isEmpty)
        #expect(
            try refusal { $0.replacing("\"r\":", with: "\"layer_replication\": [[0, 1]], \"r\":") }
                .contains("\"layer_replication\" is set"))
        // As others leave it: a branch, or nothing.
        for revision in ["\"main\"", "null"] {
            let digest = "\"revision\": \"\(String(repeating: "0a", count: 32))\""
            #expect(try refusal { $0.replacing(digest, with: "\"revision\": " + revision) }.isEmpty)
            #expect(try adapterBase(scratch.path) == nil)
        }
        // As PEFT writes what is not used.
        let unused = "\"layer_replication\": null, \"use_dora\": false, \"rank_pattern\": {}, \"r\":"
        #expect(try refusal { $0.replacing("\"r\":", with: unused) }.isEmpty)
        #expect(
            try refusal { $0.replacing("\"lora_alpha\": ", with: "\"lora_alpha\": 1e300, \"x\": ") }.contains(
                "NaN or infinity"))
        // Another rank than the matrices have.
        #expect(try refusal { $0.replacing("\"r\": 4", with: "\"r\": 3") }.contains("has shape [4, 24]"))
        var other = learned
        other["base_model.model.stage9.proj.lora_B.weight"] = .zeros([2, 4])
        try writeSafetensors(other, to: scratch.path + "/adapter_model.safetensors")
        #expect(try refusal { $0 }.contains("stage9.proj.lora_B.weight\" is not part of this network"))
        try writeSafetensors([:], to: scratch.path + "/adapter_model.safetensors")
        #expect(try refusal { $0 }.contains("there are no tensors in it"))
    }

    @Test func distillationIsTheDivergenceOfSoftenedScores() throws {
        let (student, teacher): ([Float], [Float]) = ([-3, 0.5, 40, 2], [1, 0.5, -40, -2])
        let tape = Tape()
        let logits = tape.watch(try Tensor(student, [1, 2, 2]))
        let loss = try Distillation(temperature: 4)(
            student: logits, teacher: Tensor(teacher, [1, 2, 2]), divisor: 2)
        func divergence(_ s: Double, _ t: Double) -> Double {
            let (p, q) = (1 / (1 + exp(-s / 4)), 1 / (1 + exp(-t / 4)))
            return 16 * (q * log(q / p) + (1 - q) * log((1 - q) / (1 - p)))
        }
        let expected = zip(student, teacher).reduce(0) { $0 + divergence(Double($1.0), Double($1.1)) } / 2
        #expect(abs(Double(loss.value[0]) - expected) < 1e-4 * expected)
        let slopes = try tape.gradients(of: loss, seed: Tensor(repeating: 1, [1]), for: [logits])[0].elements
        for (index, slope) in slopes.enumerated() {
            let (s, t) = (Double(student[index]), Double(teacher[index]))
            #expect(abs(Double(slope) - (divergence(s + 1e-3, t) - divergence(s - 1e-3, t)) / 4e-3) < 1e-3)
        }
    }

    @Test func aTeacherEqualToTheStudentChangesNothingButTheScale() throws {
        var source = ParameterSource(batch.parameters.mapValues { Variable($0) })
        let teacher = try DetectorNetwork(&source, batch.configuration)
        let plain = try gradient(batch.parameters)
        let taught = try gradient(batch.parameters) { $0.distillation = (Distillation(), teacher) }
        #expect(taught.terms.distillation < 1e-6 && taught.terms.total == plain.terms.total)
        let name = "dense.output.weight"
        expectClose(
            taught.gradients[name]!.elements, plain.gradients[name]!.elements.map { 0.3 * $0 }, tolerance: 1e-4)
    }
}
