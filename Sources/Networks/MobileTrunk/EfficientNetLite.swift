/// The blocks of EfficientNet-Lite (Tan and Le 2019, without squeeze-and-excitation and with ReLU6), by variant.
package enum EfficientNetLite: String, Sendable, Hashable, CaseIterable {
    case lite0 = "efficientnet-lite0"
    case lite1 = "efficientnet-lite1"
    case lite2 = "efficientnet-lite2"

    /// Channels of the first convolution, 3 x 3 of stride 2.
    static let stem = 32

    /// Block after block, from stride 2 to stride 32.
    var blocks: [InvertedResidual.Extents] {
        var blocks: [InvertedResidual.Extents] = []
        var before = Self.stem
        for (index, stage) in Self.stages.enumerated() {
            let channels = scaled(stage.channels)
            let isScaled = index > 0 && index < Self.stages.count - 1
            let repeats = isScaled ? Int((Double(stage.repeats) * scale.depth).rounded(.up)) : stage.repeats
            for place in 0..<repeats {
                blocks.append(
                    InvertedResidual.Extents(
                        input: before, output: channels, expansion: stage.expansion, kernel: stage.kernel,
                        stride: place == 0 ? stage.stride : 1))
                before = channels
            }
        }
        return blocks
    }

    /// The last block of stride 8, of 16 and of 32.
    var ends: [Int] {
        var (stride, strides): (Int, [Int]) = (2, [])
        for block in blocks {
            stride *= block.stride
            strides.append(stride)
        }
        return [8, 16, 32].map { strides.lastIndex(of: $0)! }
    }

    private static let stages: [(expansion: Int, kernel: Int, stride: Int, channels: Int, repeats: Int)] = [
        (1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3), (6, 5, 2, 192, 4),
        (6, 3, 1, 320, 1),
    ]

    private var scale: (width: Double, depth: Double) {
        switch self {
        case .lite0: (1.0, 1.0)
        case .lite1: (1.0, 1.1)
        case .lite2: (1.1, 1.2)
        }
    }

    /// To the nearest multiple of 8 that loses at most a tenth.
    private func scaled(_ channels: Int) -> Int {
        let wanted = Double(channels) * scale.width
        let near = max(8, Int(wanted + 4) / 8 * 8)
        return Double(near) < 0.9 * wanted ? near + 8 : near
    }
}
