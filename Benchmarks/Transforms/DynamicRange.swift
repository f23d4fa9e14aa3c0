import Foundation
import Transforms
import Volumes

/// `dran RUNS SHAPE int16|float32 INPUT OUTPUT`: the whole stage, percentiles and mapping; prints the two percentiles too.
func dran(_ arguments: [String]) throws {
    let shape = shape(arguments[1])
    let storage: Voxels
    if arguments[2] == "int16" {
        let words = try readRaw(arguments[3], as: UInt16.self)
        storage = .words(words, WordValues((0...UInt16.max).map { Float(Int16(bitPattern: $0)) }))
    } else {
        storage = .floats(try readRaw(arguments[3], as: Float.self))
    }
    let volume = Volume(storage: storage, shape: shape, geometry: Geometry(spacing: .one))
    let result = try time(Int(arguments[0]) ?? 1, prepare: { volume }) { try $0.normalizeDynamicRange() }
    print(result.output.lower, result.output.upper)
    try writeRaw(result.input.voxels, arguments[4])
}
