import TestSupport
import Testing

@testable import Tensors

extension SeededGenerator {
    mutating func tensor(_ shape: Shape, in range: ClosedRange<Float> = -1...1) -> Tensor {
        Tensor(shape) { out in
            for index in out.indices { out[index] = Float.random(in: range, using: &self) }
        }
    }
}

func expectClose(
    _ a: [Float], _ b: [Float], tolerance: Float, _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(a.count == b.count, comment, sourceLocation: sourceLocation)
    let worst = zip(a, b).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= tolerance, comment, sourceLocation: sourceLocation)
}

/// Compares the tape's gradients of `sum(operation(inputs) * weights)` with central differences, in every element.
func expectExactGradients(
    _ inputs: [Tensor], tolerance: Float = 2e-2, sourceLocation: SourceLocation = #_sourceLocation,
    _ operation: ([Variable]) throws -> Variable
) throws {
    var numbers = SeededGenerator(seed: 77)
    let tape = Tape()
    let variables = inputs.map { tape.watch($0) }
    let output = try operation(variables)
    let weights = numbers.tensor(output.shape)
    let gradients = try tape.gradients(of: output, seed: weights, for: variables)
    func value(_ inputs: [Tensor]) throws -> Double {
        let result = try operation(inputs.map { Variable($0) })
        #expect(!result.isRecorded, "constants must not be recorded", sourceLocation: sourceLocation)
        return zip(result.value.elements, weights.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let step: Float = 1e-2
    for (place, input) in inputs.enumerated() {
        var numeric: [Float] = []
        for index in 0..<input.count {
            var (up, down) = (inputs, inputs)
            up[place].withUnsafeMutableElements { $0[index] += step }
            down[place].withUnsafeMutableElements { $0[index] -= step }
            numeric.append(Float((try value(up) - value(down)) / Double(2 * step)))
        }
        expectClose(
            gradients[place].elements, numeric, tolerance: tolerance, "gradient of operand \(place)",
            sourceLocation: sourceLocation)
    }
}
