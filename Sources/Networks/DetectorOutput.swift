import Tensors

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
    func forward(
        _ image: [Float], readout: DetectorConfiguration.Readout, probe: Probe? = nil
    ) throws(TensorError) -> Output {
        let size = configuration.inputSize
        let said = try self(
            Tensor(image, [1, size, size, 1]), withQueries: readout == .queries, isTraining: false, probe: probe)
        return Output(
            proposals: Output.Proposals(
                logits: said.cells.logits, boxes: Box.list(said.cells.boxes.value),
                quality: said.cells.quality.value.elements),
            strongest: said.strongest[0], abnormalityLogit: said.abnormality.value.elements[0], seeds: said.seeds[0],
            queries: said.layers.last.map { ($0.logits, Box.list($0.boxes.value)) })
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
