import Parallel
import Tensors
import TestSupport
import Testing

@testable import Networks

struct MobileTrunkTests {
    /// hvit-e with random weights and a small trunk, for images of 64 pixels.
    private func network() throws -> DetectorNetwork {
        var extents = try #require(DetectorConfiguration.presets["hvit-e"]).extents
        extents.trunk = .lite0
        var numbers = SeededGenerator(seed: 21)
        var source = ParameterSource { _, shape, _ in drawn(&numbers, shape) }
        return try DetectorNetwork(
            &source,
            .untrained(name: "e", architecture: "hvit-e", inputSize: 64, classes: ["a", "b"], extents: extents))
    }

    private func drawn(_ numbers: inout SeededGenerator, _ shape: Shape) -> Tensor {
        // Of a depthwise or pointwise convolution so that values neither vanish nor all reach 6.
        let inner = shape.rank > 1 ? Float(shape.count / shape[0]) : 4
        let bound = (3 / inner).squareRoot()
        return numbers.tensor(shape, in: -bound...bound)
    }

    private var image: [Float] {
        var numbers = SeededGenerator(seed: 22)
        return numbers.tensor([64 * 64], in: 0...1).elements
    }

    @Test func blocksAreThoseOfThePublishedVariants() {
        #expect(EfficientNetLite.lite0.blocks.count == 16 && EfficientNetLite.lite2.blocks.count == 21)
        let widths = EfficientNetLite.lite2.ends.map { EfficientNetLite.lite2.blocks[$0].output }
        #expect(widths == [48, 120, 352])
        #expect(EfficientNetLite.lite0.blocks.map(\.stride).reduce(2, *) == 32)
    }

    @Test func thePlanSaysWhatTheTapeSays() throws {
        let network = try network()
        let plan = try DetectorPlan(network, Backend(.float32)).run(image)
        let tape = try network(Tensor(image, [1, 64, 64, 1]), withQueries: false, isTraining: false)
        let logits = plan.said.elements.enumerated().filter { $0.offset % 7 < 2 }.map(\.element)
        let expected = tape.cells.logits.value.elements
        #expect(expected.map(abs).max()! > 0.01)
        expectClose(logits, expected, tolerance: 1e-4 * max(1, expected.map(abs).max()!))
    }

    @Test func shortNumbersAndThreadsAreSteady() throws {
        let network = try network()
        let exact = try DetectorPlan(network, Backend(.float32)).run(image).said.elements
        for precision in [Precision.bfloat16, .int8] {
            let plan = try DetectorPlan(network, Backend(precision))
            let short = try plan.run(image).said.elements
            expectClose(short, exact, tolerance: 0.1 * exact.map(abs).max()!, "\(precision)")
            for threads in 2...3 {
                #expect(try plan.run(image, workers: Workers(count: threads)).said.elements == short)
            }
        }
    }

    /// Every parameter of the trunk is reached by a gradient.
    @Test func gradientsReachTheFirstConvolution() throws {
        let tape = Tape()
        var numbers = SeededGenerator(seed: 23)
        var parameters = ParameterSource { _, shape, _ in drawn(&numbers, shape) }
        _ = try MobileTrunk(&parameters, "trunk", .lite0, to: 12)
        let watched = parameters.taken.mapValues { tape.watch($0.value) }
        var source = ParameterSource(watched)
        let trunk = try MobileTrunk(&source, "trunk", .lite0, to: 12)
        let (fine, merged) = try trunk(Variable(Tensor(image, [1, 64, 64, 1])))
        #expect(fine.shape == [1, 8, 8, 40] && merged.shape == [1, 4, 4, 12])
        let names = watched.keys.sorted()
        let seed = numbers.tensor(merged.shape)
        let gradients = try tape.gradients(of: merged, seed: seed, for: names.map { watched[$0]! })
        for (name, gradient) in zip(names, gradients) {
            #expect(gradient.elements.contains { $0 != 0 }, "\(name)")
        }
    }
}

extension SeededGenerator {
    fileprivate mutating func tensor(_ shape: Shape, in range: ClosedRange<Float> = -1...1) -> Tensor {
        Tensor(shape) { out in
            for index in out.indices { out[index] = Float.random(in: range, using: &self) }
        }
    }
}
