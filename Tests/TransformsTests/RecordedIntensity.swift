import Foundation
import TestSupport
import Volumes

/// What numpy, SciPy and OpenCV made of the same inputs; see Tests/Peers/record_intensity.py.
struct RecordedIntensity: Decodable {
    struct Band: Decodable {
        var low, high: Double
        var order: Int
        var spacing: [Double]
        var dimensions: Int
        var keepMean: Bool
        var values: [Float]
    }
    struct Parts: Decodable { var faces, corners, filled, filledInSlices: [UInt32] }
    struct Equalized: Decodable {
        var tiles: [Int]
        var clip: Double
        var values: [Float]
    }
    struct Foreground: Decodable {
        var mean, deviation, lower, upper: Double
        var values: [Float]
    }
    struct Bounds: Decodable { var all, valid: [Double] }

    /// 5 x 7 x 37
    var volume: [Float]
    var bands: [Band]
    /// 4 x 7 x 70
    var mask: [UInt8]
    var components: Parts
    /// 50 x 67, 0 to 255
    var plane: [Float]
    /// The last of the first 48 x 64.
    var equalized: [Equalized]
    var ct: [Float]
    var foreground: [UInt8]
    var nnunet: Foreground
    var zScore: [Float]
    var dynamicRange: Bounds

    static let shared: RecordedIntensity = {
        do {
            let path = Fixtures.root + "/Tests/Peers/expected/intensity.json"
            return try JSONDecoder().decode(RecordedIntensity.self, from: Data(contentsOf: URL(filePath: path)))
        } catch { fatalError("recorded values cannot be read: \(error)") }
    }()

    var foregroundMask: Mask {
        Mask(labels: foreground, shape: Shape(depth: 1, height: 1, width: foreground.count), geometry: .pixels)
    }
}

/// The same voxels as words, each for itself with sign.
func words(_ volume: Volume) -> Volume {
    let table = WordValues((0...UInt16.max).map { Float(Int16(bitPattern: $0)) })
    let stored = volume.voxels.map { UInt16(bitPattern: Int16($0)) }
    return volume.with(storage: .words(stored, table), shape: volume.shape, geometry: volume.geometry)
}
