import Tensors

/// The whole network: backbone, pyramid, heads. The twin of `training/model.py`.
struct DetectorNetwork: Sendable {
    let configuration: DetectorConfiguration
    let backbone: HierarchicalTransformer
    let pyramid: Pyramid
    let dense: DenseHead
    let queries: QueryDecoder
    let abnormalityWeight: Float
    let abnormalityBias: Float

    /// Takes every tensor of the file.
    ///
    /// - Throws: `TensorError.weights` for a missing, extra or mis-shaped tensor.
    init(_ file: WeightFile, _ configuration: DetectorConfiguration) throws(TensorError) {
        var weights = file
        let e = configuration.extents
        let classes = configuration.classes.count
        self.configuration = configuration
        backbone = try HierarchicalTransformer(&weights, configuration)
        pyramid = try Pyramid(
            &weights, "pyramid", fine: e.stage1Channels, coarse: e.stage2Channels, channels: e.pyramidChannels)
        dense = try DenseHead(&weights, "dense", channels: e.pyramidChannels, classes: classes)
        queries = try QueryDecoder(&weights, "queries", configuration)
        abnormalityWeight = try weights.take("abnormality.weight", [1])[0]
        abnormalityBias = try weights.take("abnormality.bias", [1])[0]
        try weights.finish()
    }

    struct Output {
        let proposals: DenseHead.Proposals
        /// The cells whose best class logits make the image's abnormality, each with that class.
        let strongest: [(cell: Int, classIndex: Int)]
        let abnormalityLogit: Float
        /// The cells that seed queries, best first.
        let seeds: [Int]
        /// The last decoder layer; nil when the queries were not run.
        let queries: (logits: Variable, boxes: [Box])?
    }

    /// - Parameters:
    ///   - image: `[size * size]` in [0, 1], row by row.
    ///   - readout: the query decoder runs only when its boxes are wanted.
    func forward(
        _ image: [Float], readout: DetectorConfiguration.Readout, probe: Probe? = nil
    ) throws(TensorError) -> Output {
        let size = configuration.inputSize
        let input = try Tensor(image.map { $0 * 2 - 1 }, [1, size, size, 1])
        let (fine, coarse) = try backbone(Variable(input), probe: probe)
        let proposals = try dense(pyramid(fine: fine, coarse: coarse))
        let classes = configuration.classes.count
        let logits = proposals.logits.value.elements
        let best = proposals.boxes.indices.map { cell in
            (0..<classes).map { (logit: logits[cell * classes + $0], classIndex: $0) }.max { $0.logit < $1.logit }!
        }
        let strongest = Self.top(configuration.extents.abnormalityCells, of: best.map(\.logit))
        let pooled = strongest.reduce(0) { $0 + best[$1].logit } / Float(strongest.count)
        let seeds = Self.top(
            configuration.extents.queries, of: zip(best, proposals.quality).map { $0.logit + logSigmoid($1) })
        return Output(
            proposals: proposals, strongest: strongest.map { ($0, best[$0].classIndex) },
            abnormalityLogit: abnormalityWeight * pooled + abnormalityBias, seeds: seeds,
            queries: readout == .queries ? try queries(coarse: coarse, proposals: proposals, seeds: seeds) : nil)
    }

    /// Indices of the greatest values, greatest first; of equal ones the earlier first.
    private static func top(_ count: Int, of values: [Float]) -> [Int] {
        Array(values.indices.sorted { (values[$1], $0) < (values[$0], $1) }.prefix(count))
    }
}
