package import Tensors

/// How a parameter begins before anything is learned.
package enum Initialization: Sendable, Hashable {
    case constant(Float)
    case values([Float])
    /// Uniform within plus and minus `1 / sqrt(fanIn)`: PyTorch's default for linear layers and convolutions.
    case uniform(fanIn: Int)
    case normal(deviation: Float)
    /// Normal, drawn again beyond two deviations.
    case truncatedNormal(deviation: Float)
}

/// Where a network takes its parameters from, each once and by name.
///
/// A network is built from constants to be run, from variables that a tape watches to be differentiated by its parameters,
/// and from a drawing function to begin a training.
package struct ParameterSource {
    private enum Origin {
        case file(WeightFile)
        case variables([String: Variable])
        case fresh((String, Shape, Initialization) -> Tensor)
    }

    private var origin: Origin
    /// What was handed out.
    package private(set) var taken: [String: Variable] = [:]

    package init(_ file: WeightFile) { origin = .file(file) }

    package init(_ variables: [String: Variable]) { origin = .variables(variables) }

    /// - Parameter draw: makes a parameter from its name, shape and manner of beginning.
    package init(drawing draw: @escaping (String, Shape, Initialization) -> Tensor) { origin = .fresh(draw) }

    /// Hands out a parameter once.
    ///
    /// - Throws: `TensorError.weights` with `.missing` or `.wrongShape`.
    mutating func take(
        _ name: String, _ shape: Shape, _ initial: Initialization
    ) throws(TensorError) -> Variable {
        let variable: Variable
        switch origin {
        case .file(var file):
            variable = Variable(try file.take(name, shape))
            origin = .file(file)
        case .variables(var variables):
            guard let found = variables.removeValue(forKey: name) else {
                throw .weights(path: "parameters", tensor: name, .missing)
            }
            guard found.shape == shape else {
                throw .weights(
                    path: "parameters", tensor: name, .wrongShape(expected: shape, found: found.shape))
            }
            variable = found
            origin = .variables(variables)
        case .fresh(let draw):
            variable = Variable(draw(name, shape, initial))
        }
        taken[name] = variable
        return variable
    }

    /// - Throws: `.unexpected` for a parameter that was not taken.
    func finish() throws(TensorError) {
        switch origin {
        case .file(let file): try file.finish()
        case .variables(let variables):
            if let name = variables.keys.min() { throw .weights(path: "parameters", tensor: name, .unexpected) }
        case .fresh: break
        }
    }
}
