import CKernels
public import Parallel
public import Volumes

/// A smooth multiplicative field, as coils of an MR scanner make it: `exp` of a polynomial over the image, where each axis runs
/// from -1 to 1 between its outermost voxel centres (0 for an axis of one voxel).
///
/// Source: Van Leemput et al., "Automated model-based bias field correction of MR images of the brain", IEEE TMI 1999; the
/// same field as TorchIO's `RandomBiasField`.
public struct BiasField: Sendable {
    /// Highest sum of the powers.
    public let order: Int
    /// One for each `x^i y^j z^k` with `i + j + k <= order`: i slowest, k fastest.
    public let coefficients: [Double]

    /// - Throws: `TransformError` when the number of coefficients is not that of the order or one is not finite.
    public init(order: Int, coefficients: [Double]) throws(TransformError) {
        guard coefficients.count == Self.count(order: order), coefficients.allSatisfy(\.isFinite) else {
            throw TransformError(
                .invalidOption, "a bias field of order \(order) has \(Self.count(order: order)) finite coefficients")
        }
        // The exponential of more would be no number any more.
        guard coefficients.reduce(0, { $0 + abs($1) }) <= 80 else {
            throw TransformError(.invalidOption, "the coefficients of the bias field are too large")
        }
        (self.order, self.coefficients) = (order, coefficients)
    }

    /// (n + 1) (n + 2) (n + 3) / 6
    public static func count(order: Int) -> Int { (order + 1) * (order + 2) * (order + 3) / 6 }

    /// Coefficients of the powers of x in one row.
    fileprivate func row(y: Double, z: Double) -> [Double] {
        var next = 0
        return (0...order).map { i in
            var (sum, power) = (0.0, 1.0)
            for j in 0...order - i {
                var inner = (sum: 0.0, power: 1.0)
                for _ in 0...order - i - j {
                    inner.sum += coefficients[next] * inner.power
                    inner.power *= z
                    next += 1
                }
                sum += inner.sum * power
                power *= y
            }
            return sum
        }
    }
}

extension Volume {
    /// Multiplies each voxel by the field, all channels alike.
    ///
    /// - Throws: `TransformError` when a voxel is NaN or infinite.
    public mutating func multiply(by field: BiasField, workers: Workers = .single) throws(TransformError) {
        try requireFinite()
        let shape = shape
        @Sendable func step(_ count: Int) -> Double { count > 1 ? 2 / Double(count - 1) : 0 }
        @Sendable func start(_ count: Int) -> Double { count > 1 ? -1 : 0 }
        changeVoxels { values in
            let target = Destination(start: values)
            workers.forEach(shape.channels * shape.depth) { plane in
                let z = start(shape.depth) + step(shape.depth) * Double(plane % shape.depth)
                for y in 0..<shape.height {
                    let row = field.row(y: start(shape.height) + step(shape.height) * Double(y), z: z)
                    hk_multiply_by_exp(
                        target.start + (plane * shape.height + y) * shape.width, shape.width, row, row.count,
                        start(shape.width), step(shape.width))
                }
            }
        }
    }
}
