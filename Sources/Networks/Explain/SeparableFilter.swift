#if canImport(Glibc)
    import Glibc
#endif

/// Weighs a square image along rows and columns by one kernel of odd length.
///
/// - Parameters:
///   - image: `[side, side]`.
///   - repeatsEdge: whether what lies beyond the edge is as the edge is, instead of 0.
func separablyFiltered(_ image: [Float], side: Int, kernel: [Float], repeatsEdge: Bool) -> [Float] {
    let radius = kernel.count / 2
    /// Filters along rows and returns the transposed image.
    func pass(_ input: [Float]) -> [Float] {
        var output = [Float](repeating: 0, count: input.count)
        for row in 0..<side {
            for column in 0..<side {
                var value: Float = 0
                let first = repeatsEdge ? -radius : max(-radius, -column)
                let last = repeatsEdge ? radius : min(radius, side - 1 - column)
                for offset in first...last {
                    value += kernel[offset + radius] * input[row * side + min(max(column + offset, 0), side - 1)]
                }
                output[column * side + row] = value
            }
        }
        return output
    }
    return pass(pass(image))
}

/// The values of a Gaussian at whole numbers, greatest 1.
func gaussianKernel(deviation: Float, radius: Int) -> [Float] {
    (-radius...radius).map { exp(-Float($0 * $0) / (2 * deviation * deviation)) }
}
