import Networks
package import Tensors
import Transforms

/// Learning to see before learning to find (SimMIM, Xie et al. 2022): most squares of an image are grey, and the tokens under them
/// say what was there.
///
/// Only the backbone learns, and a linear layer from each token of stage 2 to its 16 x 16 pixels, which is thrown away. What comes
/// out is a model to begin a training with (`--from`); by itself it finds nothing.
package struct MaskedImageModelling: Sendable, Hashable {
    /// The part of the squares that are hidden.
    package var masked: Double

    /// Pixels along a side: of a square, and under a token.
    private static let (square, token) = (32, 16)
    private static let layer = (weight: "reconstruction.weight", bias: "reconstruction.bias")
    private static let learnedParts = ["stem.", "stage1.", "merge.", "trunk.", "stage2.", "norm."]

    package init(masked: Double = 0.6) { self.masked = masked }

    /// What is learned, before anything is.
    ///
    /// - Parameter channels: of stage 2.
    package func begin(_ base: [String: Tensor], channels: Int) -> [String: Tensor] {
        var learned = base.filter { name, _ in Self.learnedParts.contains { name.hasPrefix($0) } }
        let pixels = Self.token * Self.token
        (learned[Self.layer.weight], learned[Self.layer.bias]) = (.zeros([pixels, channels]), .zeros([pixels]))
        return learned
    }

    /// The whole network's parameters: the learned ones in place of the base's, without the layer.
    package func parameters(_ learned: [String: Variable], base: [String: Tensor]) -> [String: Variable] {
        base.mapValues { Variable($0) }.merging(learned.filter { base[$0.key] != nil }) { $1 }
    }

    /// The same as weights.
    package func merged(_ learned: [String: Tensor], base: [String: Tensor]) -> [String: Tensor] {
        base.merging(learned.filter { base[$0.key] != nil }) { $1 }
    }

    /// Which tokens of an image are hidden in an epoch, row by row.
    ///
    /// - Parameter size: of the image in pixels, a multiple of 16; squares at the far edges may be cut.
    package func hidden(_ name: String, size: Int, seed: UInt64, epoch: Int) -> [Bool] {
        let side = (size + Self.square - 1) / Self.square
        var random = Philox(seed: seed, item: "hidden \(name)", stage: epoch)
        let count = min(max(Int((masked * Double(side * side)).rounded()), 1), side * side)
        let chosen = Set(random.sample(count, of: side * side))
        let (tokens, each) = (size / Self.token, Self.square / Self.token)
        return (0..<tokens * tokens).map { chosen.contains($0 / tokens / each * side + $0 % tokens / each) }
    }

    /// The images with what is hidden in the grey between black and white.
    func covered(_ images: Tensor, _ hidden: [[Bool]]) -> Tensor {
        var covered = images
        let size = images.shape[1]
        covered.withUnsafeMutableElements { pixels in
            for (image, hidden) in hidden.enumerated() {
                for place in 0..<size * size
                where hidden[place / size / Self.token * (size / Self.token) + place % size / Self.token] {
                    pixels[image * size * size + place] = 0.5
                }
            }
        }
        return covered
    }

    /// The mean distance of what is said from what was there, over hidden pixels, on the scale of the network's input, -1 to 1.
    ///
    /// - Parameters:
    ///   - coarse: tokens of stage 2, `[batch, size / 16, size / 16, channels]`.
    ///   - learned: the layer among them.
    ///   - divisor: hidden tokens of the whole batch.
    func loss(
        _ coarse: Variable, _ images: Tensor, _ hidden: [[Bool]], _ learned: [String: Variable], divisor: Int
    ) throws(TensorError) -> Variable {
        guard let weight = learned[Self.layer.weight], let bias = learned[Self.layer.bias] else {
            throw .weights(path: "pretraining", tensor: Self.layer.weight, .missing)
        }
        let said = try affine(coarse, weight: weight, bias: bias)
        let (size, tokens, side) = (images.shape[1], coarse.shape[1], Self.token)
        let scale = 1 / Float(divisor * side * side)
        var total = 0.0
        var slopes = Tensor.zeros(said.shape)
        slopes.withUnsafeMutableElements { slopes in
            said.value.withUnsafeElements { said in
                images.withUnsafeElements { pixels in
                    for (image, hidden) in hidden.enumerated() {
                        for place in hidden.indices where hidden[place] {
                            let corner = (place / tokens * size + place % tokens) * side + image * size * size
                            let first = (image * tokens * tokens + place) * side * side
                            for pixel in 0..<side * side {
                                let truth = pixels[corner + pixel / side * size + pixel % side] * 2 - 1
                                let difference = said[first + pixel] - truth
                                total += Double(abs(difference))
                                slopes[first + pixel] = difference > 0 ? scale : difference < 0 ? -scale : 0
                            }
                        }
                    }
                }
            }
        }
        return try scalar("reconstruction", said, Float(total) * scale, slopes)
    }
}
