import Foundation
import Parallel
import Transforms
import Volumes

/// `resample RUNS SHAPE X,Y,Z X,Y,Z INTERPOLATION WORKERS INPUT OUTPUT`: int16 values from one spacing to another, without
/// antialiasing, as the peers do.
func resample(_ arguments: [String]) throws {
    func spacing(_ text: String) -> SIMD3<Double> {
        let numbers = text.split(separator: ",").compactMap { Double($0) }
        guard numbers.count == 3 else { fatalError("a spacing is X,Y,Z, found \(text)") }
        return [numbers[0], numbers[1], numbers[2]]
    }
    guard let interpolation = Interpolation(rawValue: arguments[4]) else { fatalError("no such interpolation") }
    let words = try readRaw(arguments[6], as: UInt16.self)
    let volume = Volume(
        storage: .words(words, WordValues((0...UInt16.max).map { Float(Int16(bitPattern: $0)) })),
        shape: shape(arguments[1]), geometry: Geometry(spacing: spacing(arguments[2])))
    let workers = Workers(count: Int(arguments[5]) ?? 1)
    let result = try time(Int(arguments[0]) ?? 1, prepare: { volume }) {
        try $0.resampled(
            toSpacing: spacing(arguments[3]), interpolation: interpolation, antialias: false, workers: workers)
    }
    try writeRaw(result.output.voxels, arguments[7])
}
