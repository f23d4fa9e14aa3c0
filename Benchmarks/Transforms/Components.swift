import Foundation
import Transforms
import Volumes

/// `components RUNS SHAPE 6|26 INPUT OUTPUT`: bytes in, 32-bit labels out.
func components(_ arguments: [String]) throws {
    let shape = shape(arguments[1])
    guard let connectivity = Connectivity(rawValue: Int(arguments[2]) ?? 0) else { fatalError("6 or 26") }
    let mask = Mask(
        labels: try readRaw(arguments[3], as: UInt8.self), shape: shape, geometry: Geometry(spacing: .one))
    let result = time(Int(arguments[0]) ?? 1, prepare: { mask }) { Components($0, connectivity).image }
    try writeRaw(result.output, arguments[4])
}
