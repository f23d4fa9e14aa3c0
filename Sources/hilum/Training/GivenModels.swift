import Networks
import Pipelines
import Stages
import Tensors
import Training

/// The models that a training begins with (`--from`) and learns from (`--teacher`).
struct GivenModels {
    let from: String?
    let teacher: String?
    let quiet: Bool

    /// - Returns: the digests of the models: a training does not go on with others.
    /// - Throws: `UsageError` where a model is wanted or not, or does not fit the recipe.
    func give(to run: inout TrainingRun) throws -> String {
        let recipe = run.recipe
        guard (recipe.distillation != nil) == (teacher != nil) else {
            throw UsageError(
                teacher == nil
                    ? "the recipe has 'distillation': name a model by --teacher"
                    : "--teacher needs a recipe with 'distillation'")
        }
        guard recipe.adaptation == nil || from != nil else {
            throw UsageError("the recipe has 'adaptation': name a model by --from")
        }
        var digests: [String] = []
        if let from {
            let model = try ModelLibrary.model(named: from)
            run.start = try start(model, for: recipe)
            digests.append(model.digest)
        }
        if let teacher {
            let model = try ModelLibrary.model(named: teacher)
            let configuration = model.detector.configuration
            guard configuration.classes == recipe.classes,
                configuration.extents.pyramidLevels == recipe.extents.pyramidLevels
            else { throw UsageError("the teacher '\(teacher)' has other classes or pyramid levels than the recipe") }
            run.teacher = model.detector.network
            digests.append(model.digest)
        }
        return digests.joined(separator: " ")
    }

    /// A model's weights for the recipe's input size and number of classes.
    private func start(_ model: ModelLibrary.Model, for recipe: Recipe) throws -> [String: Tensor] {
        let base = model.detector.configuration
        try checkClasses(of: base, for: recipe)
        var file = try WeightFile(path: model.directory + "/weights.safetensors")
        var weights = try resizedPositions(
            Dictionary(uniqueKeysWithValues: file.names.map { ($0, try file.take($0)) }),
            from: base.inputSize, to: recipe.configuration.inputSize)
        if base.classes.count != recipe.classes.count {
            weights = try withFreshClasses(
                weights, of: base.classes.count, for: recipe.configuration, seed: recipe.seed)
        }
        do throws(TensorError) {
            var source = ParameterSource(weights.mapValues { Variable($0) })
            _ = try DetectorNetwork(&source, recipe.configuration)
        } catch {
            let isSame = base.architecture == recipe.architecture
            let other = isSame ? recipe.extents.differences(from: base.extents).joined(separator: ", ") : ""
            throw UsageError(
                "'\(base.name)' is an \(base.architecture), and the recipe's network an \(recipe.architecture)"
                    + (other.isEmpty ? "" : " with another \(other)")
                    + ": make the recipe's 'architecture' that of \(model.directory)/config.json, or begin without --from"
            )
        }
        return weights
    }

    /// The outputs for classes go by their order alone.
    private func checkClasses(of base: DetectorConfiguration, for recipe: Recipe) throws {
        guard recipe.pretraining == nil, base.classes != recipe.classes else { return }
        let names = base.classes.joined(separator: ", ")
        if recipe.adaptation?.heads == .kept {
            throw UsageError(
                "'\(base.name)' has \(counted(base.classes)), the recipe \(recipe.classes.count): with 'heads: kept' the "
                    + "classes must be those of '\(base.name)': \(names)")
        }
        if Set(base.classes) == Set(recipe.classes) {
            throw UsageError("the recipe has the classes of '\(base.name)' in another order; write them as \(names)")
        }
        if quiet { return }
        Console.error(
            base.classes.count == recipe.classes.count
                ? "the outputs for classes begin with those of '\(base.name)': \(names)\n"
                : "'\(base.name)' has \(counted(base.classes)), the recipe \(recipe.classes.count): "
                    + "the outputs for classes begin anew\n")
    }

    private func counted(_ classes: [String]) -> String {
        "\(classes.count) class\(classes.count == 1 ? "" : "es") (\(classes.joined(separator: ", ")))"
    }
}
