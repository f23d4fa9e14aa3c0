package import Networks
package import Tensors
import Transforms

#if canImport(Glibc)
    import Glibc
#endif

/// The parameters of a network that has learned nothing, by name.
///
/// Each is drawn from a stream of its own, so that seed and name alone make its bits.
/// - Throws: `TensorError.shapeMismatch` when the configuration makes no network.
package func freshParameters(
    _ configuration: DetectorConfiguration, seed: UInt64
) throws(TensorError) -> [String: Tensor] {
    var source = ParameterSource { name, shape, initialization in
        var random = Philox(seed: seed, item: name, stage: 0)
        return Tensor(shape) { out in
            switch initialization {
            case .constant(let value): out.initialize(repeating: value)
            case .values(let values): _ = out.initialize(from: values)
            case .uniform(let fanIn):
                let bound = 1 / Double(fanIn).squareRoot()
                for i in out.indices { out[i] = Float(random.uniform(in: -bound...bound)) }
            case .normal(let deviation):
                for i in out.indices { out[i] = deviation * Float(random.normal()) }
            case .truncatedNormal(let deviation):
                for i in out.indices {
                    var value = random.normal()
                    while abs(value) > 2 { value = random.normal() }
                    out[i] = deviation * Float(value)
                }
            }
        }
    }
    _ = try DetectorNetwork(&source, configuration)
    return source.taken.mapValues(\.value)
}

extension Philox {
    /// Standard normal, by the formula of Box and Muller.
    mutating func normal() -> Double {
        let (a, b) = (1 - uniform(), uniform())
        return (-2 * log(a)).squareRoot() * cos(2 * .pi * b)
    }
}
