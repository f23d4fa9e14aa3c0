import Foundation
import Parallel
import Tensors
import Testing

@testable import Networks
@testable import Training

/// The whole network, forward and back, with every loss.
struct DetectionLossTests {
    private static let small = Recorded.root + "/Tests/Peers/small"

    /// Loss, parts and the gradient by every parameter for a batch of four images against PyTorch in double precision.
    private func expectAgreement(_ folder: String) throws {
        let batch = try RecordedBatch(folder: folder)
        for pass in [4, 1] {
            let found = try gradient(batch, pass: pass, workers: Workers(count: 2))
            expectClose([Float(found.terms.total)], try batch.elements("loss"), tolerance: 1e-4)
            expectClose([Float(found.terms.dense)], try batch.elements("term.dense"), tolerance: 1e-4)
            expectClose([Float(found.terms.queries)], try batch.elements("term.queries"), tolerance: 1e-4)
            expectClose([Float(found.terms.abnormality)], try batch.elements("term.abnormal"), tolerance: 1e-4)
            #expect(found.gradients.count == batch.parameters.count)
            for (name, gradient) in found.gradients {
                let expected = try batch.elements("gradient." + name)
                let largest = expected.map(abs).max() ?? 0
                expectClose(
                    gradient.elements, expected, tolerance: 2e-3 * max(largest, 1e-2), "gradient by \(name)")
            }
        }
    }

    private func gradient(
        _ batch: RecordedBatch, pass: Int, workers: Workers, isCheckpointed: Bool = false
    ) throws -> (terms: DetectionLoss.Terms, gradients: [String: Tensor]) {
        let loss = DetectionLoss(focal: FocalLoss(alpha: 0.25))
        return try BatchGradient(
            batch.configuration, loss: loss, pass: pass, workers: workers, isCheckpointed: isCheckpointed)(
                batch.parameters, size: 64, targets: batch.targets
            ) { image in batch.images[image] }
    }

    @Test func agreesWithPyTorch() throws { try expectAgreement(Self.small) }

    /// Three levels, narrower queries and a mask head; `Tests/Peers/compare_training.py` makes the folder.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["HILUM_PEER_TRAINING"] != nil, "make test-peers runs it"))
    func largerNetworksAgreeWithPyTorch() throws {
        try expectAgreement(try #require(ProcessInfo.processInfo.environment["HILUM_PEER_TRAINING"]))
    }

    @Test func threadsDoNotChangeABit() throws {
        let batch = try RecordedBatch(folder: Self.small)
        let one = try gradient(batch, pass: 1, workers: .single)
        for _ in 0..<3 {
            let two = try gradient(batch, pass: 1, workers: Workers(count: 2))
            #expect(one.terms == two.terms)
            for (name, gradient) in one.gradients {
                #expect(gradient.elements == two.gradients[name]?.elements, "\(name)")
            }
        }
    }

    @Test func recomputationDoesNotChangeABit() throws {
        let batch = try RecordedBatch(folder: Self.small)
        let kept = try gradient(batch, pass: 2, workers: .single)
        let again = try gradient(batch, pass: 2, workers: .single, isCheckpointed: true)
        #expect(kept.terms == again.terms)
        for (name, gradient) in kept.gradients {
            #expect(gradient.elements == again.gradients[name]?.elements, "\(name)")
        }
    }

    @Test func freshParametersDependOnSeedAndNameAlone() throws {
        let configuration = try RecordedBatch(folder: Self.small).configuration
        let first = try freshParameters(configuration, seed: 3)
        let again = try freshParameters(configuration, seed: 3)
        let other = try freshParameters(configuration, seed: 4)
        #expect(first.mapValues(\.elements) == again.mapValues(\.elements))
        let name = "stage1.blocks.0.qkv.weight"
        let drawn = try #require(first[name]).elements
        #expect(drawn != other[name]?.elements)
        let deviation = (drawn.reduce(0) { $0 + $1 * $1 } / Float(drawn.count)).squareRoot()
        #expect(abs(deviation - 0.02 * 0.88) < 0.002)  // 0.88: what cutting at two deviations leaves
        #expect(drawn.allSatisfy { abs($0) <= 0.04 })
        #expect(first["norm.weight"]?.elements.allSatisfy { $0 == 1 } == true)
    }
}
