package import Networks
package import Parallel
package import Tensors

/// The loss of a batch and its gradient by every parameter, worked out in passes that threads share.
///
/// Each pass takes some images forward and back on a tape of its own; gradients are added pass by pass, in the batch's order.
/// How the batch is cut does not depend on the threads, and so the sum has the same bits with any number of them.
package struct BatchGradient: Sendable {
    package var configuration: DetectorConfiguration
    package var loss: DetectionLoss
    /// Images of a pass.
    package var pass: Int
    package var workers: Workers
    /// When only an adapter is learned: the adaptation, and the weights that stay.
    package var adaptation: (LowRankAdaptation, base: [String: Tensor])?
    /// A teacher of the same classes and levels, whose class scores are learned too.
    package var distillation: (Distillation, teacher: DetectorNetwork)?
    /// When only a backbone is learned, from hidden squares: how, and the weights that stay.
    package var pretraining: (MaskedImageModelling, base: [String: Tensor])?
    /// Whether blocks are computed again on the way back instead of being kept.
    package var isCheckpointed: Bool
    /// What matrix products round their operands to.
    package var products = Precision.float32

    package init(
        _ configuration: DetectorConfiguration, loss: DetectionLoss, pass: Int, workers: Workers,
        isCheckpointed: Bool = false
    ) {
        (self.configuration, self.loss, self.pass) = (configuration, loss, pass)
        (self.workers, self.isCheckpointed) = (workers, isCheckpointed)
    }

    /// - Parameters:
    ///   - size: of the images in pixels.
    ///   - targets: the boxes of the whole batch, which its divisors need before the first pass.
    ///   - sample: makes the images of the batch, each when its pass begins.
    package func callAsFunction(
        _ parameters: [String: Tensor], size: Int, targets: [[TargetBox]],
        sample: @Sendable (Int) throws(TrainingError) -> [Float]
    ) throws(TrainingError) -> (terms: DetectionLoss.Terms, gradients: [String: Tensor]) {
        let extents = configuration.extents
        let divisors = loss.divisors(
            targets, grid: CellGrid(inputSize: size, levels: extents.pyramidLevels), layers: extents.decoderLayers,
            queries: extents.queries)
        return try inPasses(of: targets.count, size: size, sample) { (range, images) throws(TensorError) in
            try run(parameters, images, Array(targets[range]), divisors)
        }
    }

    /// Takes the images of a batch through `run` pass by pass and adds what it gives in the batch's order.
    func inPasses(
        of count: Int, size: Int, _ sample: @Sendable (Int) throws(TrainingError) -> [Float],
        _ run: @Sendable (Range<Int>, Tensor) throws(TensorError) -> PassResult
    ) throws(TrainingError) -> (terms: DetectionLoss.Terms, gradients: [String: Tensor]) {
        let sum = Locked(OrderedSum())
        try workers.forEach((count + pass - 1) / pass) { (number) throws(TrainingError) in
            let range = number * pass..<min((number + 1) * pass, count)
            var pixels: [Float] = []
            for image in range { pixels += try sample(image) }
            let part: PassResult
            do throws(TensorError) { part = try run(range, Tensor(pixels, [range.count, size, size, 1])) } catch {
                throw .tensors(error)
            }
            sum.withLock { $0.add(part, number: number) }
        }
        return sum.withLock { ($0.terms, $0.gradients) }
    }

    struct PassResult: Sendable {
        var terms: DetectionLoss.Terms
        var gradients: [String: Tensor]
    }

    private func run(
        _ parameters: [String: Tensor], _ images: Tensor, _ targets: [[TargetBox]], _ divisors: DetectionLoss.Divisors
    ) throws(TensorError) -> PassResult {
        let tape = Tape(products: products)
        let watched = parameters.mapValues { tape.watch($0) }
        let variables = try adaptation.map { (adaptation) throws(TensorError) in
            try adaptation.0.parameters(watched, base: adaptation.base)
        }
        var source = ParameterSource(variables ?? watched)
        let network = try DetectorNetwork(&source, configuration)
        let output = try network(
            images, withQueries: true, isTraining: true, isCheckpointed: isCheckpointed)
        var (total, terms) = try loss(output, targets: targets, divisors: divisors)
        if let (distillation, teacher) = distillation {
            let said = try teacher(images, withQueries: false, isTraining: false)
            let soft = try distillation(
                student: output.cells.logits, teacher: said.cells.logits.value, divisor: divisors.cells)
            total = try weightedSum([(1 - distillation.alpha, total), (distillation.alpha, soft)])
            terms.distillation = Double(soft.value[0])
        }
        return PassResult(terms: terms, gradients: try gradients(of: total, watched, tape))
    }

    func gradients(
        of loss: Variable, _ watched: [String: Variable], _ tape: Tape
    ) throws(TensorError) -> [String: Tensor] {
        let names = watched.keys.sorted()
        let gradients = try tape.gradients(
            of: loss, seed: Tensor(repeating: 1, [1]), for: names.map { watched[$0]! })
        return Dictionary(uniqueKeysWithValues: zip(names, gradients))
    }

    /// Adds what passes give in the order of their numbers; what comes early waits.
    private struct OrderedSum: Sendable {
        var terms = DetectionLoss.Terms.zero
        var gradients: [String: Tensor] = [:]
        private var next = 0
        private var waiting: [Int: PassResult] = [:]

        mutating func add(_ part: PassResult, number: Int) {
            waiting[number] = part
            while let part = waiting.removeValue(forKey: next) {
                next += 1
                terms += part.terms
                guard !gradients.isEmpty else {
                    gradients = part.gradients
                    continue
                }
                for (name, gradient) in part.gradients {
                    var sum = gradients.removeValue(forKey: name)!
                    sum.accumulate(gradient)
                    gradients[name] = sum
                }
            }
        }
    }
}
