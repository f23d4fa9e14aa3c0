import CKernels
import Volumes

/// Least, greatest and mean value of an image.
struct Moments {
    let least: Float
    let greatest: Float
    let mean: Double

    /// - Throws: `TransformError` naming how many voxels are NaN or infinite.
    init(_ voxels: Voxels) throws(TransformError) {
        var (least, greatest, sum): (Float, Float, Double) = (.infinity, -.infinity, 0)
        var bad = 0
        if let occurring = voxels.occurring {
            for (value, count) in occurring {
                guard value.isFinite else {
                    bad += count
                    continue
                }
                (least, greatest) = (min(least, value), max(greatest, value))
                sum += Double(value) * Double(count)
            }
        } else {
            let values = voxels.floats
            bad = hk_extent(values, values.count, &least, &greatest, &sum)
        }
        guard bad == 0 else {
            throw TransformError(.notFinite, "\(bad) voxels are NaN or infinite; mask or replace them first")
        }
        (self.least, self.greatest, mean) = (least, greatest, sum / Double(voxels.count))
    }

    /// Population standard deviation of the same voxels.
    func deviation(_ voxels: Voxels) -> Double {
        let squares: Double
        if let occurring = voxels.occurring {
            squares = occurring.reduce(0) {
                $0 + (Double($1.value) - mean) * (Double($1.value) - mean) * Double($1.count)
            }
        } else {
            let values = voxels.floats
            squares = hk_squared_deviation(values, values.count, mean)
        }
        return (squares / Double(voxels.count)).squareRoot()
    }
}
