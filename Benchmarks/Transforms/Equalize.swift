import Foundation
import Transforms
import Volumes

/// `equalize RUNS SHAPE TILES CLIP BINS INPUT OUTPUT`: float32 in the range 0 to BINS - 1, in [0, 1] out.
func equalize(_ arguments: [String]) throws {
    let volume = Volume(
        voxels: try readRaw(arguments[5], as: Float.self), shape: shape(arguments[1]), geometry: Geometry(spacing: .one)
    )
    let (tiles, bins) = (Int(arguments[2]) ?? 8, Int(arguments[4]) ?? 256)
    let equalization = Equalization(tiles: [tiles, tiles], clipLimit: Double(arguments[3]) ?? 2, bins: bins)
    let result = try time(Int(arguments[0]) ?? 1, prepare: { volume }) {
        try $0.equalize(equalization, range: 0...Float(bins - 1))
    }
    try writeRaw(result.input.voxels, arguments[6])
}
