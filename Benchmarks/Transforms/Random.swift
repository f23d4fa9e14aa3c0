import Foundation
import Glibc
import Transforms
import Volumes

/// `OPERATION DEPTH HEIGHT WIDTH REPEATS IMAGE OUTPUT [FIELD]`: prints the least CPU seconds of one thread over the repeats.
///
/// `elastic` makes its field and warps by it; `elastic-warp` takes the field from a file, x, y and z one after another.
func randomBenchmark(_ arguments: [String]) throws {
    let sizes = arguments.dropFirst().prefix(4).compactMap { Int($0) }
    guard sizes.count == 4, arguments.count >= 7 else {
        print("OPERATION DEPTH HEIGHT WIDTH REPEATS IMAGE OUTPUT [FIELD]")
        exit(2)
    }
    let shape = Shape(depth: sizes[0], height: sizes[1], width: sizes[2])
    let image = Volume(voxels: try floats(arguments[5]), shape: shape, geometry: Geometry(spacing: .one))
    let random = Philox(seed: 1, item: "benchmark", stage: 0)
    let operation: (inout Volume) throws -> Void
    switch arguments[0] {
    case "elastic-warp":
        let all = try floats(arguments[7])
        let field = DisplacementField(
            shape: shape, components: (0..<3).map { Array(all[$0 * shape.count..<($0 + 1) * shape.count]) })
        operation = { $0 = try $0.warped(by: field) }
    case "elastic":
        operation = {
            $0 = try $0.warped(
                by: .elastic(shape, spacing: .one, alpha: 10, sigma: 4, random: random))
        }
    case "gaussian": operation = { try $0.blur(sigma: [4, 4, 4]) }
    case "affine":
        operation = {
            $0 = try $0.warped(by: AffineWarp(degrees: [4, 5, 12], scale: [1.1, 0.9, 1], translation: [3, 2, 1]))
        }
    case "noise": operation = { try $0.addNoise(deviation: 0.1, field: random.field(1)) }
    case "gamma": operation = { _ = try $0.applyGamma(1.3) }
    case "bias-field":
        let field = try BiasField(order: 3, coefficients: (0..<20).map { 0.3 - Double($0) * 0.03 })
        operation = { try $0.multiply(by: field) }
    case "ghosting": operation = { try $0.apply(Ghosting(axis: .y, ghosts: 5, intensity: 0.7)) }
    default:
        let motion = Motion(
            axis: .y, times: [0.3, 0.7],
            movements: [AffineWarp(degrees: [1, 2, 3], translation: [2, 1, 0]), AffineWarp(degrees: [0, -2, 1])])
        operation = { try $0.apply(motion) }
    }
    var least = Double.infinity
    for repeatNumber in 0..<sizes[3] {
        var volume = image
        let start = cpuSeconds()
        try operation(&volume)
        least = min(least, cpuSeconds() - start)
        if repeatNumber == sizes[3] - 1 {
            let data = volume.voxels.withUnsafeBytes { Data($0) }
            try data.write(to: URL(filePath: arguments[6]))
        }
    }
    print(least)
}

private func floats(_ path: String) throws -> [Float] {
    try Data(contentsOf: URL(filePath: path)).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
}

private func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
