import Pipelines
import Volumes

/// FSL's tables of a diffusion-weighted image: `.bval` with one b-value a volume, `.bvec` with three rows of unit vectors.
///
/// Vectors are told along the image's own axes, x negated when the affine (RAS) has a positive determinant, as FSL, MRtrix
/// and dcm2niix agree. Zero stands where there is no direction.
enum DiffusionTables {
    static func files(_ volume: Volume) -> [OutputFile] {
        guard case .diffusion(let bValues, let directions) = volume.attributes.channelAxis else { return [] }
        let vectors = directions.map { $0.map { alongAxes($0, volume.geometry) } ?? .zero }
        let rows = (0..<3).map { axis in vectors.map { text($0[axis]) }.joined(separator: " ") }
        return [
            OutputFile(suffix: ".bval", text: bValues.map(text).joined(separator: " ") + "\n"),
            OutputFile(suffix: ".bvec", text: rows.joined(separator: "\n") + "\n"),
        ]
    }

    private static func alongAxes(_ vector: SIMD3<Double>, _ geometry: Geometry) -> SIMD3<Double> {
        let axes = geometry.direction
        var result = SIMD3(vector.dot(axes[0]), vector.dot(axes[1]), vector.dot(axes[2]))
        // From LPS to RAS two axes change their sign, so that the determinant stays.
        if axes[0].dot(axes[1].cross(axes[2])) > 0 { result.x = -result.x }
        return result
    }

    private static func text(_ value: Double) -> String {
        let rounded = (value * 1e6).rounded() / 1e6
        return Int(exactly: rounded).map { String($0) } ?? String(rounded)
    }
}
