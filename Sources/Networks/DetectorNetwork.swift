package import Tensors

/// The whole network: backbone, pyramid, heads. The twin of `training/model.py`.
package struct DetectorNetwork: Sendable {
    package private(set) var configuration: DetectorConfiguration
    let backbone: HierarchicalTransformer
    let pyramid: Pyramid
    let dense: DenseHead
    let queries: QueryDecoder
    let mask: MaskHead?
    /// Weight and bias that make the mean of the strongest class logits the image's abnormality logit; `[1]` each.
    let abnormality: (weight: Variable, bias: Variable)

    var abnormalityWeight: Float { abnormality.weight.value[0] }

    /// Takes every tensor of the file.
    ///
    /// - Throws: `TensorError.weights` for a missing, extra or mis-shaped tensor.
    init(_ file: WeightFile, _ configuration: DetectorConfiguration) throws(TensorError) {
        var parameters = ParameterSource(file)
        try self.init(&parameters, configuration)
    }

    /// - Throws: `TensorError.weights` for a missing, extra or mis-shaped parameter.
    package init(_ weights: inout ParameterSource, _ configuration: DetectorConfiguration) throws(TensorError) {
        let e = configuration.extents
        let classes = configuration.classes.count
        self.configuration = configuration
        backbone = try HierarchicalTransformer(&weights, configuration)
        pyramid = try Pyramid(
            &weights, "pyramid", fine: e.fineChannels, coarse: e.stage2Channels, channels: e.pyramidChannels,
            levels: e.pyramidLevels)
        mask =
            e.maskChannels == 0
            ? nil : try MaskHead(&weights, "mask", channels: e.pyramidChannels, middle: e.maskChannels)
        dense = try DenseHead(&weights, "dense", channels: e.pyramidChannels, classes: classes)
        queries = try QueryDecoder(&weights, "queries", configuration)
        abnormality = (
            try weights.take("abnormality.weight", [1], .constant(1)),
            try weights.take("abnormality.bias", [1], .constant(4))
        )
        try weights.finish()
    }

    /// The same network with what is said about it changed: input size, readout, calibration.
    func viewed(as configuration: DetectorConfiguration) -> DetectorNetwork {
        var copy = self
        copy.configuration = configuration
        return copy
    }

    /// What the network says of a batch.
    package struct BatchOutput: Sendable {
        package let cells: DenseHead.Cells
        /// For each image the cells whose best class logits make its abnormality, each with that class.
        package let strongest: [[(cell: Int, classIndex: Int)]]
        /// `[batch, 1]`
        package let abnormality: Variable
        /// For each image the cells that seed queries, best first.
        package let seeds: [[Int]]
        /// Of each decoder layer class logits and boxes; empty when the queries were not run.
        package let layers: [(logits: Variable, boxes: Variable)]
        /// `[batch, size / 8, size / 8, 1]`; nil without a mask head.
        package let mask: Variable?
        package let grid: CellGrid

        /// Nothing that comes after has a meaning for NaN: sorting, matching, thresholds, colours.
        ///
        /// - Throws: `TensorError.outputNotFinite`
        package func checkFinite() throws(TensorError) {
            let said =
                [cells.logits, cells.boxes, cells.quality, abnormality] + layers.flatMap { [$0.logits, $0.boxes] }
            guard said.allSatisfy({ $0.value.firstNotFinite == nil }) else { throw .outputNotFinite }
        }
    }

    /// - Parameters:
    ///   - images: `[batch, size, size, 1]` in [0, 1]; for another size than the configuration's, positions are resized.
    ///   - withQueries: the query decoder runs only when its boxes are wanted.
    ///   - isTraining: then queries take their seeds, and the abnormality its logits, as constants, so that the dense head
    ///     learns undisturbed.
    ///   - isCheckpointed: whether blocks are computed again on the way back instead of being kept; not with a probe.
    ///   - seeds: the cells that seed queries; chosen by score where nil.
    package func callAsFunction(
        _ images: Tensor, withQueries: Bool, isTraining: Bool, probe: Probe? = nil, isCheckpointed: Bool = false,
        seeds: [[Int]]? = nil
    ) throws(TensorError) -> BatchOutput {
        let grid = try cells(of: images)
        let (fine, coarse) = try backbone(scaled(images), probe: probe, isCheckpointed: isCheckpointed)
        let levels = try pyramid(fine: fine, coarse: coarse)
        return try readOut(
            dense(levels, grid), coarse: coarse, mask: mask.map { (mask) throws(TensorError) in try mask(levels[0]) },
            grid, withQueries: withQueries, isTraining: isTraining, seeds: seeds)
    }

    /// The backbone alone: tokens of stage 2, `[batch, size / 16, size / 16, channels]`, of images as above.
    package func coarse(_ images: Tensor, isCheckpointed: Bool = false) throws(TensorError) -> Variable {
        _ = try cells(of: images)
        return try backbone(scaled(images), probe: nil, isCheckpointed: isCheckpointed).coarse
    }

    /// - Throws: `TensorError.shapeMismatch` for images that the network cannot take.
    private func cells(of images: Tensor) throws(TensorError) -> CellGrid {
        let multiple = configuration.extents.inputMultiple
        guard images.shape.rank == 4, images.shape[1] == images.shape[2], images.shape[3] == 1, images.shape[1] > 0,
            images.shape[1] % multiple == 0
        else {
            throw .shapeMismatch(
                operation: "detector", expected: "[batch, size, size, 1] with a multiple of \(multiple)",
                found: images.shape)
        }
        return CellGrid(inputSize: images.shape[1], levels: configuration.extents.pyramidLevels)
    }

    /// From [0, 1] to [-1, 1].
    private func scaled(_ images: Tensor) -> Variable {
        Variable(
            Tensor(images.shape) { out in
                images.withUnsafeElements { images in for i in out.indices { out[i] = images[i] * 2 - 1 } }
            })
    }

    /// What follows once the cells have spoken: the image's abnormality, the seeds of queries, and the queries.
    func readOut(
        _ cells: DenseHead.Cells, coarse: Variable, mask: Variable?, _ grid: CellGrid, withQueries: Bool,
        isTraining: Bool, seeds: [[Int]]? = nil
    ) throws(TensorError) -> BatchOutput {
        let (strongest, best) = choose(cells)
        let seeds = seeds ?? best
        return BatchOutput(
            cells: cells, strongest: strongest, abnormality: try abnormalityLogits(cells, strongest), seeds: seeds,
            layers: withQueries
                ? try queries(
                    coarse: coarse, seedRows(cells, seeds, isConstant: isTraining), inputSize: grid.inputSize) : [],
            mask: mask, grid: grid)
    }

    /// For each image the strongest cells, and those that seed queries.
    private func choose(_ cells: DenseHead.Cells) -> (strongest: [[(cell: Int, classIndex: Int)]], seeds: [[Int]]) {
        let (batch, count, classes) = (cells.logits.shape[0], cells.logits.shape[1], cells.logits.shape[2])
        let (logits, quality) = (cells.logits.value.elements, cells.quality.value.elements)
        var (strongest, seeds): ([[(cell: Int, classIndex: Int)]], [[Int]]) = ([], [])
        for image in 0..<batch {
            let best = (0..<count).map { cell in
                (0..<classes).map { (logit: logits[(image * count + cell) * classes + $0], classIndex: $0) }
                    .max { $0.logit < $1.logit }!
            }
            strongest.append(
                Self.top(configuration.extents.abnormalityCells, of: best.map(\.logit)).map {
                    ($0, best[$0].classIndex)
                })
            let joint = (0..<count).map { best[$0].logit + logSigmoid(quality[image * count + $0]) }
            seeds.append(Self.top(configuration.extents.queries, of: joint))
        }
        return (strongest, seeds)
    }

    /// The mean of the strongest logits, which are constants here, times weight, plus bias.
    private func abnormalityLogits(
        _ cells: DenseHead.Cells, _ strongest: [[(cell: Int, classIndex: Int)]]
    ) throws(TensorError) -> Variable {
        let (count, classes) = (cells.logits.shape[1], cells.logits.shape[2])
        let pooled = cells.logits.value.withUnsafeElements { logits in
            strongest.enumerated().map { image, chosen in
                chosen.reduce(0) { $0 + logits[(image * count + $1.cell) * classes + $1.classIndex] }
                    / Float(chosen.count)
            }
        }
        return try affine(
            Variable(Tensor(pooled, [pooled.count, 1])), weight: reshape(abnormality.weight, [1, 1]),
            bias: abnormality.bias)
    }

    private func seedRows(
        _ cells: DenseHead.Cells, _ seeds: [[Int]], isConstant: Bool
    ) throws(TensorError) -> QueryDecoder.Seeds {
        func rows(_ x: Variable) throws(TensorError) -> Variable {
            try gather(isConstant ? Variable(x.value) : x, seeds)
        }
        return QueryDecoder.Seeds(
            features: try rows(cells.features), logits: try rows(cells.logits),
            boxes: try gather(Variable(cells.boxes.value), seeds).value)
    }

    /// Indices of the greatest values, greatest first; of equal ones the earlier first.
    private static func top(_ count: Int, of values: [Float]) -> [Int] {
        Array(values.indices.sorted { (values[$1], $0) < (values[$0], $1) }.prefix(count))
    }
}
