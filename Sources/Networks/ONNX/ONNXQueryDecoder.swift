import Tensors

extension ONNXGraph {
    /// The last layer's class logits `[queries, classes]` and boxes `[queries, 4]`; see `QueryDecoder`.
    ///
    /// - Parameters:
    ///   - greatest: of each cell's class logits, `[cells]`.
    ///   - coarse: the tokens of stride 16.
    mutating func queryDecoder(
        _ cells: Cells, greatest: Value, coarse: Value, _ configuration: DetectorConfiguration
    ) throws(TensorError) -> (logits: Value, boxes: Value) {
        let (e, size) = (configuration.extents, configuration.inputSize)
        let channels = e.decoderChannels ?? e.stage2Channels
        let narrow = channels == e.stage2Channels ? coarse : try linear("queries.tokens", coarse)
        let ofTokens = boxWaves(
            QueryDecoder.tokenBoxes(grid: size / 16, inputSize: size), inputSize: size, frequencies: e.boxFrequencies)
        let known = constant("queries.tokens.waves", ofTokens, shape: [coarse.shape[0], ofTokens.shape.last])
        let placed = binary("Add", "queries.placed", narrow, try linear("queries.place", known, at: ".tokens"))

        let quality = reshape("queries.quality.flat", cells.quality, greatest.shape)
        let joint = binary("Add", "queries.joint", greatest, logSigmoid("queries.quality", quality))
        let seeds = top(e.queries, "queries.seeds", joint).indices
        var boxes = gather("queries.seeds.boxes", cells.boxes, seeds)
        let features = concatenate("dense.features", cells.features, axis: 0)
        var x = try linear("queries.content", gather("queries.seeds.features", features, seeds))
        var said = x
        for index in 0..<e.decoderLayers {
            let (name, place) = ("queries.layers.\(index)", ".\(index)")
            let spot = try linear("queries.place", waves(name + ".waves", of: boxes, configuration), at: place)
            x = try queryLayer(name, x, place: spot, tokens: narrow, placed: placed, heads: e.decoderHeads)
            said = try norm("queries.norm", x, at: place)
            let middle = gelu("queries.gelu" + place, try linear("queries.refine1", said, at: place))
            boxes = refined(boxes, by: try linear("queries.refine2", middle, at: place), name + ".refined")
        }
        let seedLogits = gather("queries.seeds.logits", cells.logits, seeds)
        return (binary("Add", "queries.logits", seedLogits, try linear("queries.classify", said)), boxes)
    }

    /// See `QueryLayer`.
    private mutating func queryLayer(
        _ name: String, _ x: Value, place: Value, tokens: Value, placed: Value, heads: Int
    ) throws(TensorError) -> Value {
        let asks = binary("Add", name + ".placed1", try norm(name + ".norm1", x), place)
        let mixed = selfAttention(name, try linear(name + ".qkv", asks), images: 1, heads: heads)
        let spoken = binary("Add", name + ".spoken", x, try linear(name + ".proj", mixed))
        let normed = try norm(name + ".norm2", spoken)
        let query = try linear(name + ".query", binary("Add", name + ".placed2", normed, place))
        let looked = attention(
            name + ".look", query, try linear(name + ".key", placed), try linear(name + ".value", tokens), images: 1,
            heads: heads)
        let gate = unary("Sigmoid", name + ".gate.sigmoid", try linear(name + ".gate", normed))
        let seen = binary("Mul", name + ".gated", gate, try linear(name + ".cross", looked))
        let informed = binary("Add", name + ".informed", spoken, seen)
        return binary("Add", name, informed, try perceptron(name, norm(name + ".norm3", informed)))
    }

    /// `boxWaves` of boxes that are not known before: angles are products with one matrix.
    private mutating func waves(_ name: String, of boxes: Value, _ configuration: DetectorConfiguration) -> Value {
        let frequencies = configuration.extents.boxFrequencies
        let size = Float(configuration.inputSize)
        let angles = Tensor([4, 4 * frequencies]) { out in
            for index in out.indices {
                let (corner, number) = (index / (4 * frequencies), index % (4 * frequencies) / frequencies)
                let wave = Float.pi * Float(1 << (index % frequencies))
                out[index] = Self.centred[corner][number] / size * wave
            }
        }
        let angle = add(
            "MatMul", name + ".angles", [boxes, constant("queries.waves", angles)],
            shape: [boxes.shape[0], 4 * frequencies])
        return concatenate(name, [unary("Sin", name + ".sin", angle), unary("Cos", name + ".cos", angle)], axis: 1)
    }

    /// What each corner number x0, y0, x1, y1 gives to centre x, centre y, width and height.
    private static let centred: [[Float]] = [[0.5, 0, -1, 0], [0, 0.5, 0, -1], [0.5, 0, 1, 0], [0, 0.5, 0, 1]]

    /// See `refineBoxes`.
    private mutating func refined(_ boxes: Value, by change: Value, _ name: String) -> Value {
        let matrix = Tensor([4, 4]) { out in for i in out.indices { out[i] = Self.centred[i / 4][i % 4] } }
        let numbers = add(
            "MatMul", name + ".numbers", [boxes, constant("queries.centred", matrix)], shape: boxes.shape)
        let before = split(name + ".before", numbers, [name + ".centre": 2, name + ".extent": 2])
        let changes = split(name + ".changes", change, [name + ".shift": 2, name + ".scale": 2])
        let centre = binary("Add", name + ".centred", before[0], binary("Mul", name + ".moved", changes[0], before[1]))
        let limited = clip(name + ".limited", changes[1], from: -maximumLogScale, to: maximumLogScale)
        let extent = binary("Mul", name + ".scaled", before[1], unary("Exp", name + ".factor", limited))
        let half = binary("Mul", name + ".half", extent, scalar(0.5))
        return concatenate(
            name, [binary("Sub", name + ".low", centre, half), binary("Add", name + ".high", centre, half)], axis: 1)
    }
}
