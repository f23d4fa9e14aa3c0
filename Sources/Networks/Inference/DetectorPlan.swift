import Parallel
import Tensors

/// The detector without derivatives, up to what its cells say.
///
/// In int8 the first and last layers are bfloat16: the stem, and what reads boxes and classes off the head's tower.
struct DetectorPlan: Sendable {
    private let plan: Plan
    private let inputSize: Int
    private let classes: Int
    private let levels: Int
    /// Pixels in a row of the input.
    private let runs: Int
    private let hasFeatures: Bool
    private let latest = Latest()

    /// What explanations and the query decoder go on from.
    struct Result: Sendable {
        /// Stage 1, `[1, size / 8, size / 8, channels]`.
        let fine: Tensor
        /// The input of stage 2's last block, `[1, tokens, channels]`.
        let lastInput: Tensor
        /// Stage 2 after the last norm, `[1, size / 16, size / 16, channels]`.
        let coarse: Tensor
        /// Class logits, log distances and IoU logits, `[1, cells, classes + 5]`.
        let said: Tensor
        /// The tower's output, `[1, cells, channels]`; nil where no queries are read out.
        let features: Tensor?
    }

    var backend: Backend { plan.backend }
    var weightBytes: Int { plan.weightBytes }
    var arenaBytes: Int { plan.arenaBytes }

    init(_ network: DetectorNetwork, _ backend: Backend) throws(TensorError) {
        let c = network.configuration
        (inputSize, classes, levels) = (c.inputSize, c.classes.count, c.extents.pyramidLevels)
        runs = network.backbone.trunk.inputRuns
        hasFeatures = c.readout == .queries
        let hasFeatures = hasFeatures
        plan = try Plan(backend) { (builder) throws(TensorError) in
            try network.plan(builder, hasFeatures: hasFeatures)
        }
    }

    /// - Parameter image: `[size * size]` in [0, 1], row by row.
    func run(_ image: [Float], workers: Workers = .single) throws(TensorError) -> Result {
        let pixels = Tensor([inputSize * inputSize / runs, runs]) { out in
            for index in out.indices { out[index] = image[index] * 2 - 1 }
        }
        let found = try plan.run(pixels, workers: workers)
        let (fine, coarse) = (inputSize / 8, inputSize / 16)
        return Result(
            fine: try found[0].reshaped([1, fine, fine, found[0].shape.last]),
            lastInput: try found[1].reshaped([1, coarse * coarse, found[1].shape.last]),
            coarse: try found[2].reshaped([1, coarse, coarse, found[2].shape.last]),
            said: Self.joined(Array(found[3..<3 + levels])),
            features: hasFeatures ? Self.joined(Array(found[(3 + levels)...])) : nil)
    }

    /// The same, kept until the next image: explanations go on from where detection was.
    func runForExplanation(_ image: [Float], workers: Workers) throws(TensorError) -> Result {
        if let known = latest.result(of: image) { return known }
        let result = try run(image, workers: workers)
        latest.keep(result, of: image)
        return result
    }

    /// Levels one after the other: `[1, cells, columns]`.
    private static func joined(_ levels: [Tensor]) -> Tensor {
        Tensor([1, levels.reduce(0) { $0 + $1.shape[0] }, levels[0].shape.last]) { out in
            var start = out.baseAddress!
            for level in levels {
                level.withUnsafeElements { start.update(from: $0.baseAddress!, count: $0.count) }
                start += level.count
            }
        }
    }
}

extension DetectorNetwork {
    /// - Returns: fine, last input, coarse, then of each level what its cells say, then their features where asked for.
    fileprivate func plan(_ builder: PlanBuilder, hasFeatures: Bool) throws(TensorError) -> [Matrix] {
        let grid = configuration.inputSize / 8
        var (fine, x) = try backbone.trunk.plan(
            builder, size: configuration.inputSize, position: backbone.stage2.position.placed(grid: grid / 2))
        for block in backbone.stage2.blocks.dropLast() { x = try block.plan(builder, x, images: 1) }
        let lastInput = x
        if let last = backbone.stage2.blocks.last { x = try last.plan(builder, x, images: 1) }
        let coarse = try backbone.norm.plan(builder, x, as: .float32)
        let levels = try pyramid.plan(builder, fine: fine, coarse: coarse, grid: grid)
        var (said, features): ([Matrix], [Matrix]) = ([], [])
        for (index, level) in levels.enumerated() {
            let (output, feature) = try dense.plan(builder, level, grid: grid >> index, keepsFeatures: hasFeatures)
            said.append(output)
            if hasFeatures { features.append(feature) }
        }
        return [fine, lastInput, coarse] + said + features
    }
}

extension Pyramid {
    /// Levels in bfloat16 (float32 in the float32 backend), stride 8 first.
    fileprivate func plan(
        _ builder: PlanBuilder, fine: Matrix, coarse: Matrix, grid: Int
    ) throws(TensorError) -> [Matrix] {
        let precision = builder.activationPrecision
        let high = try top.plan(builder, coarse, in: precision, as: .float32)
        let joined = try lateral.plan(
            builder, fine, adding: .rows(of: high, TokenTables.upsampled(grid: grid)), in: precision, as: .float32)
        var levels = [
            try norm8.plan(builder, joined, as: precision), try norm16.plan(builder, high, as: precision),
        ]
        if let coarsest {
            let patches = TokenTables.patches(grid: grid / 2, kernel: 3, stride: 2, padding: 1)
            let down = try coarsest.down.plan(
                builder, patches: builder.gathered(high, patches, width: 9), in: precision, as: .float32)
            levels.append(try coarsest.norm32.plan(builder, down, as: precision))
        }
        return levels
    }
}

extension DenseHead {
    fileprivate func plan(
        _ builder: PlanBuilder, _ level: Matrix, grid: Int, keepsFeatures: Bool
    ) throws(TensorError) -> (said: Matrix, features: Matrix) {
        let precision = builder.activationPrecision
        let table = TokenTables.patches(grid: grid, kernel: 3, stride: 1, padding: 1)
        let first = try conv1.plan(builder, patches: builder.gathered(level, table, width: 9), as: .float32)
        let middle = try norm1.plan(builder, first, isGELU: true, as: precision)
        let second = try conv2.plan(builder, patches: builder.gathered(middle, table, width: 9), as: .float32)
        let features = try norm2.plan(builder, second, isGELU: true, as: keepsFeatures ? .float32 : precision)
        return (try output.plan(builder, features, in: precision, as: .float32), features)
    }
}

/// The last image and what was computed of it.
private final class Latest: Sendable {
    private let kept = Locked<(image: [Float], result: DetectorPlan.Result)?>(nil)

    func result(of image: [Float]) -> DetectorPlan.Result? {
        kept.withLock { $0.flatMap { $0.image == image ? $0.result : nil } }
    }

    func keep(_ result: DetectorPlan.Result, of image: [Float]) { kept.withLock { $0 = (image, result) } }
}
