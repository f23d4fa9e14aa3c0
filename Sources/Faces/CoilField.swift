import CKernels
import Foundation

/// The slow change of brightness that a receive coil lays over a magnetic resonance image: the exponential of a
/// polynomial of second degree, fitted to the logarithms of the brain's values by least squares.
///
/// Grey and white matter alternate on a much smaller scale than this can follow.
enum CoilField {
    private static let terms = 10

    /// Values on `HeadGrid` divided by the field, which is 1 in the middle of the grid; as they were when no field can be
    /// fitted.
    ///
    /// - Parameter floor: values up to this are air and have no logarithm to go by.
    static func removed(from values: [Float], in core: Region, floor: Float) -> [Float] {
        let size = HeadGrid.size
        var normal = [Double](repeating: 0, count: terms * (terms + 1))
        hk_coil_normal_equations(values, core.bits, [size.x, size.y, size.z], floor, &normal)
        guard let coefficients = solved(normal) else { return values }
        var result = values
        hk_divide_coil_field(&result, [size.x, size.y, size.z], coefficients)
        return result
    }

    /// Gaussian elimination with pivoting; nil when the equations do not determine every term.
    private static func solved(_ equations: [Double]) -> [Double]? {
        let width = terms + 1
        var a = equations
        for column in 0..<terms {
            let pivot = (column..<terms).max { abs(a[$0 * width + column]) < abs(a[$1 * width + column]) } ?? column
            guard abs(a[pivot * width + column]) > 1e-9 else { return nil }
            for k in 0..<width { a.swapAt(pivot * width + k, column * width + k) }
            for row in 0..<terms where row != column {
                let factor = a[row * width + column] / a[column * width + column]
                for k in column..<width { a[row * width + k] -= factor * a[column * width + k] }
            }
        }
        return (0..<terms).map { a[$0 * width + terms] / a[$0 * width + $0] }
    }
}
