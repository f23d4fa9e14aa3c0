import Tensors
import Testing

@testable import Training

struct OptimiserTests {
    @Test func adamWAndClippingAgreeWithPyTorch() throws {
        let recorded = try Recorded.read().optimiser
        var parameters = [
            "matrix": try Tensor(recorded.start.matrix, [3, 4]), "vector": try Tensor(recorded.start.vector, [4]),
        ]
        var optimiser = AdamW(decay: 0.05)
        for step in recorded.steps {
            var gradients = [
                "matrix": try Tensor(step.gradients.matrix, [3, 4]),
                "vector": try Tensor(step.gradients.vector, [4]),
            ]
            #expect(abs(clip(&gradients, to: 2) - step.norm) < 1e-5 * step.norm)
            optimiser.update(&parameters, gradients, rate: 1e-2)
            expectClose(parameters["matrix"]!.elements, step.matrix, tolerance: 1e-6)
            expectClose(parameters["vector"]!.elements, step.vector, tolerance: 1e-6)
        }
        #expect(optimiser.step == 5)
    }

    @Test func shortGradientsAreLeftAlone() throws {
        var gradients = ["a": try Tensor([0.3, 0.4], [2])]
        #expect(abs(clip(&gradients, to: 2) - 0.5) < 1e-6)
        #expect(gradients["a"]?.elements == [0.3, 0.4])
    }

    @Test func restartsAgreeWithPyTorch() throws {
        let expected = try Recorded.read().restarts
        let schedule = Schedule(peak: 1e-3, annealing: .restarts, warmUp: 0, steps: expected.count, stepsPerEpoch: 3)
        for (step, rate) in expected.enumerated() { #expect(abs(schedule.rate(step: step) - rate) < 1e-12) }
    }

    @Test func warmUpThenOneHalfWave() {
        let schedule = Schedule(peak: 2, annealing: .cosine, warmUp: 4, steps: 104, stepsPerEpoch: 10)
        #expect((0..<4).map { schedule.rate(step: $0) } == [0.5, 1, 1.5, 2])
        #expect(schedule.rate(step: 4) == 2)
        #expect(abs(schedule.rate(step: 54) - 2 * (0.01 + 0.99 * 0.5)) < 1e-12)
        #expect(abs(schedule.rate(step: 104) - 0.02) < 1e-12)
    }

    @Test func averagesBeginFast() throws {
        var mean = ["a": try Tensor([0, 4], [2])]
        average(&mean, with: ["a": try Tensor([1, 0], [2])], decay: 0.998, step: 1)
        expectClose(mean["a"]!.elements, [Float(1 - 2.0 / 11), 4 * Float(2.0 / 11)], tolerance: 1e-6)
        average(&mean, with: ["a": try Tensor([0, 0], [2])], decay: 0.5, step: 1000)
        expectClose(mean["a"]!.elements, [Float(0.5 - 1.0 / 11), 2 * Float(2.0 / 11)], tolerance: 1e-6)
    }

    @Test func stoppingWaitsForItsPatience() {
        var stopping = EarlyStopping()
        #expect(!stopping.note(0) && stopping.best == nil)
        #expect(stopping.note(0.5) && !stopping.note(0.5) && !stopping.note(0.4) && !stopping.isOver(patience: 3))
        #expect(!stopping.note(0.1) && stopping.isOver(patience: 3))
        #expect(stopping.note(0.6) && !stopping.isOver(patience: 3) && stopping.best == 0.6)
    }
}
