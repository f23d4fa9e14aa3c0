import Tensors
import TestSupport
import Testing

@testable import Networks
@testable import Training

struct LossTests {
    /// Value and gradient of each loss against PyTorch.
    @Test func lossesAgreeWithPyTorch() throws {
        let parts = try Recorded.read().parts
        let shape: Shape = [2, 3, 5]
        let targets = try Tensor(parts.targets, shape)
        let losses: [String: (Variable) throws -> Variable] = [
            "focal": { try FocalLoss(alpha: 0.75, gamma: 2)($0, targets: targets, divisor: 7) },
            "focal3": { try FocalLoss(alpha: 0.25, gamma: 3)($0, targets: targets, divisor: 1) },
            "dice": { try diceLoss($0, targets: targets, divisor: 2) },
            "entropy": { try binaryCrossEntropy($0, rows: Array(0..<30), targets: parts.targets, divisor: 3) },
        ]
        #expect(losses.keys.sorted() == parts.losses.keys.sorted())
        for (name, loss) in losses {
            let tape = Tape()
            let logits = tape.watch(try Tensor(parts.logits, shape))
            let value = try loss(logits)
            let expected = try #require(parts.losses[name])
            let gradient = try tape.gradients(of: value, seed: Tensor(repeating: 1, [1]), for: [logits])[0]
            expectClose([value.value[0]], [expected.value], tolerance: 1e-5 * max(1, abs(expected.value)), "\(name)")
            expectClose(gradient.elements, expected.gradient, tolerance: 1e-5, "gradient of \(name)")
        }
    }

    /// Boxes that overlap, lie apart, enclose each other and are turned inside out.
    @Test(
        arguments: [
            [3, 4, 9, 11], [20, 20, 30, 31], [0, 0, 50, 50], [6, 7, 8, 9], [9, 11, 3, 4], [6, -5, 7, 40],
        ] as [[Float]])
    func boxSlopesAreExact(found: [Float]) throws {
        let wanted = TargetBox(x0: 5, y0: 6, x1: 10.5, y1: 12, label: 0)
        func loss(_ corners: [Float]) throws -> (Tape, Variable, Variable) {
            let tape = Tape()
            let boxes = tape.watch(try Tensor(corners, [1, 4]))
            return (
                tape, boxes,
                try boxLoss(boxes, pairs: [(0, wanted)], giou: 2, l1: 5, size: 64, divisor: 3)
            )
        }
        let (tape, boxes, value) = try loss(found)
        let gradient = try tape.gradients(of: value, seed: Tensor(repeating: 1, [1]), for: [boxes])[0].elements
        let step: Float = 1e-2
        for corner in 0..<4 {
            var (up, down) = (found, found)
            up[corner] += step
            down[corner] -= step
            let numeric = (try loss(up).2.value[0] - loss(down).2.value[0]) / (2 * step)
            #expect(abs(numeric - gradient[corner]) < 2e-3, "corner \(corner) of \(found)")
        }
    }

    @Test func aPerfectBoxCostsNothing() throws {
        let overlap = BoxOverlap(found: [1, 2, 3, 4], wanted: [1, 2, 3, 4])
        #expect(overlap.iou == 1 && overlap.giou == 1)
    }

    @Test func smallerBoxesTakeSharedCells() {
        let grid = CellGrid(inputSize: 64, levels: 2)
        let large = TargetBox(x0: 0, y0: 0, x1: 20, y1: 20, label: 0)
        let small = TargetBox(x0: 6, y0: 6, x1: 18, y1: 18, label: 1)
        for boxes in [[large, small], [small, large]] {
            let pairs = CellAssignment(grid, boxes: boxes).pairs
            let cell = pairs.first { $0.cell == 9 }
            #expect(cell.map { boxes[$0.box].label } == 1)
            #expect(Set(pairs.map { boxes[$0.box].label }) == [0, 1])
        }
    }

    @Test func assignmentsAgreeWithSciPy() throws {
        for recorded in try Recorded.read().assignments {
            let found = leastCostAssignment(rows: recorded.cost.count, columns: recorded.cost[0].count) {
                recorded.cost[$0][$1]
            }
            #expect(found == recorded.columns)
        }
    }

    @Test func assignmentsAreTheBestOfAll() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<50 {
            let cost = (0..<4).map { _ in (0..<6).map { _ in Double.random(in: -1...1, using: &random) } }
            func best(_ row: Int, _ used: Set<Int>) -> Double {
                guard row < 4 else { return 0 }
                return (0..<6).filter { !used.contains($0) }.map { cost[row][$0] + best(row + 1, used.union([$0])) }
                    .min()!
            }
            let found = leastCostAssignment(rows: 4, columns: 6) { cost[$0][$1] }
            #expect(Set(found).count == 4)
            #expect(abs(found.enumerated().reduce(0) { $0 + cost[$1.offset][$1.element] } - best(0, [])) < 1e-12)
        }
        #expect(leastCostAssignment(rows: 0, columns: 3) { _, _ in 0 } == [])
    }
}
