import Foundation
import Volumes

/// Where the average head lies in an image: twelve numbers, each in a unit that a step of 1 moves the head's surface by
/// about 1 mm.
struct Pose: Sendable, Hashable {
    /// Of three each: translation (mm), rotation about x, y, z, logarithms of the scales, shears.
    var values: [Double]
    /// Turns and mirrors before all else: the subject's axes when the affine says them wrongly.
    var axes = AffineMap.identity

    /// Radius of a head: what turns an angle or a scale into mm.
    private static let radius = 80.0
    /// What rotations and scales leave in place, template mm.
    static let center = SIMD3<Double>(0, 5, -15)

    init(translation: SIMD3<Double> = .zero, axes: AffineMap = .identity) {
        values = [translation.x, translation.y, translation.z] + [Double](repeating: 0, count: 9)
        self.axes = axes
    }

    /// Rotation about the left-right axis in radians: nodding.
    mutating func nod(by angle: Double) { values[3] += angle * Self.radius }
    /// Same scale on every axis.
    mutating func grow(to scale: Double) { for axis in 6..<9 { values[axis] = log(scale) * Self.radius } }

    /// From template mm to the subject's LPS mm.
    var map: AffineMap {
        let (a, b, c) = (values[3] / Self.radius, values[4] / Self.radius, values[5] / Self.radius)
        let aboutX = AffineMap(x: [1, 0, 0], y: [0, cos(a), sin(a)], z: [0, -sin(a), cos(a)], offset: .zero)
        let aboutY = AffineMap(x: [cos(b), 0, -sin(b)], y: [0, 1, 0], z: [sin(b), 0, cos(b)], offset: .zero)
        let aboutZ = AffineMap(x: [cos(c), sin(c), 0], y: [-sin(c), cos(c), 0], z: [0, 0, 1], offset: .zero)
        let (h, s) = (values[9..<12].map { $0 / Self.radius }, scales)
        let shape = AffineMap(
            x: [s.x, 0, 0], y: [h[0] * s.y, s.y, 0], z: [h[1] * s.z, h[2] * s.z, s.z], offset: .zero)
        var map = aboutZ.after(aboutY).after(aboutX).after(axes).after(shape)
        map.offset = Self.center + [values[0], values[1], values[2]] - map.linear(Self.center)
        return map
    }

    var scales: SIMD3<Double> {
        [exp(values[6] / Self.radius), exp(values[7] / Self.radius), exp(values[8] / Self.radius)]
    }

    /// Whether anterior and superior lie within 60 degrees of where the affine has them.
    var isUpright: Bool {
        let map = map
        return map.y.y > 0.5 * map.y.length && map.z.z > 0.5 * map.z.length
    }

    /// How implausible a head of these proportions is: 0 for the average one, about 1 at the limits of heads from infants
    /// to tall adults, when one axis differs much from the others, or when it is sheared.
    var implausibility: Double {
        let logs = SIMD3(values[6], values[7], values[8]) / Self.radius
        let mean = logs.sum() / 3
        let spread = (logs - SIMD3(repeating: mean)).length
        let shear = SIMD3(values[9], values[10], values[11]).length / Self.radius
        func square(_ x: Double) -> Double { x * x }
        return square(mean / 0.35) + square(spread / 0.3) + square(shear / 0.3)
    }
}
