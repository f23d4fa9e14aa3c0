import ArgumentParser
import Cryptography
import Files
import Foundation
import Networks
import Parallel
import Pipelines
import Stages
import Tensors
import Training

struct ModelTrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a detector by a recipe; run it again after a stop, and it goes on.",
        discussion: """
            The data set is a folder or file in any format that `hilum model data` reads; its parts bear the names that the \
            recipe gives under data. Each epoch leaves a checkpoint in OUT; the model is written to OUT/model when the training ends. The result depends on recipe, \
            data set and processor type, not on threads or stops. Recipes: training/recipes.
            """)

    @Argument(help: "A recipe.", completion: .file(extensions: ["yaml"]))
    var recipe: String

    @Option(help: "The data set: its folder, or the file with its annotations.", completion: .file())
    var data: String

    @OptionGroup var reading: DatasetReading

    @Option(name: .shortAndLong, help: "Folder for checkpoint, losses.csv and model/.", completion: .directory)
    var output: String

    @Option(help: "Begin with a model's weights, or adapt them (recipes with 'adaptation'): a name or a folder.")
    var from: String?

    @Option(help: "Learn from a model's class scores too (recipes with 'distillation'): a name or a folder.")
    var teacher: String?

    @Option(help: "Threads; the result does not depend on them.")
    var workers = ProcessInfo.processInfo.activeProcessorCount

    @Option(help: "Learn N images by heart, without augmentation: a check that training can work at all.")
    var overfit: Int?

    @Option(help: "Only the first N training images, for a quick try.")
    var limit: Int?

    @Option(name: .customLong("set"), help: "Change one value of the recipe: schedule.epochs=3.")
    var settings: [String] = []

    @Flag(help: "Print nothing but errors and the result.")
    var quiet = false

    func run() throws {
        guard workers > 0 else { throw UsageError("--workers must be at least 1") }
        guard overfit ?? 1 > 0, limit ?? 1 > 0 else { throw UsageError("--overfit and --limit must be at least 1") }
        guard overfit == nil || limit == nil else {
            throw UsageError("--overfit chooses the training images itself: leave out --limit")
        }
        let text = try String(decoding: FileBytes.read(recipe, limit: 1 << 20), as: UTF8.self)
        let recipe = try Recipe.parse(text, name: recipe, settings: settings.map { try Setting($0) })
        let set = try TrainingData(reading.load(data, quiet: quiet), recipe: recipe, workers: Workers(count: workers))
        var run = TrainingRun(recipe, workers: Workers(count: workers))
        run.isPlain = overfit != nil
        let parts = try set.parts(overfit: overfit, limit: limit)
        let others = try GivenModels(from: from, teacher: teacher, quiet: quiet).give(to: &run)
        if set.unplaced > 0 {
            Console.error("\(set.unplaced) images with findings and no box are left out: nothing says where to look\n")
        }
        for warning in recipe.pretraining == nil ? parts.warnings : [] { Console.error("warning: \(warning)\n") }
        let digest = recipe.digest(with: "\(overfit ?? 0) \(try parts.digest(run.workers)) \(others)")
        let checkpoint = Checkpoint(folder: output, digest: digest)
        let saved = try checkpoint.read(decay: Float(recipe.schedule.decay))
        if saved == nil { try refuseForeignFiles() }
        try AtomicFile.makeFolder(output)
        var state = try saved ?? run.begin()
        do { try train(run, &state, set, parts, checkpoint) } catch TrainingError.unwritable(let error) {
            throw stopped(error)
        } catch let error as FileError {
            throw stopped(error)
        }
    }

    /// What a training writes stands in place of what is there: without a checkpoint that is somebody's.
    private func refuseForeignFiles() throws {
        for name in ["model", "adapter", "losses.csv", "losses.png", "validation.png"]
        where FileManager.default.fileExists(atPath: "\(output)/\(name)") {
            throw UsageError(
                "\(output) holds \(name) and no checkpoint.json of a training that goes on; name another folder")
        }
    }

    private func stopped(_ error: FileError) -> ExitCode {
        Console.error("hilum: the training was stopped: \(error); run it again once that can be done, and it goes on\n")
        return ExitCode(1)
    }

    private func train(
        _ run: TrainingRun, _ state: inout TrainingState, _ set: TrainingData, _ parts: TrainingData.Parts,
        _ checkpoint: Checkpoint
    ) throws {
        let recipe = run.recipe
        let progress = TrainingProgress(quiet: quiet, epochs: recipe.schedule.epochs)
        progress.begin(parts, parameters: state.parameters.values.reduce(0) { $0 + $1.count }, done: state.epoch)
        var images = PreparedImages(set, rows: parts.train)
        let finalSize = recipe.configuration.inputSize
        let validation = try set.measured(parts.validation, size: finalSize)
        while !run.isOver(state) {
            let current = try images.prepared(for: recipe.size(epoch: state.epoch))
            let number = state.epoch + 1
            let record = try run.epoch(&state, images: current) { progress.show(epoch: number, $0) }
            let result =
                run.looks(after: number)
                ? try PartResult(
                    run.weights(state.average), recipe.configuration, on: validation, workers: Workers(count: workers))
                : nil
            run.note(record, validation: result, in: &state)
            try checkpoint.write(state)
            try writeHistory(state.history)
            if let last = state.history.last { progress.finished(last) }
        }
        try finish(run, state, set, parts, validation)
    }

    private func writeHistory(_ history: [EpochRecord]) throws {
        try AtomicFile.write("\(output)/losses.csv", text: historyCSV(history))
        try LossPlot(history: history).write(to: output)
    }

    /// Calibrates and writes the model.
    private func finish(
        _ run: TrainingRun, _ state: TrainingState, _ set: TrainingData, _ parts: TrainingData.Parts,
        _ validation: [MeasuredImage]
    ) throws {
        // Again: a kill may have come between the last checkpoint and its line.
        try writeHistory(state.history)
        let configuration = run.recipe.configuration
        let learned = run.shipped(state)
        var weights = try run.weights(learned)
        let note: JSONValue = [
            "recipe": .string(run.recipe.digest()), "seed": .integer(Int(run.recipe.seed)),
            "epochs": .integer(state.epoch), "steps": .integer(state.optimiser.step),
            "images": .integer(parts.train.count),
        ]
        if run.recipe.pretraining != nil {
            try writeModel(weights, configuration, recipe: note, to: "\(output)/model")
            let last = digits(state.history.last?.reconstruction ?? 0)
            return Console.out("\(output)/model: a backbone to begin with by --from, reconstruction \(last)\n")
        }
        let heldOut = try set.measured(parts.heldOut, size: configuration.inputSize)
        let onHeldOut = try PartResult(weights, configuration, on: heldOut, workers: run.workers)
        let onValidation = try PartResult(weights, configuration, on: validation, workers: run.workers)
        calibrateAbnormality(&weights, on: onHeldOut)
        let calibrated = configuration.calibrated(on: onHeldOut, validation: onValidation)
        try writeModel(weights, calibrated, recipe: note, to: "\(output)/model")
        if let adaptation = run.recipe.adaptation, let from {
            try writeAdapter(
                learned, adaptation, merged: weights, calibrated, recipe: note, base: from,
                digest: ModelLibrary.model(named: from).digest, to: "\(output)/adapter")
        }
        let precision = DetectorConfiguration.Readout.allCases.map { readout in
            "\(readout.rawValue) \(onValidation.precision[readout].map(digits) ?? "-")"
        }
        Console.out(
            """
            \(output)/model: \(calibrated.readout.rawValue) readout, threshold \(calibrated.recommendedThreshold), \
            validation AP50 \(precision.joined(separator: ", ")) after \(state.epoch) epochs

            """)
    }
}

extension Recipe {
    /// SHA-256 of all values, whatever the file's layout, and of what else a training depends on.
    fileprivate func digest(with rest: String = "") -> String {
        hexadecimal(SHA256Digest.of(Array("\(self)|\(rest)".utf8)))
    }
}
