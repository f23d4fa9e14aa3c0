import Foundation
import TestSupport
import Volumes

/// What numpy, pydicom, PyTorch and SimpleITK made of the same inputs; see Tests/Peers/record_transforms.py.
struct RecordedTransforms: Decodable {
    struct WindowCase: Decodable {
        var center, width: Double
        var function: String
        var values: [Double]
    }
    struct RescaleCase: Decodable {
        var slope, intercept: Double
        var values: [Float]
    }
    struct SizeCase: Decodable {
        var size: [Int]
        var values: [Float]
    }
    struct SpacingCase: Decodable {
        var spacing, target, origin: [Double]
        var shape: [Int]
        /// nil where SimpleITK has no value: beyond the outermost voxel centres.
        var values: [Float?]
    }
    struct Deviation: Decodable { var mean, std: Double }

    var stored: [Float]
    var windows: [WindowCase]
    var rescales: [RescaleCase]
    /// 23 x 31
    var image: [Float]
    var resized: [SizeCase]
    /// 7 x 9 x 11
    var volume: [Float]
    var linear, nearest: [SizeCase]
    var resampled: [SpacingCase]
    var values: [Float]
    var percents, percentiles: [Double]
    var deviation: Deviation

    static let shared: RecordedTransforms = {
        do {
            let path = Fixtures.root + "/Tests/Peers/expected/transforms.json"
            return try JSONDecoder().decode(RecordedTransforms.self, from: Data(contentsOf: URL(filePath: path)))
        } catch { fatalError("recorded values cannot be read: \(error)") }
    }()

    /// A volume of depth 1, one pixel a unit.
    static func row(_ values: [Float]) -> Volume {
        Volume(voxels: values, shape: Shape(depth: 1, height: 1, width: values.count), geometry: .pixels)
    }

    var plane: Volume { Volume(voxels: image, shape: Shape(depth: 1, height: 23, width: 31), geometry: .pixels) }

    func cube(spacing: SIMD3<Double> = .one) -> Volume {
        Volume(
            voxels: volume, shape: Shape(depth: 7, height: 9, width: 11), geometry: Geometry(spacing: spacing))
    }
}

/// Largest difference of two arrays; infinite when their sizes differ or one holds NaN.
func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).reduce(0) { $1.0.isFinite && $1.1.isFinite ? max($0, abs($1.0 - $1.1)) : .infinity }
}
