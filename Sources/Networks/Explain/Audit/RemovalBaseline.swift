/// What removed pixels are replaced by.
public enum RemovalBaseline: String, CaseIterable, Sendable {
    /// The image blurred by a Gaussian whose standard deviation is a sixteenth of its side: no edges are made.
    case blurred
    /// Black.
    case zero

    /// - Parameter image: `[side, side]`.
    func replacement(for image: [Float], side: Int) -> [Float] {
        switch self {
        case .zero: return [Float](repeating: 0, count: image.count)
        case .blurred:
            let deviation = Float(side) / 16
            let kernel = gaussianKernel(deviation: deviation, radius: Int((3 * deviation).rounded(.up)))
            let sum = kernel.reduce(0, +)
            return separablyFiltered(image, side: side, kernel: kernel.map { $0 / sum }, repeatsEdge: true)
        }
    }
}
