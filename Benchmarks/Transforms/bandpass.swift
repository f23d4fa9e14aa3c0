import Foundation
import Transforms
import Volumes

/// `bandpass RUNS SHAPE LOW HIGH ORDER DIMENSIONS INPUT OUTPUT`: float32.
func bandpass(_ arguments: [String]) throws {
    let volume = Volume(
        voxels: try readRaw(arguments[6], as: Float.self), shape: shape(arguments[1]), geometry: Geometry(spacing: .one)
    )
    let band = BandPass(
        low: Double(arguments[2]) ?? 0, high: Double(arguments[3]), order: Int(arguments[4]) ?? 2,
        dimensions: Int(arguments[5]) ?? 3)
    let result = try time(Int(arguments[0]) ?? 1, prepare: { volume }) { try $0.bandPassed(band) }
    try writeRaw(result.output.voxels, arguments[7])
}
