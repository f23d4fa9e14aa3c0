import Tensors
import Testing

@testable import Networks

/// Boxes from what the heads say, forward by hand and backward against central differences.
struct BoxDecodingTests {
    private func expectExactGradient(
        _ input: [Float], _ shape: Shape, _ operation: (Variable) throws -> Variable
    ) throws {
        let tape = Tape()
        let x = tape.watch(try Tensor(input, shape))
        let weights = Tensor(shape) { out in for i in out.indices { out[i] = Float(i % 5) - 1.7 } }
        let gradient = try tape.gradients(of: operation(x), seed: weights, for: [x])[0].elements
        func value(_ input: [Float]) throws -> Double {
            let result = try operation(Variable(Tensor(input, shape))).value.elements
            return zip(result, weights.elements).reduce(0) { $0 + Double($1.0 * $1.1) }
        }
        for index in input.indices {
            var (up, down) = (input, input)
            up[index] += 1e-2
            down[index] -= 1e-2
            let numeric = Float((try value(up) - value(down)) / 2e-2)
            #expect(abs(gradient[index] - numeric) < 2e-3 * max(1, abs(numeric)), "element \(index)")
        }
    }

    @Test func cellsSayDistancesToTheirSides() throws {
        let grid = CellGrid(inputSize: 32, levels: 3)
        #expect(grid.cells.count == 16 + 4 + 1)
        #expect(grid.cells[5].x == 12 && grid.cells[5].y == 12 && grid.cells[5].stride == 8)
        #expect(grid.cells[20].x == 16 && grid.cells[20].stride == 32)
        let zeros = try decodeBoxes(Variable(.zeros([1, 21, 4])), grid).value
        #expect((0..<4).map { zeros[0, 5, $0] } == [4, 4, 20, 20])
        #expect((0..<4).map { zeros[0, 20, $0] } == [-16, -16, 48, 48])
        // Two images; one distance beyond the limit, where the slope is 0.
        var distances = (0..<2 * 21 * 4).map { Float($0 % 7) / 5 - 0.6 }
        distances[9] = 4.5
        try expectExactGradient(distances, [2, 21, 4]) { try decodeBoxes($0, grid) }
    }

    @Test func refinementMovesCentresAndScalesSizes() throws {
        let boxes = try Tensor([10, 20, 30, 60, 0, 0, 8, 8], [1, 2, 4])
        #expect(try refineBoxes(boxes, by: Variable(.zeros([1, 2, 4]))).value.elements == boxes.elements)
        let moved = try refineBoxes(boxes, by: Variable(Tensor([0.5, 0, 0, 0, 0, 0, 5, 0], [1, 2, 4]))).value
        #expect((0..<4).map { moved[0, 0, $0] } == [20, 20, 40, 60])
        #expect(abs(moved[0, 1, 2] - moved[0, 1, 0] - 8 * 2.7182817) < 1e-4)
        try expectExactGradient([0.3, -0.2, 0.4, -0.5, 0.1, 0.2, 1.4, -1.3], [1, 2, 4]) {
            try refineBoxes(boxes, by: $0)
        }
    }

    @Test func wrongShapesAreErrors() {
        #expect(throws: TensorError.self) {
            try decodeBoxes(Variable(.zeros([1, 20, 4])), CellGrid(inputSize: 32, levels: 3))
        }
        #expect(throws: TensorError.self) { try refineBoxes(.zeros([1, 2, 4]), by: Variable(.zeros([1, 3, 4]))) }
    }
}
