package import Networks
package import Parallel
package import Tensors
import Transforms

/// A training: epochs over a data set by a recipe, from a state to the next.
///
/// Everything random depends on the recipe's seed, the epoch and the images' names; nothing on threads or on whether the
/// training was stopped in between.
package struct TrainingRun: Sendable {
    package let recipe: Recipe
    package let workers: Workers
    /// Trains on the images as they are, to see whether a few can be learned by heart.
    package var isPlain = false

    /// Weights to begin with, or to adapt; nil: fresh ones.
    package var start: [String: Tensor]?
    /// Whom a recipe with distillation learns from.
    package var teacher: DetectorNetwork?

    package init(_ recipe: Recipe, workers: Workers) { (self.recipe, self.workers) = (recipe, workers) }

    /// Where an epoch stands.
    package struct Progress: Sendable {
        package var step: Int
        package var steps: Int
        package var terms: DetectionLoss.Terms
    }

    /// The state before the first epoch.
    ///
    /// - Throws: `TrainingError.tensors` when the weights to begin with do not fit the recipe's network, by name.
    package func begin() throws(TrainingError) -> TrainingState {
        do throws(TensorError) {
            try loadMatrixLibrary()
            let weights = try base()
            var source = ParameterSource(weights.mapValues { Variable($0) })
            _ = try DetectorNetwork(&source, recipe.configuration)
            let learned =
                recipe.adaptation?.begin(weights, seed: recipe.seed)
                ?? recipe.pretraining?.begin(weights, channels: recipe.extents.stage2Channels) ?? weights
            return TrainingState(parameters: learned, decay: Float(recipe.schedule.decay))
        } catch { throw .tensors(error) }
    }

    /// The whole network's weights before the first step.
    private func base() throws(TensorError) -> [String: Tensor] {
        if let start { return start }
        return try freshParameters(recipe.configuration, seed: recipe.seed)
    }

    /// The network's weights from what is learned: the same, or the base's with the adapter or the backbone merged.
    package func weights(_ learned: [String: Tensor]) throws(TrainingError) -> [String: Tensor] {
        do throws(TensorError) {
            if let adaptation = recipe.adaptation { return try adaptation.merged(learned, base: base()) }
            if let pretraining = recipe.pretraining { return pretraining.merged(learned, base: try base()) }
            return learned
        } catch { throw .tensors(error) }
    }

    /// Steps of an epoch over so many images.
    package func stepsPerEpoch(_ images: Int) -> Int { max(1, images / recipe.schedule.batch) }

    /// One epoch over images that were prepared for `recipe.size(epoch:)`.
    ///
    /// - Parameter report: called after every step.
    /// - Throws: `TrainingError.diverged` when the loss is not finite; the state is then of no use.
    package func epoch(
        _ state: inout TrainingState, images: [TrainingImage], report: (Progress) -> Void = { _ in }
    ) throws(TrainingError) -> EpochRecord {
        let plan = recipe.schedule
        let (epoch, steps) = (state.epoch, stepsPerEpoch(images.count))
        let size = images.first?.size ?? recipe.size(epoch: epoch)
        let schedule = Schedule(
            peak: plan.rate, annealing: plan.annealing, warmUp: min(plan.warmUp, plan.epochs * steps / 10),
            steps: plan.epochs * steps, stepsPerEpoch: steps)
        var gradient = BatchGradient(
            recipe.configuration,
            loss: DetectionLoss(
                focal: FocalLoss(alpha: Float(recipe.loss.focalAlpha), gamma: Float(recipe.loss.focalGamma)),
                repeats: recipe.loss.repeats), pass: plan.pass, workers: workers, isCheckpointed: plan.checkpointing)
        gradient.products = plan.precision == .bfloat16 ? .bfloat16 : .float32
        if let adaptation = recipe.adaptation { gradient.adaptation = (adaptation, start ?? [:]) }
        if let distillation = recipe.distillation, let teacher { gradient.distillation = (distillation, teacher) }
        do throws(TensorError) {
            if let pretraining = recipe.pretraining { gradient.pretraining = (pretraining, try base()) }
        } catch { throw .tensors(error) }
        let order = shuffled(images.count, epoch: epoch)
        let clock = ContinuousClock()
        let start = clock.now
        var (sum, length, rate) = (DetectionLoss.Terms.zero, 0.0, 0.0)
        for step in 0..<steps {
            let picks = Array(order[step * plan.batch..<min((step + 1) * plan.batch, order.count)])
            let plans = picks.map { self.plan($0, images, others: picks, epoch: epoch) }
            var (terms, gradients): (DetectionLoss.Terms, [String: Tensor])
            do throws(TrainingError) {
                (terms, gradients) = try self.gradient(
                    gradient, state.parameters, plans, images, epoch: epoch, size: size)
            } catch .tensors(.outputNotFinite) { throw .diverged(step: state.optimiser.step) }
            let norm = clip(&gradients, to: Float(plan.clip))
            guard terms.total.isFinite, norm.isFinite else { throw .diverged(step: state.optimiser.step) }
            rate = schedule.rate(step: state.optimiser.step)
            state.optimiser.update(&state.parameters, gradients, rate: Float(rate))
            average(
                &state.average, with: state.parameters, decay: Float(plan.average), step: state.optimiser.step)
            sum += terms
            length += norm
            report(Progress(step: step + 1, steps: steps, terms: terms))
        }
        let count = Double(steps)
        let elapsed = (clock.now - start).components
        return EpochRecord(
            epoch: epoch + 1, steps: state.optimiser.step, size: size, rate: rate, total: sum.total / count,
            dense: sum.dense / count, queries: sum.queries / count, abnormality: sum.abnormality / count,
            mask: sum.mask / count, reconstruction: sum.reconstruction / count, gradient: length / count,
            seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18,
            distillation: recipe.distillation == nil ? nil : sum.distillation / count)
    }

    private func gradient(
        _ gradient: BatchGradient, _ parameters: [String: Tensor], _ plans: [AugmentationPlan],
        _ images: [TrainingImage], epoch: Int, size: Int
    ) throws(TrainingError) -> (terms: DetectionLoss.Terms, gradients: [String: Tensor]) {
        let sample: @Sendable (Int) throws(TrainingError) -> [Float] = { (index) throws(TrainingError) in
            try plans[index].image(from: images)
        }
        guard let (pretraining, base) = gradient.pretraining else {
            return try gradient(parameters, size: size, targets: plans.map(\.boxes), sample: sample)
        }
        let hidden = plans.map {
            pretraining.hidden(images[$0.image].name, size: size, seed: recipe.seed, epoch: epoch)
        }
        return try gradient.reconstruction(
            parameters, pretraining, base: base, size: size, hidden: hidden, sample: sample)
    }

    private func plan(_ image: Int, _ images: [TrainingImage], others: [Int], epoch: Int) -> AugmentationPlan {
        guard !isPlain else { return AugmentationPlan(unchanged: image, in: images) }
        return AugmentationPlan(
            image, in: images, others: others, options: recipe.augmentation, strength: recipe.strength(epoch: epoch),
            seed: recipe.seed, epoch: epoch)
    }

    private func shuffled(_ count: Int, epoch: Int) -> [Int] {
        var random = Philox(seed: recipe.seed, item: "order", stage: epoch)
        var order = Array(0..<count)
        for place in order.indices.dropLast() { order.swapAt(place, place + random.index(below: count - place)) }
        return order
    }

    /// Adds an epoch to the state's history, with what the validation part said if it was looked at.
    package func note(_ record: EpochRecord, validation: PartResult?, in state: inout TrainingState) {
        var record = record
        if let validation {
            record.validationDense = validation.precision[.dense]
            record.validationQueries = validation.precision[.queries]
            let precision = validation.precision.values.max()
            if let precision, state.stopping.note(precision), recipe.schedule.patience > 0 {
                state.best = state.average
            }
        }
        state.history.append(record)
    }

    /// Whether the validation part is looked at after an epoch: now and then, and at the end; never in pretraining, which finds
    /// nothing.
    /// - Parameter epoch: from 1.
    package func looks(after epoch: Int) -> Bool {
        recipe.pretraining == nil && (epoch % recipe.schedule.look == 0 || epoch == recipe.schedule.epochs)
    }

    package func isOver(_ state: TrainingState) -> Bool {
        let patience = recipe.schedule.patience
        return state.epoch >= recipe.schedule.epochs || (patience > 0 && state.stopping.isOver(patience: patience))
    }

    /// What to ship of what was learned: the average at the best look at the validation part, or the last without early stopping.
    package func shipped(_ state: TrainingState) -> [String: Tensor] {
        recipe.schedule.patience > 0 ? state.best ?? state.average : state.average
    }
}
