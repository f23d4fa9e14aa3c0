import Foundation
import Parallel
import Pipelines
import Tensors
import TestSupport
import Testing

@testable import Networks
@testable import Training

struct TrainingRunTests {
    private let recipe: Recipe

    init() throws {
        recipe = try .tiny(
            """
            schedule: { epochs: 4, batch: 3, pass: 2, sizes: [{ size: 32, until: 0.5 }, { size: 64 }], rate: 2e-3, warmUp: 2 }
            """)
    }

    private func images(_ size: Int) -> [TrainingImage] {
        (0..<7).map { number in
            let side = Float(size) / 4
            let x = Float(number % 4) * side * 0.7
            let box = TargetBox(x0: x, y0: side, x1: x + side, y1: 2 * side, label: number % 2)
            let pixels = (0..<size * size).map { index -> Float in
                let (u, v) = (Float(index % size), Float(index / size))
                return u >= box.x0 && u < box.x1 && v >= box.y0 && v < box.y1 ? 0.9 : 0.2
            }
            return TrainingImage(name: "\(number)", size: size, image: pixels, boxes: number == 6 ? [] : [box])
        }
    }

    private func train(_ state: inout TrainingState, until epoch: Int, workers: Workers) throws {
        let run = TrainingRun(recipe, workers: workers)
        while state.epoch < epoch {
            let record = try run.epoch(&state, images: images(recipe.size(epoch: state.epoch)))
            run.note(record, validation: nil, in: &state)
        }
    }

    /// Threads, a stop and a resumption from disk leave every byte as it is.
    @Test func aStoppedTrainingEndsAsOneThatWasNot() throws {
        let scratch = try Scratch()
        let checkpoint = Checkpoint(folder: scratch.path, digest: "x")
        var whole = try TrainingRun(recipe, workers: .single).begin()
        try train(&whole, until: 4, workers: .single)
        var first = try TrainingRun(recipe, workers: .single).begin()
        try train(&first, until: 2, workers: Workers(count: 2))
        try checkpoint.write(first)
        var second = try #require(try checkpoint.read(decay: Float(recipe.schedule.decay)))
        #expect(second.epoch == 2 && second.optimiser.step == 4)
        try train(&second, until: 4, workers: Workers(count: 2))
        #expect(safetensorsBytes(second.parameters) == safetensorsBytes(whole.parameters))
        #expect(safetensorsBytes(second.average) == safetensorsBytes(whole.average))
    }

    @Test func checkpointsOfOtherRecipesAndDamagedOnesAreRefused() throws {
        let scratch = try Scratch()
        let checkpoint = Checkpoint(folder: scratch.path, digest: "x")
        #expect(try checkpoint.read(decay: 0) == nil)
        var state = try TrainingRun(recipe, workers: .single).begin()
        try train(&state, until: 1, workers: .single)
        try checkpoint.write(state)
        #expect(throws: TrainingError.self) {
            try Checkpoint(folder: scratch.path, digest: "y").read(decay: 0)
        }
        let tensors = scratch.path + "/checkpoint-1.safetensors"
        let bytes = try Data(contentsOf: URL(fileURLWithPath: tensors))
        try bytes.prefix(bytes.count - 5).write(to: URL(fileURLWithPath: tensors))
        #expect(throws: TrainingError.self) { try checkpoint.read(decay: 0) }
    }

    /// Others name theirs alike: Hugging Face has folders "checkpoint-500".
    @Test func onlyOwnCheckpointsAreRemoved() throws {
        let scratch = try Scratch()
        let foreign = ["checkpoint-007.safetensors", "checkpoint-1.safetensors.bak", "checkpoint-notes.txt"]
        for name in foreign { _ = try scratch.write([1], name) }
        try FileManager.default.createDirectory(
            atPath: "\(scratch.path)/checkpoint-1", withIntermediateDirectories: true)
        var state = try TrainingRun(recipe, workers: .single).begin()
        for epoch in 1...2 {
            try train(&state, until: epoch, workers: .single)
            try Checkpoint(folder: scratch.path, digest: "x").write(state)
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
                == (foreign + ["checkpoint-1", "checkpoint-2.safetensors", "checkpoint.json"]).sorted())
    }

    /// A full disk is no reason to begin anew.
    @Test func aCheckpointThatCannotBeWrittenIsNoBadCheckpoint() throws {
        let scratch = try Scratch()
        let file = try scratch.write([1], "file")
        let state = try TrainingRun(recipe, workers: .single).begin()
        do throws(TrainingError) {
            try Checkpoint(folder: file, digest: "x").write(state)
            Issue.record("a file is no folder")
        } catch {
            guard case .unwritable = error else { throw error }
        }
    }

    /// Where nothing can be found, no look says which weights are better.
    @Test func looksWithoutAnythingToFindDoNotCount() throws {
        let run = TrainingRun(recipe, workers: .single)
        var state = try run.begin()
        let record = try run.epoch(&state, images: images(32))
        let looked = try PartResult(
            state.average, recipe.configuration,
            on: [MeasuredImage(image: [Float](repeating: 0.3, count: 64 * 64), boxes: [])], workers: .single)
        #expect(looked.precision.isEmpty)
        for _ in 0..<2 { run.note(record, validation: looked, in: &state) }
        #expect(state.best == nil && state.stopping.sinceBest == 0 && state.history[1].validationDense == nil)
        #expect(run.shipped(state).mapValues(\.elements) == state.average.mapValues(\.elements))
    }

    /// Weights so large that boxes and scores are no numbers: matching them would never end.
    @Test func aNetworkThatComputesNoNumbersEndsTheTraining() throws {
        var run = TrainingRun(recipe, workers: .single)
        var weights = try run.begin().parameters
        let shape = try #require(weights["dense.output.weight"]).shape
        weights["dense.output.weight"] = Tensor(repeating: 3e38, shape)
        run.start = weights
        var state = try run.begin()
        #expect(throws: TrainingError.diverged(step: 0)) { try run.epoch(&state, images: images(32)) }
        #expect(throws: TrainingError.tensors(.outputNotFinite)) {
            try PartResult(
                weights, recipe.configuration, on: [MeasuredImage(image: images(64)[0].floats, boxes: [])],
                workers: .single)
        }
    }

    @Test func aFewImagesAreLearnedByHeart() throws {
        var longer = recipe
        longer.schedule.epochs = 80
        longer.schedule.rate = 1e-2
        longer.schedule.sizeValues = [64]
        longer.schedule.sizeEnds = [1]
        var run = TrainingRun(longer, workers: Workers(count: 2))
        run.isPlain = true
        var state = try run.begin()
        let few = Array(images(64).prefix(3))
        for _ in 0..<80 { run.note(try run.epoch(&state, images: few), validation: nil, in: &state) }
        let (first, last) = (state.history[0].total, state.history[79].total)
        #expect(last < 0.5 * first, "loss \(first) to \(last)")
    }

    @Test func calibrationFindsWhatMadeTheLabels() throws {
        var random = SeededGenerator(seed: 3)
        let points = (0..<4000).map { _ -> (z: Double, y: Bool, weight: Double) in
            let z = Double.random(in: -4...4, using: &random)
            return (z, Double.random(in: 0...1, using: &random) < 1 / (1 + exp(-(0.7 * z - 0.4))), 1)
        }
        let fit = LogisticFit(points, ridge: 1e-3)
        #expect(abs(fit.slope - 0.7) < 0.05 && abs(fit.bias + 0.4) < 0.1)
        let parted = LogisticFit([(-1, false, 1), (1, true, 1)], ridge: 1e-3)
        #expect(parted.slope.isFinite && parted.slope > 1)
        #expect(LogisticFit([(1, true, 1)], ridge: 1e-3).slope == 1)
    }

    /// What is exported can be loaded by those who use it.
    @Test func exportedModelsLoad() throws {
        let scratch = try Scratch()
        let state = try TrainingRun(recipe, workers: .single).begin()
        try writeModel(state.parameters, recipe.configuration, recipe: ["seed": 1], to: scratch.path)
        let detector = try Detector(directory: scratch.path)
        #expect(detector.configuration.classes == ["a", "b"] && detector.configuration.inputSize == 64)
        let found = try detector.detect([Float](repeating: 0.3, count: 64 * 64), threshold: 0)
        #expect(!found.boxes.isEmpty)
    }
}
