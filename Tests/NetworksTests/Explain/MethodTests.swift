import Tensors
import Testing

@testable import Networks

/// The methods on numbers small enough for paper.
struct MethodTests {
    private let activation: [Float] = [1, 0, 0, 2]
    private let gradient: [Float] = [1, -1, 3, 1]

    @Test func gradCAMAveragesGradients() throws {
        let map = GradCAM.map(activation: try Tensor(activation, [2, 2]), gradient: try Tensor(gradient, [2, 2]))
        #expect(map == [2, 0])  // weights are (1 + 3) / 2 and (-1 + 1) / 2
    }

    @Test func hiResCAMKeepsPlaces() throws {
        let map = HiResCAM.map(activation: try Tensor(activation, [2, 2]), gradient: try Tensor(gradient, [2, 2]))
        #expect(map == [1, 2])
    }

    @Test func rolloutOfOneBlockIsHalfAttention() throws {
        let attention = try Tensor([0.25, 0.75, 1, 0], [1, 1, 2, 2])
        #expect(try AttentionRollout.map(attention: [attention], rows: [0]) == [0.625, 0.375])
        #expect(try AttentionRollout.map(attention: [attention], rows: [0, 1]) == [0.5625, 0.4375])
    }

    @Test func relevanceIgnoresWhatSpeaksAgainst() throws {
        let attention = try Tensor([0.25, 0.75, 1, 0], [1, 1, 2, 2])
        let gradient = try Tensor([4, -1, 2, 2], [1, 1, 2, 2])
        #expect(try Relevance.map(attention: [attention], gradients: [gradient], rows: [0]) == [1, 0])
    }

    @Test func gridsAreScaledAndNotNegative() {
        #expect(HeatmapGrid(height: 1, width: 3, raw: [-1, 1, 4]).values == [0, 0.25, 1])
        #expect(HeatmapGrid(height: 1, width: 2, raw: [-1, -2]).values == [0, 0])
    }
}
