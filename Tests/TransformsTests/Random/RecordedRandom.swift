import Foundation
import TestSupport
import Volumes

@testable import Transforms

/// What numpy and SciPy made of the same inputs with the same parameters; see Tests/Peers/random/record.py.
struct RecordedRandom: Decodable {
    struct Blur: Decodable {
        var sigma: [Double]
        var values: [Float]
    }
    struct Movement: Decodable { var degrees, translation: [Double] }
    struct Warp: Decodable {
        var spacing, degrees, scale, translation: [Double]
        /// nil where a neighbour is missing: conventions differ there.
        var values: [Float?]
    }
    struct Gamma: Decodable {
        var exponent: Double
        var values: [Float]
    }
    struct Bias: Decodable {
        var coefficients: [Double]
        var values: [Float]
    }
    struct Ghosts: Decodable {
        var axis: String
        var ghosts: Int
        var intensity, restore: Double
        var values: [Float]
    }
    struct Moved: Decodable {
        var axis: String
        var times: [Double]
        var movements: [Movement]
        var values: [Float]
    }

    /// 7 x 9 x 11
    var volume: [Float]
    /// 1 x 12 x 15
    var plane: [Float]
    var blurs: [Blur]
    var field: [[Float]]
    var linear, nearest: [Float]
    var warps: [Warp]
    var gamma: [Gamma]
    var bias: Bias
    var ghosting: [Ghosts]
    var motion: [Moved]

    static let shared: RecordedRandom = {
        do {
            let path = Fixtures.root + "/Tests/Peers/expected/random.json"
            return try JSONDecoder().decode(RecordedRandom.self, from: Data(contentsOf: URL(filePath: path)))
        } catch { fatalError("recorded values cannot be read: \(error)") }
    }()

    func cube(spacing: SIMD3<Double> = .one) -> Volume {
        Volume(voxels: volume, shape: Shape(depth: 7, height: 9, width: 11), geometry: Geometry(spacing: spacing))
    }

    var slice: Volume {
        Volume(voxels: plane, shape: Shape(depth: 1, height: 12, width: 15), geometry: Geometry(spacing: .one))
    }
}

/// x, y, z.
func vector(_ values: [Double]) -> SIMD3<Double> { [values[0], values[1], values[2]] }

/// A volume of a smooth pattern, large enough for several threads.
func pattern(channels: Int = 1, depth: Int, height: Int, width: Int, spacing: SIMD3<Double> = .one) -> Volume {
    let shape = Shape(channels: channels, depth: depth, height: height, width: width)
    return Volume(
        voxels: (0..<shape.count).map { Float($0 % 97) / 97 + Float($0 / width % 31) / 31 }, shape: shape,
        geometry: Geometry(spacing: spacing))
}
