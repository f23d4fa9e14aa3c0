package import Tensors

extension DetectorNetwork {
    /// What the network says of one image.
    struct Output {
        /// What the cells say.
        struct Proposals {
            /// `[1, cells, classes]`
            let logits: Variable
            let boxes: [Box]
            /// IoU logits, one a cell.
            let quality: [Float]
        }

        let proposals: Proposals
        /// The cells whose best class logits make the image's abnormality, each with that class.
        let strongest: [(cell: Int, classIndex: Int)]
        let abnormalityLogit: Float
        /// The cells that seed queries, best first.
        let seeds: [Int]
        /// The last decoder layer: class logits `[1, queries, classes]` and boxes; nil when the queries were not run.
        let queries: (logits: Variable, boxes: [Box])?
    }

    /// - Parameters:
    ///   - image: `[size * size]` in [0, 1], row by row, of the configuration's size.
    ///   - readout: the query decoder runs only when its boxes are wanted.
    ///   - seeds: the cells that seed queries; chosen by score where nil.
    func forward(
        _ image: [Float], readout: DetectorConfiguration.Readout, probe: Probe? = nil, seeds: [Int]? = nil
    ) throws(TensorError) -> Output {
        let size = configuration.inputSize
        return try output(
            self(
                Tensor(image, [1, size, size, 1]), withQueries: readout == .queries, isTraining: false, probe: probe,
                seeds: seeds.map { [$0] }))
    }

    /// The same from what a plan computed.
    func output(_ result: DetectorPlan.Result) throws(TensorError) -> Output {
        let grid = CellGrid(inputSize: configuration.inputSize, levels: configuration.extents.pyramidLevels)
        // Nobody reads features where there are no queries.
        let cells = try dense.cells(
            Variable(result.said), features: Variable(result.features ?? .zeros([1, grid.cells.count, 1])), grid)
        return try output(
            readOut(
                cells, coarse: Variable(result.coarse), mask: nil, grid, withQueries: result.features != nil,
                isTraining: false))
    }

    /// The last block and the head once more on the tape, from what a plan computed: gradients begin at the input of stage
    /// 2's last block. Queries keep the seeds of the plan, so that detections name the same ones.
    func replay(_ result: DetectorPlan.Result, probe: Probe) throws(TensorError) -> Output {
        let grid = CellGrid(inputSize: configuration.inputSize, levels: configuration.extents.pyramidLevels)
        guard let last = backbone.stage2.blocks.last else { throw .notRecorded }
        let coarse = try reshape(
            backbone.norm(last(Variable(result.lastInput), probe: probe)), result.coarse.shape)
        let cells = try dense(pyramid(fine: Variable(result.fine), coarse: coarse), grid)
        return try output(
            readOut(
                cells, coarse: coarse, mask: nil, grid, withQueries: configuration.readout == .queries,
                isTraining: false, seeds: [output(result).seeds]))
    }

    /// - Throws: `TensorError.outputNotFinite`
    private func output(_ said: BatchOutput) throws(TensorError) -> Output {
        try said.checkFinite()
        return Output(
            proposals: Output.Proposals(
                logits: said.cells.logits, boxes: Box.list(said.cells.boxes.value),
                quality: said.cells.quality.value.elements),
            strongest: said.strongest[0], abnormalityLogit: said.abnormality.value.elements[0], seeds: said.seeds[0],
            queries: said.layers.last.map { ($0.logits, Box.list($0.boxes.value)) })
    }
}

extension DetectorNetwork {
    /// What both readouts say of one image before scores are calibrated, and the image's abnormality logit: what calibration is
    /// fitted on.
    ///
    /// - Parameters:
    ///   - image: `[size * size]` in [0, 1], of the configuration's size.
    ///   - threshold: the least uncalibrated score.
    package func uncalibrated(
        _ image: [Float], threshold: Float
    ) throws(TensorError) -> (found: [DetectorConfiguration.Readout: Detections], abnormality: Float) {
        var plain = configuration
        let calibration = DetectorConfiguration.Calibration(temperature: 1, bias: 0)
        plain.calibrations = [.dense: calibration, .queries: calibration]
        let network = viewed(as: plain)
        let output = try network.forward(image, readout: .queries)
        let dense = Output(
            proposals: output.proposals, strongest: output.strongest, abnormalityLogit: output.abnormalityLogit,
            seeds: output.seeds, queries: nil)
        let found: [DetectorConfiguration.Readout: Detections] = [
            .queries: network.detections(output, threshold: threshold),
            .dense: network.detections(dense, threshold: threshold),
        ]
        return (found, output.abnormalityLogit)
    }
}

extension Box {
    /// The rows of `[.., 4]`.
    fileprivate static func list(_ tensor: Tensor) -> [Box] {
        tensor.withUnsafeElements { e in
            stride(from: 0, to: e.count, by: 4).map { Box(x0: e[$0], y0: e[$0 + 1], x1: e[$0 + 2], y1: e[$0 + 3]) }
        }
    }
}
