import Parallel
import Tensors

/// One forward pass with a probe, and a map for each target from it.
struct Explanation {
    /// What a map explains: a weighted sum of class logits.
    struct Target {
        /// `[1, n, classes]`: of the readout for a box, of the dense head for the image.
        var logits: Variable
        /// The gradient of the target with respect to the logits.
        var seed: Tensor
        /// Global tokens under the target, for methods that read rows of attention.
        var tokens: [Int]
    }

    let network: DetectorNetwork
    let method: ExplanationMethod
    /// Of the CAM methods.
    let layer: ExplanationLayer?
    let probe: Probe
    let output: DetectorNetwork.Output
    /// Computes on the tape what cells of the dense head say, where that is the readout and gradients begin at the last block.
    private let focus: FocusedReplay?
    /// Where maps are read off the pyramid.
    private let pyramid: PyramidReplay?
    /// Tokens along one side of stage 2.
    let grid: Int

    /// - Parameters:
    ///   - plan: computes all before the last block for layers that need nothing before it; other layers and methods need
    ///     the activations or the attention of more blocks, which no plan keeps.
    ///   - layer: of the CAM methods; nil for the method's default.
    init(
        _ network: DetectorNetwork, plan: DetectorPlan, image: [Float], method: ExplanationMethod,
        layer: ExplanationLayer? = nil, workers: Workers = .single
    ) throws(NetworkError) {
        self.network = network
        self.method = method
        let layer = method.defaultLayer.map { layer ?? $0 }
        self.layer = layer
        let blocks = network.configuration.extents.stage2Blocks
        let isNear = layer?.isInLastBlock ?? false
        let probe =
            switch method {
            case .gradCAM, .gradCAMPlusPlus, .hiResCAM:
                Probe(from: layer.map { .block(isNear ? 0 : $0.firstBlock(of: blocks)) } ?? .nowhere)
            case .relevance: Probe(from: .stage2)
            case .attentionRollout: Probe(from: .nowhere)
            }
        let readout = network.configuration.readout
        (output, focus, pyramid) = try networkErrors { () throws(TensorError) in
            if layer?.isPyramid == true {
                let result = try plan.runForExplanation(image, workers: workers)
                return (try network.output(result), nil, try PyramidReplay(network, result))
            }
            if isNear {
                let result = try plan.runForExplanation(image, workers: workers)
                return readout == .queries
                    ? (try network.replay(result, probe: probe), nil, nil)
                    : (try network.output(result), try FocusedReplay(network, result, probe: probe), nil)
            }
            // Detections name queries of the plan by their place.
            let seeds =
                readout == .queries ? try network.output(plan.runForExplanation(image, workers: workers)).seeds : nil
            return (try network.forward(image, readout: readout, probe: probe, seeds: seeds), nil, nil)
        }
        self.probe = probe
        grid = network.configuration.inputSize / 16
    }

    func maps(_ detections: Detections) throws(NetworkError) -> [HeatmapGrid] {
        if let pyramid { return try maps(detections, pyramid) }
        var targets: [Target] = []
        for (index, detection) in detections.boxes.enumerated() {
            guard let target = try networkErrors({ () throws(TensorError) in try target(detection) }) else {
                throw .foreignDetection(index: index)
            }
            targets.append(target)
        }
        if targets.isEmpty { targets.append(try networkErrors { () throws(TensorError) in try imageTarget() }) }
        var maps: [HeatmapGrid] = []
        for target in targets {
            let raw = try networkErrors { () throws(TensorError) in try map(target) }
            maps.append(HeatmapGrid(height: grid, width: grid, raw: raw))
        }
        return maps
    }

    private func maps(_ detections: Detections, _ pyramid: PyramidReplay) throws(NetworkError) -> [HeatmapGrid] {
        let (cells, classes) = (output.proposals.logits.shape[1], output.proposals.logits.shape[2])
        var logits: [[PyramidReplay.Logit]] = []
        for (index, detection) in detections.boxes.enumerated() {
            let sources = output.queries == nil ? cells : output.seeds.count
            guard (0..<sources).contains(detection.source), (0..<classes).contains(detection.classIndex) else {
                throw .foreignDetection(index: index)
            }
            logits.append([(cell(of: detection), detection.classIndex, 1)])
        }
        if logits.isEmpty {
            let share = network.abnormalityWeight / Float(output.strongest.count)
            logits.append(output.strongest.map { ($0.cell, $0.classIndex, share) })
        }
        var maps: [HeatmapGrid] = []
        for logits in logits {
            let map = try networkErrors { () throws(TensorError) in try pyramid.map(method, of: logits) }
            guard layer == .smoothPyramid else {
                maps.append(map)
                continue
            }
            let side = 2 * grid
            let scores = cellScores(output.proposals.logits.value, of: Set(logits.map(\.classIndex)), side: side)
            maps.append(map.spread(overCells: side, weighedBy: scores))
        }
        return maps
    }

    /// The dense cell that made a box, or seeded the query that did.
    private func cell(of detection: Detection) -> Int {
        output.queries == nil ? detection.source : output.seeds[detection.source]
    }

    private func map(_ target: Target) throws(TensorError) -> [Float] {
        switch method {
        case .gradCAM, .gradCAMPlusPlus, .hiResCAM:
            let (activation, gradient) = try activationAndGradient(target)
            return try method.map(activation: activation, gradient: gradient)
        case .attentionRollout:
            return try AttentionRollout.map(attention: probe.attention.map(\.value), rows: target.tokens)
        case .relevance:
            let gradients = try probe.tape.gradients(of: target.logits, seed: target.seed, for: probe.attention)
            return try Relevance.map(
                attention: probe.attention.map(\.value), gradients: gradients, rows: target.tokens)
        }
    }

    private func activationAndGradient(
        _ target: Target
    ) throws(TensorError) -> (activation: Tensor, gradient: Tensor) {
        guard let watched = layer?.variable(in: probe) else { throw .notRecorded }
        return (
            watched.value, try probe.tape.gradients(of: target.logits, seed: target.seed, for: [watched])[0]
        )
    }

    private func target(_ detection: Detection) throws(TensorError) -> Target? {
        let variable = output.queries?.logits ?? output.proposals.logits
        let (count, classes) = (variable.shape[1], variable.shape[2])
        guard (0..<count).contains(detection.source), (0..<classes).contains(detection.classIndex) else { return nil }
        if let focus {
            let logits = try focus.logits(of: [detection.source])
            var seed = Tensor.zeros(logits.shape)
            seed.withUnsafeMutableElements { $0[detection.classIndex] = 1 }
            return Target(logits: logits, seed: seed, tokens: tokens(ofCell: detection.source))
        }
        var seed = Tensor.zeros(variable.shape)
        seed.withUnsafeMutableElements { $0[detection.source * classes + detection.classIndex] = 1 }
        return Target(logits: variable, seed: seed, tokens: tokens(ofCell: cell(of: detection)))
    }

    /// The mean of the strongest cells' logits, times the abnormality's weight.
    private func imageTarget() throws(TensorError) -> Target {
        let variable = try focus?.logits(of: output.strongest.map(\.cell)) ?? output.proposals.logits
        let classes = variable.shape[2]
        var seed = Tensor.zeros(variable.shape)
        seed.withUnsafeMutableElements { seed in
            for (place, (cell, classIndex)) in output.strongest.enumerated() {
                seed[(focus == nil ? cell : place) * classes + classIndex] =
                    network.abnormalityWeight / Float(output.strongest.count)
            }
        }
        return Target(logits: variable, seed: seed, tokens: output.strongest.flatMap { self.tokens(ofCell: $0.cell) })
    }

    /// The global tokens (stride 16) that cover a cell of stride 8 or 16, or that a cell of stride 32 covers.
    private func tokens(ofCell cell: Int) -> [Int] {
        let (fine, half) = (2 * grid, grid / 2)
        if cell < fine * fine { return [cell / fine / 2 * grid + cell % fine / 2] }
        let rest = cell - fine * fine
        if rest < grid * grid { return [rest] }
        let first = (rest - grid * grid) / half * 2 * grid + (rest - grid * grid) % half * 2
        return [first, first + 1, first + grid, first + grid + 1]
    }
}
