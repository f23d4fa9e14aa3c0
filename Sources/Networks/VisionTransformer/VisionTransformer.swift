public import Parallel
public import Tensors

/// A plain vision transformer (Dosovitskiy et al. 2021) without a class token: patches, learned positions, pre-norm blocks, a
/// last norm. `vitL24` is the reference configuration for speed, and a teacher to distil from.
public struct VisionTransformer: Sendable {
    public struct Configuration: Sendable, Hashable {
        /// Width and height of the square, single-channel input.
        public var inputSize: Int
        public var patch: Int
        public var channels: Int
        public var blocks: Int
        public var heads: Int
        public var ratio: Int

        /// 512 x 512, 1,024 tokens, 171.1 million parameters.
        public static let vitL24 = Configuration(
            inputSize: 512, patch: 16, channels: 768, blocks: 24, heads: 12, ratio: 4)

        public init(inputSize: Int, patch: Int, channels: Int, blocks: Int, heads: Int, ratio: Int) {
            (self.inputSize, self.patch, self.channels) = (inputSize, patch, channels)
            (self.blocks, self.heads, self.ratio) = (blocks, heads, ratio)
        }

        /// Tokens along one side.
        public var grid: Int { inputSize / patch }
    }

    public let configuration: Configuration
    let embedding: Convolution2D
    let position: Variable
    let blocks: [TransformerBlock]
    let norm: Normalization

    /// Takes every tensor of the file: `embedding`, `position` `[grid, grid, channels]`, `blocks.N`, `norm`.
    ///
    /// - Throws: `NetworkError.tensors` for a missing, extra or mis-shaped tensor; `.imageSize` when not even one patch
    ///   fits into the input.
    public init(_ file: WeightFile, _ configuration: Configuration) throws(NetworkError) {
        let c = configuration
        guard c.patch > 0, c.inputSize >= c.patch, c.inputSize % c.patch == 0 else {
            throw .imageSize(expected: c.patch * c.patch, found: c.inputSize * c.inputSize)
        }
        self.configuration = c
        (embedding, position, blocks, norm) = try networkErrors { () throws(TensorError) in
            var weights = ParameterSource(file)
            let embedding = try Convolution2D(
                &weights, "embedding", from: 1, to: c.channels, kernel: c.patch, stride: c.patch)
            let position = try weights.take(
                "position", [c.grid, c.grid, c.channels], .truncatedNormal(deviation: 0.02))
            var blocks: [TransformerBlock] = []
            for index in 0..<c.blocks {
                blocks.append(
                    try TransformerBlock(
                        &weights, "blocks.\(index)", channels: c.channels, heads: c.heads, ratio: c.ratio))
            }
            let norm = try Normalization(&weights, "norm", c.channels)
            try weights.finish()
            return (embedding, position, blocks, norm)
        }
    }

    /// Names and shapes of all tensors.
    public static func parameters(_ c: Configuration) -> [(name: String, shape: Shape)] {
        var list: [(String, Shape)] = [
            ("embedding.weight", [c.channels, 1, c.patch, c.patch]), ("embedding.bias", [c.channels]),
            ("position", [c.grid, c.grid, c.channels]),
        ]
        for index in 0..<c.blocks {
            for (name, out, inner) in [
                ("qkv", 3 * c.channels, c.channels), ("proj", c.channels, c.channels),
                ("fc1", c.ratio * c.channels, c.channels), ("fc2", c.channels, c.ratio * c.channels),
            ] {
                list += [("blocks.\(index).\(name).weight", [out, inner]), ("blocks.\(index).\(name).bias", [out])]
            }
            for name in ["norm1", "norm2"] {
                list += ["weight", "bias"].map { ("blocks.\(index).\(name).\($0)", [c.channels]) }
            }
        }
        return list + [("norm.weight", [c.channels]), ("norm.bias", [c.channels])]
    }

    /// A plan from pixels `[inputSize * inputSize / patch, patch]`, row by row, to tokens `[grid * grid, channels]`.
    public func plan(_ backend: Backend) throws(NetworkError) -> Plan {
        let c = configuration
        return try networkErrors { () throws(TensorError) in
            try Plan(backend) { (builder) throws(TensorError) in
                let image = builder.input(rows: c.inputSize * c.grid, columns: c.patch)
                // Each token is as many runs of pixels as a patch has rows.
                let table = (0..<c.grid * c.grid * c.patch).map { index in
                    let (token, row) = index.quotientAndRemainder(dividingBy: c.patch)
                    return Int32((token / c.grid * c.patch + row) * c.grid + token % c.grid)
                }
                let patches = try builder.gathered(image, table, width: c.patch)
                var x = try embedding.plan(
                    builder, patches: patches,
                    adding: .constant(position.value.reshaped([c.grid * c.grid, c.channels])),
                    in: builder.activationPrecision, as: .float32)
                for block in blocks { x = try block.plan(builder, x, images: 1) }
                return [try norm.plan(builder, x, as: .float32)]
            }
        }
    }

    /// Tokens of one image: `[grid * grid, channels]`.
    ///
    /// - Parameter image: `inputSize * inputSize` pixels, row by row.
    public static func tokens(
        _ plan: Plan, _ image: [Float], configuration c: Configuration, workers: Workers = .single
    ) throws(NetworkError) -> Tensor {
        guard image.count == c.inputSize * c.inputSize else {
            throw .imageSize(expected: c.inputSize * c.inputSize, found: image.count)
        }
        if let index = image.firstIndex(where: { !$0.isFinite }) { throw .imageNotFinite(index: index) }
        return try networkErrors { () throws(TensorError) in
            try plan.run(Tensor(image, [c.inputSize * c.grid, c.patch]), workers: workers)[0]
        }
    }
}
