import Tensors

/// Where the CAM methods read activation and gradient: places in the global blocks, whose tokens are the map's cells, or in the
/// pyramid.
///
/// `hilum explain --score --layers` measures all of them; defaults stand in `ExplanationMethod`.
public enum ExplanationLayer: String, CaseIterable, Sendable {
    /// The level of the feature pyramid that the box's cell lies on: nearest to the box, with cells of 8, 16 or 32 pixels.
    case pyramid
    /// The same, spread over cells of stride 8 and weighed by what the head says of the class there: what lies beside the
    /// cells that speak for a box comes next in order, where a map of a few cells leaves nearly all of the image without any.
    case smoothPyramid = "pyramid-smooth"
    /// The norm behind the last block.
    case finalNorm = "final-norm"
    /// The output of the last block.
    case lastBlock = "block-1"
    /// The first norm within the last block: what users of CAM libraries are told to take for vision transformers.
    case lastBlockNorm = "block-1-norm"
    /// The output of the last block but one.
    case secondLastBlock = "block-2"
    /// The output of the last block but two.
    case thirdLastBlock = "block-3"
    /// The output of the block in the middle.
    case middle = "middle"

    /// The first block whose input must be watched so that gradients reach the layer.
    func firstBlock(of count: Int) -> Int {
        switch self {
        case .pyramid, .smoothPyramid, .finalNorm, .lastBlock, .lastBlockNorm, .secondLastBlock: count - 1
        case .thirdLastBlock: max(count - 2, 0)
        case .middle: count / 2
        }
    }

    var isPyramid: Bool { self == .pyramid || self == .smoothPyramid }

    /// Whether nothing before the last block's input is needed, neither for the layer nor for gradients that reach it.
    var isInLastBlock: Bool { self == .secondLastBlock || self == .lastBlockNorm }

    func variable(in probe: Probe) -> Variable? {
        switch self {
        case .pyramid, .smoothPyramid: nil
        case .finalNorm: probe.finalNorm
        case .lastBlock: probe.output
        case .lastBlockNorm: probe.firstNorms.last
        case .secondLastBlock, .thirdLastBlock, .middle:
            probe.inputs.isEmpty ? nil : probe.inputs[firstBlock(of: probe.inputs.count)]
        }
    }
}
