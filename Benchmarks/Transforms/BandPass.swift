import Foundation
import Transforms
import Volumes

/// `bandpass RUNS SHAPE LOW HIGH ORDER DIMENSIONS INPUT OUTPUT`: float32.
func bandpass(_ arguments: [String]) throws {
    let (shape, voxels) = (shape(arguments[1]), try readRaw(arguments[6], as: Float.self))
    let band = BandPass(
        low: Double(arguments[2]) ?? 0, high: Double(arguments[3]), order: Int(arguments[4]) ?? 2,
        dimensions: Int(arguments[5]) ?? 3)
    // As a stage it owns its image; a copy of it would be timed too.
    let result = try time(
        Int(arguments[0]) ?? 1,
        prepare: {
            let copy = voxels.withUnsafeBufferPointer { Array($0) }
            return Volume(voxels: copy, shape: shape, geometry: Geometry(spacing: .one))
        }
    ) { try $0.bandPass(band) }
    try writeRaw(result.input.voxels, arguments[7])
}
