package import Networks
package import Tensors

/// The layers whose outputs are the classes, in networks of any number of them. The dense head says five numbers more: a box
/// and how well it will fit.
private let classLayers = [("dense.output", 5), ("queries.classify", 0)]

/// The shape of a parameter in the same network with another number of classes.
func classShape(_ name: String, _ shape: Shape, classes: Int) -> Shape {
    for (layer, others) in classLayers where name.hasPrefix(layer + ".") {
        return Shape([classes + others] + shape.extents.dropFirst())
    }
    return shape
}

/// The weights of a trained network for other classes than it has learned: what says a class is drawn anew, and the
/// abnormality, which is made of that, begins anew; all else stays.
///
/// - Parameters:
///   - weights: of a network like the configuration's but for its number of classes.
///   - classes: how many it has.
/// - Throws: `TensorError.shapeMismatch` when the configuration makes no network.
package func withFreshClasses(
    _ weights: [String: Tensor], of classes: Int, for configuration: DetectorConfiguration, seed: UInt64
) throws(TensorError) -> [String: Tensor] {
    let fresh = try freshParameters(configuration, seed: seed)
    var result = weights
    for (name, drawn) in fresh where classShape(name, drawn.shape, classes: classes) != drawn.shape {
        // Another width is another network, which loading names.
        guard let trained = weights[name], trained.shape == classShape(name, drawn.shape, classes: classes) else {
            continue
        }
        let width = drawn.count / drawn.shape[0]
        let rows = drawn.elements.prefix(configuration.classes.count * width)
        result[name] = try Tensor(Array(rows + trained.elements.dropFirst(classes * width)), drawn.shape)
    }
    for (name, drawn) in fresh where name.hasPrefix("abnormality.") { result[name] = drawn }
    return result
}
