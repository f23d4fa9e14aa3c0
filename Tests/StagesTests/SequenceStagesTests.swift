import Pipelines
import Testing
import Transforms
import Volumes

@testable import Stages

/// Sequences of a stack have no scale in common: what a stage measures of one, no other may change.
@Suite struct SequenceStagesTests {
    private static let shape = Shape(depth: 6, height: 24, width: 28)

    private func sequence(_ value: (Int) -> Float) -> [Float] { (0..<Self.shape.count).map(value) }

    private var first: [Float] { sequence { Float($0 * 37 % 101) / 100 + Float($0 % 28) / 20 + 0.1 } }
    private var second: [Float] { sequence { 4000 - Float($0 * 53 % 89) * 9 - Float($0 / 28 % 24) * 60 } }

    private func result(_ stage: String, _ sequences: [[Float]]) throws -> Item {
        var shape = Self.shape
        shape.channels = sequences.count
        let geometry = Geometry(spacing: [1, 1, 1])
        var volume = Volume(voxels: sequences.flatMap { $0 }, shape: shape, geometry: geometry, modality: .mr)
        if sequences.count > 1 { volume.attributes.channelAxis = .sequences(["t1", "flair"]) }
        var item = Item(
            name: "item", source: ItemSource(format: "nifti", inputs: [], geometry: geometry, shape: shape),
            volume: volume)
        let pipeline = try Pipeline.parse(
            "stages: [\(stage)]\noutputs: { tensors: npy }\n", name: "p", registry: .hilum)
        try pipeline.run(&item, named: "item", seed: 4)
        return item
    }

    private static let deterministic = [
        "n4: { shrink: 1, levels: 1, iterations: 5 }", "equalize", "gamma: { exponent: [2, 2] }",
        "contrast: { factor: [2, 2] }", "brightness: { delta: [0.1, 0.1] }", "rotate: { degrees: [30, 30] }", "affine",
        "patch-mask: { size: [8, 8], fill: mean }", "cut-out: { fill: mean }",
    ]
    private static let drawing = [
        "noise: { deviation: [0.1, 0.1] }", "cut-out: { fill: noise }", "lesions: { diameter: [4, 6], count: [2, 2] }",
    ]

    @Test(arguments: deterministic + drawing) func theFirstIsAsIfAlone(stage: String) throws {
        let alone = try result(stage, [first])
        let stack = try result(stage, [first, second])
        #expect(alone.volume.voxels != first)
        #expect(stack.volume.channel(0).voxels == alone.volume.voxels)
        #expect(stack.warnings.map(\.code) == alone.warnings.map(\.code))
        #expect(stack.volume.geometry == alone.volume.geometry && stack.volume.shape.channels == 2)
        #expect(stack.volume.attributes.channelAxis == .sequences(["t1", "flair"]))
    }

    @Test(arguments: deterministic) func theSecondIsAsIfAlone(stage: String) throws {
        let alone = try result(stage, [second])
        #expect(try result(stage, [first, second]).volume.channel(1).voxels == alone.volume.voxels)
    }

    /// Independent in each sequence, and as strong as its range asks for.
    @Test func noiseIsAShareOfEachRange() throws {
        let stack = try result("noise: { deviation: [0.1, 0.1] }", [first, first.map { $0 * 1024 }])
        let added = (0..<2).map { channel in
            zip(stack.volume.channel(channel).voxels, first.map { $0 * (channel == 0 ? 1 : 1024) }).map {
                Double($0 - $1)
            }
        }
        func sum(_ values: [Double], _ others: [Double]) -> Double {
            zip(values, others).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let deviations = added.map { (sum($0, $0) / Double($0.count)).squareRoot() }
        #expect(abs(deviations[1] / deviations[0] / 1024 - 1) < 0.05)
        #expect(abs(sum(added[0], added[1]) / Double(first.count) / deviations[0] / deviations[1]) < 0.05)
        #expect(stack.history.json.text().contains("\"deviation\":["))
    }

    @Test func lesionsAddAShareOfEachRange() throws {
        let scaled = first.map { $0 * 1024 }
        let stack = try result("lesions: { diameter: [4, 6], count: [2, 2] }", [first, scaled])
        let gains = zip(stack.volume.channel(0).voxels, first).map { $0 - $1 }
        let others = zip(stack.volume.channel(1).voxels, scaled).map { ($0 - $1) / 1024 }
        #expect(gains.contains { $0 > 0.1 })
        #expect(zip(gains, others).allSatisfy { abs($0 - $1) < 1e-6 })
    }
}
