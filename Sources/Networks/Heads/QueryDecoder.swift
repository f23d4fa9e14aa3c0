import Tensors

/// The best dense proposals seed queries, which correct class logits and boxes (after two-stage Deformable DETR, Zhu et al.
/// 2021). Trained one-to-one, so that nothing needs suppression.
struct QueryDecoder: Sendable {
    /// From stage 2's channels to the decoder's, where they differ.
    let narrowed: Linear?
    let content: Linear
    let place: Linear
    let layers: [QueryLayer]
    let norm: Normalization
    let classify: Linear
    let refine1: Linear
    let refine2: Linear
    let frequencies: Int

    init(_ weights: inout ParameterSource, _ name: String, _ configuration: DetectorConfiguration) throws(TensorError) {
        let e = configuration.extents
        let channels = e.decoderChannels ?? e.stage2Channels
        narrowed =
            channels == e.stage2Channels
            ? nil : try Linear(&weights, name + ".tokens", from: e.stage2Channels, to: channels)
        content = try Linear(&weights, name + ".content", from: e.pyramidChannels, to: channels)
        place = try Linear(&weights, name + ".place", from: 8 * e.boxFrequencies, to: channels)
        var layers: [QueryLayer] = []
        for index in 0..<e.decoderLayers {
            layers.append(
                try QueryLayer(
                    &weights, "\(name).layers.\(index)", channels: channels, heads: e.decoderHeads, ratio: e.mlpRatio))
        }
        self.layers = layers
        norm = try Normalization(&weights, name + ".norm", channels)
        // Both begin by changing nothing: queries start as good as the proposals.
        let nothing = (weight: Initialization.constant(0), bias: Initialization.constant(0))
        classify = try Linear(
            &weights, name + ".classify", from: channels, to: configuration.classes.count, initial: nothing)
        refine1 = try Linear(&weights, name + ".refine1", from: channels, to: channels)
        refine2 = try Linear(&weights, name + ".refine2", from: channels, to: 4, initial: nothing)
        frequencies = e.boxFrequencies
    }

    /// What seeds the queries, one row a query.
    struct Seeds {
        /// `[batch, queries, pyramidChannels]`
        let features: Variable
        /// `[batch, queries, classes]`
        let logits: Variable
        /// `[batch, queries, 4]`
        let boxes: Tensor
    }

    /// - Parameters:
    ///   - coarse: stage 2, `[batch, n, n, channels]`.
    ///   - inputSize: of the image in pixels.
    /// - Returns: of each layer class logits `[batch, queries, classes]` and boxes `[batch, queries, 4]`. A layer's boxes are
    ///   constants to the next.
    func callAsFunction(
        coarse: Variable, _ seeds: Seeds, inputSize: Int
    ) throws(TensorError) -> [(logits: Variable, boxes: Variable)] {
        let grid = coarse.shape[1]
        var tokens = try reshape(coarse, [coarse.shape[0], grid * grid, coarse.shape[3]])
        if let narrowed { tokens = try narrowed(tokens) }
        // One place for all images of the batch: the end of the tokens' shape.
        let places = try waves(Self.tokenBoxes(grid: grid, inputSize: inputSize), inputSize)
        let placed = try add(tokens, reshape(places, [grid * grid, places.shape[2]]))
        var boxes = seeds.boxes
        var x = try content(seeds.features)
        var results: [(logits: Variable, boxes: Variable)] = []
        for layer in layers {
            x = try layer(x, place: waves(boxes, inputSize), tokens: tokens, placedTokens: placed)
            let said = try norm(x)
            let refined = try refineBoxes(boxes, by: refine2(gelu(refine1(said))))
            boxes = refined.value
            results.append((try add(seeds.logits, classify(said)), refined))
        }
        return results
    }

    /// The pixels of each token of a square grid as a box, `[1, tokens, 4]`.
    static func tokenBoxes(grid: Int, inputSize: Int) -> Tensor {
        let stride = Float(inputSize) / Float(grid)
        return Tensor([1, grid * grid, 4]) { out in
            for index in 0..<grid * grid {
                let (x, y) = (Float(index % grid) * stride, Float(index / grid) * stride)
                for (offset, edge) in [x, y, x + stride, y + stride].enumerated() { out[4 * index + offset] = edge }
            }
        }
    }

    private func waves(_ boxes: Tensor, _ inputSize: Int) throws(TensorError) -> Variable {
        try place(Variable(boxWaves(boxes, inputSize: inputSize, frequencies: frequencies)))
    }
}
