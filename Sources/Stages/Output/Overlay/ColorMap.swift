/// Inferno: black over red and orange to pale yellow, equal steps in value looking like equal steps in colour.
///
/// Source: matplotlib's `inferno` (S. van der Walt, N. Smith; CC0), as a polynomial of degree 6 for each channel
/// (M. Zucker; CC0), within 2 % of the table.
public enum ColorMap {
    private static let coefficients: [SIMD3<Double>] = [
        [0.0002189403691192265, 0.001651004631001012, -0.01948089843709184],
        [0.1065134194856116, 0.5639564367884091, 3.932712388889277],
        [11.60249308247187, -3.972853965665698, -15.9423941062914],
        [-41.70399613139459, 17.43639888205313, 44.35414519872813],
        [77.162935699427, -33.40235894210092, -81.80730925738993],
        [-71.31942824499214, 32.62606426397723, 73.20951985803202],
        [25.13112622477341, -12.24266895238567, -23.07032500287172],
    ]

    /// - Parameter value: in [0, 1]; beyond it is clipped.
    public static func color(_ value: Double) -> Canvas.Color {
        let t = min(max(value, 0), 1)
        let sum = coefficients.reversed().reduce(SIMD3<Double>.zero) { $0 * t + $1 }
        let scaled = (sum.clamped(lowerBound: .zero, upperBound: .one) * 255).rounded(.toNearestOrEven)
        return Canvas.Color(red: UInt8(scaled.x), green: UInt8(scaled.y), blue: UInt8(scaled.z))
    }
}
