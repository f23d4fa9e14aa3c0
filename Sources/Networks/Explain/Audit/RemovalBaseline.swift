#if canImport(Glibc)
    import Glibc
#endif

/// What removed pixels are replaced by.
public enum RemovalBaseline: String, CaseIterable, Sendable {
    /// The image blurred by a Gaussian whose standard deviation is a sixteenth of its side: no edges are made.
    case blurred
    /// Black.
    case zero

    /// - Parameter image: `[side, side]`.
    func replacement(for image: [Float], side: Int) -> [Float] {
        switch self {
        case .blurred: Self.blurred(image, side: side)
        case .zero: [Float](repeating: 0, count: image.count)
        }
    }

    /// Along rows and columns, the edge repeated.
    private static func blurred(_ image: [Float], side: Int) -> [Float] {
        let sigma = Float(side) / 16
        let radius = Int((3 * sigma).rounded(.up))
        var kernel = (-radius...radius).map { exp(-Float($0 * $0) / (2 * sigma * sigma)) }
        let sum = kernel.reduce(0, +)
        for index in kernel.indices { kernel[index] /= sum }
        /// Blurs along rows and returns the transposed image.
        func pass(_ input: [Float]) -> [Float] {
            var output = [Float](repeating: 0, count: input.count)
            for row in 0..<side {
                for column in 0..<side {
                    var value: Float = 0
                    for offset in -radius...radius {
                        value += kernel[offset + radius] * input[row * side + min(max(column + offset, 0), side - 1)]
                    }
                    output[column * side + row] = value
                }
            }
            return output
        }
        return pass(pass(image))
    }
}
