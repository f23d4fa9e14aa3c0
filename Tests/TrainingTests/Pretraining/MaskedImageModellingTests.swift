import Networks
import Parallel
import Pipelines
import Tensors
import Testing

@testable import Training

struct MaskedImageModellingTests {
    private let recipe: Recipe
    private let modelling = MaskedImageModelling(masked: 0.5)

    init() throws {
        recipe = try .tiny(
            """
            schedule: { epochs: 150, batch: 4, sizes: 64, rate: 1e-2, warmUp: 2 }
            pretraining: { masked: 0.5 }
            """)
    }

    /// Images whose two halves have their own brightness: what is hidden can be told from what is not.
    private var images: [TrainingImage] {
        (0..<4).map { number in
            let pixels = (0..<64 * 64).map { Float($0 % 64 < 32 ? number : 3 - number) / 3 }
            return TrainingImage(name: "\(number)", size: 64, image: pixels, boxes: [])
        }
    }

    @Test func halfOfTheSquaresAreHiddenAndOthersNextTime() {
        let hidden = modelling.hidden("a", size: 128, seed: 1, epoch: 0)
        #expect(hidden.count == 64 && hidden.count { $0 } == 32)
        for square in 0..<16 {
            let (row, column) = (square / 4 * 2, square % 4 * 2)
            let corner = hidden[row * 8 + column]
            #expect([(0, 1), (1, 0), (1, 1)].allSatisfy { hidden[(row + $0) * 8 + column + $1] == corner })
        }
        #expect(hidden == modelling.hidden("a", size: 128, seed: 1, epoch: 0))
        #expect(hidden != modelling.hidden("a", size: 128, seed: 1, epoch: 1))
        #expect(hidden != modelling.hidden("b", size: 128, seed: 1, epoch: 0))
    }

    @Test func squaresAtTheFarEdgesAreCut() {
        let all = MaskedImageModelling(masked: 0.99).hidden("a", size: 48, seed: 1, epoch: 0)
        #expect(all == [Bool](repeating: true, count: 9))
    }

    @Test func onlyHiddenPixelsAreCoveredAndCount() throws {
        let image = Tensor(repeating: 1, [1, 32, 32, 1])
        let hidden = [[true, false, false, false]]
        let covered = modelling.covered(image, hidden)
        #expect(covered[0, 0, 0, 0] == 0.5 && covered[0, 15, 15, 0] == 0.5)
        #expect(covered[0, 16, 0, 0] == 1 && covered[0, 0, 16, 0] == 1)
        // The layer is zero at first and says 0; white is 1.
        let tape = Tape()
        let learned = [
            "reconstruction.weight": tape.watch(.zeros([256, 3])), "reconstruction.bias": tape.watch(.zeros([256])),
        ]
        let coarse = Variable(Tensor(repeating: 1, [1, 2, 2, 3]))
        let loss = try modelling.loss(coarse, image, hidden, learned, divisor: 1)
        #expect(abs(loss.value[0] - 1) < 1e-6)
        let slope = try tape.gradients(
            of: loss, seed: Tensor(repeating: 1, [1]), for: [learned["reconstruction.bias"]!])[0]
        #expect(slope.elements.allSatisfy { abs($0 + 1 / 256) < 1e-8 })
    }

    @Test func theLossFallsAndTheHeadsStay() throws {
        var run = TrainingRun(recipe, workers: Workers(count: 2))
        run.isPlain = true
        var state = try run.begin()
        let before = try run.weights(state.parameters)
        #expect(!state.parameters.keys.contains { $0.hasPrefix("dense.") })
        while !run.isOver(state) {
            let record = try run.epoch(&state, images: images)
            run.note(record, validation: nil, in: &state)
            #expect(record.dense == 0 && record.total == record.reconstruction && !run.looks(after: record.epoch))
        }
        #expect(state.history.last!.reconstruction < 0.7 * state.history[0].reconstruction)
        let after = try run.weights(state.parameters)
        #expect(Set(after.keys) == Set(before.keys))
        for (name, weight) in after {
            let isBackbone = ["stem.", "stage1.", "merge.", "stage2.", "norm."].contains { name.hasPrefix($0) }
            #expect((weight.elements == before[name]?.elements) == !isBackbone, "\(name)")
        }
    }

    @Test func itGoesWithNothingElse() {
        #expect(throws: ConfigurationError.self) {
            try Recipe.parse("name: a\nclasses: [x]\npretraining: {}\nadaptation: {}\n", name: "r")
        }
    }
}
