import Tensors

#if canImport(Glibc)
    import Glibc
#endif

/// The best dense proposals seed queries, which correct class logits and boxes (after two-stage Deformable DETR, Zhu et al.
/// 2021). Trained one-to-one, so that nothing needs suppression.
struct QueryDecoder: Sendable {
    /// A layer changes a box's width and height by at most this factor's exponential.
    static let maximumLogScale: Float = 1

    let content: Linear
    let place: Linear
    let layers: [QueryLayer]
    let norm: Normalization
    let classify: Linear
    let refine1: Linear
    let refine2: Linear
    let inputSize: Int
    let frequencies: Int

    init(_ weights: inout WeightFile, _ name: String, _ configuration: DetectorConfiguration) throws(TensorError) {
        let e = configuration.extents
        let channels = e.stage2Channels
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
        classify = try Linear(&weights, name + ".classify", from: channels, to: configuration.classes.count)
        refine1 = try Linear(&weights, name + ".refine1", from: channels, to: channels)
        refine2 = try Linear(&weights, name + ".refine2", from: channels, to: 4)
        inputSize = configuration.inputSize
        frequencies = e.boxFrequencies
    }

    /// - Parameters:
    ///   - coarse: stage 2, `[1, n, n, channels]`.
    ///   - seeds: indices of the cells that seed queries.
    /// - Returns: class logits `[1, queries, classes]` and boxes of the last layer.
    func callAsFunction(
        coarse: Variable, proposals: DenseHead.Proposals, seeds: [Int]
    ) throws(TensorError) -> (logits: Variable, boxes: [Box]) {
        let grid = coarse.shape[1]
        let tokens = try reshape(coarse, [1, grid * grid, coarse.shape[3]])
        let stride = Float(inputSize) / Float(grid)
        let own = (0..<grid * grid).map { index in
            let (x, y) = (Float(index % grid) * stride, Float(index / grid) * stride)
            return Box(x0: x, y0: y, x1: x + stride, y1: y + stride)
        }
        let tokenPlace = try waves(own)
        var boxes = seeds.map { proposals.boxes[$0] }
        var x = try content(gather(proposals.features, seeds))
        var said = x
        for layer in layers {
            x = try layer(x, place: waves(boxes), tokens: tokens, tokenPlace: tokenPlace)
            said = try norm(x)
            let change = try refine2(gelu(refine1(said))).value.elements
            boxes = boxes.enumerated().map { index, box in Self.refined(box, by: change[(4 * index)..<(4 * index + 4)])
            }
        }
        return (try add(gather(proposals.logits, seeds), classify(said)), boxes)
    }

    private func waves(_ boxes: [Box]) throws(TensorError) -> Variable {
        try place(Variable(boxWaves(boxes, inputSize: inputSize, frequencies: frequencies)))
    }

    /// Moves the centre by parts of the size, and scales the size by exponentials.
    private static func refined(_ box: Box, by change: ArraySlice<Float>) -> Box {
        let c = Array(change)
        let (width, height) = (box.x1 - box.x0, box.y1 - box.y0)
        let (x, y) = ((box.x0 + box.x1) / 2 + c[0] * width, (box.y0 + box.y1) / 2 + c[1] * height)
        let limit = maximumLogScale
        let halfWidth = width * exp(min(max(c[2], -limit), limit)) / 2
        let halfHeight = height * exp(min(max(c[3], -limit), limit)) / 2
        return Box(x0: x - halfWidth, y0: y - halfHeight, x1: x + halfWidth, y1: y + halfHeight)
    }
}
