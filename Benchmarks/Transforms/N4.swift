import Foundation
import Transforms
import Volumes

/// `n4 RUNS SHAPE SHRINK INPUT OUTPUT`: float32, voxels of 1 mm; prints the iterations of each level too.
func n4(_ arguments: [String]) throws {
    let volume = Volume(
        voxels: try readRaw(arguments[3], as: Float.self), shape: shape(arguments[1]), geometry: Geometry(spacing: .one)
    )
    let correction = BiasFieldCorrection(shrink: Int(arguments[2]) ?? 4)
    let result = try time(Int(arguments[0]) ?? 1, prepare: { volume }) { try $0.correctBias(correction) }
    print(result.output.iterations.map(String.init).joined(separator: " "))
    try writeRaw(result.input.voxels, arguments[4])
}
