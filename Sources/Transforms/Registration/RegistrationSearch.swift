import Glibc
import Volumes

/// Where to begin: many places looked at on the coarsest level, the best of them climbed.
///
/// A gradient leads to the right place only from nearby. Starts are the scanner's own coordinates (right for two series of
/// one visit), the two images' centres and their centres of mass laid on each other, each shifted and turned on a grid.
struct RegistrationSearch: Sendable {
    /// Shifts in mm along x, y and z and turns in degrees about each axis, in all combinations.
    var shifts: (x: [Double], y: [Double], z: [Double]) = ([-24, 0, 24], [-24, 0, 24], [-48, -24, 0, 24, 48])
    var turns: [Double] = [-20, 0, 20]
    /// Factors of all lengths; a rigid search leaves them at 1.
    var scales: [Double] = [1]
    /// How many starts are climbed.
    var climbs = 96
    /// Starts that move the fixed image's points by less than this, on average, from a better one are not climbed.
    var separation = 12.0

    struct Start: Sendable {
        var transform: AffineTransform
        var score: Double
    }

    /// The best starts, best first.
    /// - Parameters:
    ///   - bases: transforms around which to look.
    ///   - corners: points of the fixed image that tell how far two transforms are apart.
    func starts(
        around bases: [AffineTransform], corners: [SIMD3<Double>], _ metric: MutualInformation
    ) -> [Start] {
        let center = metric.samples.center
        var found: [Start] = []
        for base in bases.flatMap({ base in scales.map { base.scaled(by: $0, about: center) } }) {
            for turn in Self.combinations(turns, turns, turns) {
                let turned = Parameterization(kind: .rigid, start: base, center: center, radius: 1)
                for shift in Self.combinations(shifts.x, shifts.y, shifts.z) {
                    let transform = turned(
                        [shift.x, shift.y, shift.z] + [turn.x, turn.y, turn.z].map { $0 * .pi / 180 })
                    found.append(Start(transform: transform, score: Self.score(metric.information(transform))))
                }
            }
        }
        var chosen: [Start] = []
        for start in found.stablySorted(by: { $0.score > $1.score })
        where chosen.count < climbs && start.score > 0 {
            let isNew = chosen.allSatisfy {
                $0.transform.meanDistance(to: start.transform, over: corners) >= separation
            }
            if isNew { chosen.append(start) }
        }
        return chosen
    }

    /// What is compared between places that see different shares of the fixed image: information that is seen.
    static func score(_ value: (information: Double, visible: Double)) -> Double {
        value.visible < 0.3 ? 0 : value.information * value.visible
    }

    init(_ kind: TransformKind) { if kind == .affine { scales = [0.85, 1] } }

    private static func combinations(_ x: [Double], _ y: [Double], _ z: [Double]) -> [SIMD3<Double>] {
        x.flatMap { x in y.flatMap { y in z.map { z in SIMD3(x, y, z) } } }
    }
}

extension AffineTransform {
    /// First everything drawn towards a point or away from it, then this.
    fileprivate func scaled(by factor: Double, about center: SIMD3<Double>) -> AffineTransform {
        AffineTransform(columns: columns.map { $0 * factor }, from: center, to: self(center))
    }
}
