package import Tensors

extension DetectorConfiguration {
    /// Protocol Buffers count bytes in 31 bits; what is not weights takes far less than the rest.
    private static let maximumBytes = 1 << 31 - 1 << 24

    /// The network of this configuration as an ONNX file: operators of set 17, float32, one image, every shape fixed.
    ///
    /// Input `image` `[1, 1, size, size]` in [0, 1]; outputs `boxes` `[1, n, 4]`, `scores` `[1, n, classes]` and `abnormality`
    /// `[1]`, of every cell or, where queries are read out, of every query. What `Detector.detect` does after that is the
    /// caller's: the best class of a box, the threshold, suppression of dense boxes, at most 32 boxes.
    ///
    /// - Parameters:
    ///   - weights: every tensor of the network by name, fitting the configuration.
    ///   - version: of the program that writes.
    ///   - origin: pairs for the file's metadata that say where the weights come from.
    /// - Throws: `NetworkError` for a tensor that is missing, a network that is too large, and a class with a comma in its name.
    package func onnxModel(
        _ weights: [String: Tensor], version: String, origin: [(key: String, value: String)]
    ) throws(NetworkError) -> [UInt8] {
        guard 4 * weights.values.reduce(0, { $0 + $1.count }) < Self.maximumBytes else {
            throw .value(path: name, key: "weights", reason: "take more than the 2 GB that an ONNX file can hold")
        }
        if let name = classes.first(where: { $0.contains(",") }) {
            throw .value(
                path: self.name, key: "classes",
                reason: "must have no commas, which keep them apart in an ONNX file's metadata, found \"\(name)\"")
        }
        let graph = try networkErrors { () throws(TensorError) in try onnxGraph(weights) }
        return graph.model(
            name: name, producer: ("hilum", version), documentation: Self.notice, metadata: metadata(origin))
    }

    /// Boxes that an image has before any is left out: one a cell, or one a query.
    package var boxCount: Int {
        switch readout {
        case .dense: CellGrid(inputSize: inputSize, levels: extents.pyramidLevels).cells.count
        case .queries: extents.queries
        }
    }

    func onnxGraph(_ weights: [String: Tensor]) throws(TensorError) -> ONNXGraph {
        let (e, grid) = (extents, CellGrid(inputSize: inputSize, levels: extents.pyramidLevels))
        var graph = ONNXGraph(weights)
        let image = graph.input("image", [1, 1, inputSize, inputSize], documentation: imageMeaning)
        let doubled = graph.binary("Mul", "image.doubled", image, graph.scalar(2))
        let scaled = graph.binary("Sub", "image.scaled", doubled, graph.scalar(1))
        let (fine, merged) =
            if let trunk = e.trunk { try graph.mobileTrunk(scaled, trunk) } else { try graph.windowTrunk(scaled, e) }
        let position = try graph.weight("stage2.position", shape: merged.shape)
        var x = graph.binary("Add", "stage2.placed", merged, position)
        for index in 0..<e.stage2Blocks {
            x = try graph.transformerBlock("stage2.blocks.\(index)", x, images: 1, heads: e.stage2Heads)
        }
        let coarse = try graph.norm("norm", x)
        let levels = try graph.pyramid(fine: fine, coarse: coarse, grid: inputSize / 8, levels: e.pyramidLevels)
        let cells = try graph.denseHead(levels, grid, classes: classes.count)
        let greatest = graph.greatest(cells.logits)
        let (logits, boxes) =
            switch readout {
            case .dense: (graph.jointLogits(cells.logits, quality: cells.quality), cells.boxes)
            case .queries: try graph.queryDecoder(cells, greatest: greatest, coarse: coarse, self)
            }
        graph.output(graph.handedOut(boxes, inputSize: inputSize), documentation: Self.boxMeaning)
        graph.output(graph.scores(logits, calibration), documentation: scoreMeaning)
        graph.output(
            try graph.abnormality(greatest, cells: e.abnormalityCells), documentation: Self.abnormalityMeaning)
        return graph
    }
}

/// What a reader of the file is told.
extension DetectorConfiguration {
    private static let notice = "Research software. Not for clinical use."
    private static let boxMeaning = "x0, y0, x1, y1 in pixels of the input, edges, x right and y down"
    private static let abnormalityMeaning = "the network's score in [0, 1] that the image shows any lesion"

    private var imageMeaning: String {
        """
        one gray channel: percentiles \(normalization.lowPercentile) and \(normalization.highPercentile) of the whole image \
        become 0 and 1, clipped; resized with the aspect kept and centred on zeros
        """
    }

    private var scoreMeaning: String {
        """
        the calibrated chance that the box is a lesion of this class, as fitted at IoU 0.5, one number a class \
        (\(classes.joined(separator: ", "))); they need not add to 1
        """
    }

    private func metadata(_ origin: [(key: String, value: String)]) -> [(key: String, value: String)] {
        [
            ("name", name), ("classes", classes.joined(separator: ",")), ("readout", readout.rawValue),
            ("recommendedThreshold", "\(recommendedThreshold)"),
            ("suppressionIoU", readout == .dense ? "\(suppressionIoU)" : "none"),
            ("maximumBoxes", "\(DetectorNetwork.maximumBoxes)"), ("image", imageMeaning), ("boxes", Self.boxMeaning),
            ("scores", scoreMeaning), ("abnormality", Self.abnormalityMeaning),
        ] + origin + [("notice", Self.notice)]
    }
}
