import Networks
import Tensors

extension BatchGradient {
    /// How badly hidden squares are made up, and the gradient by what `modelling` learns, in passes as ever.
    ///
    /// - Parameters:
    ///   - base: weights of the whole network.
    ///   - hidden: the hidden tokens of each image of the batch.
    ///   - sample: makes the images of the batch, each when its pass begins.
    func reconstruction(
        _ learned: [String: Tensor], _ modelling: MaskedImageModelling, base: [String: Tensor], size: Int,
        hidden: [[Bool]], sample: @Sendable (Int) throws(TrainingError) -> [Float]
    ) throws(TrainingError) -> (terms: DetectionLoss.Terms, gradients: [String: Tensor]) {
        let divisor = hidden.reduce(0) { $0 + $1.count { $0 } }
        return try inPasses(of: hidden.count, size: size, sample) { (range, images) throws(TensorError) in
            let tape = Tape(products: products)
            let watched = learned.mapValues { tape.watch($0) }
            var source = ParameterSource(modelling.parameters(watched, base: base))
            let network = try DetectorNetwork(&source, configuration)
            let part = Array(hidden[range])
            let coarse = try network.coarse(modelling.covered(images, part), isCheckpointed: isCheckpointed)
            let loss = try modelling.loss(coarse, images, part, watched, divisor: divisor)
            var terms = DetectionLoss.Terms.zero
            terms.reconstruction = Double(loss.value[0])
            return PassResult(terms: terms, gradients: try gradients(of: loss, watched, tape))
        }
    }
}
