import Pipelines
import TestSupport
import Testing

@testable import Stages

/// What a picture says of itself and its voxels don't show.
@Suite struct PictureWarningsTests {
    @Test(arguments: [("rgba.png", ["alpha-dropped"]), ("rgb.png", []), ("gray16.png", [])])
    func transparencyIsLeftOut(name: String, codes: [String]) throws {
        #expect(try warnings(Fixtures.path(name), .png) == codes)
    }

    @Test func orientationIsNotApplied() throws {
        let tiff: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
        let body = Array("Exif\0\0".utf8) + tiff
        let original = Array(try Fixtures.bytes("gray.jpg"))
        let turned = Array(original.prefix(2)) + [0xFF, 0xE1, 0, UInt8(body.count + 2)] + body + original.dropFirst(2)
        let scratch = try Scratch()
        #expect(try warnings(try scratch.write(turned, "turned.jpg"), .jpeg) == ["orientation-ignored"])
        #expect(try warnings(Fixtures.path("gray.jpg"), .jpeg).isEmpty)
    }

    /// Pictures end at 0 and 1, and stages that draw do not: of 60 voxels from 0.5 to 1.5, 30 are more than white.
    @Test func clippedPixelsAreSaid() async throws {
        let folder = try PipelineFolder()
        try folder.image("a")
        func clipped(_ delta: String, _ outputs: String) async throws -> [String]? {
            try await folder.run(
                """
                stages: [normalize: { method: min-max }, brightness: { delta: [\(delta), \(delta)], probability: 1 }]
                outputs: { \(outputs) }
                """, to: "out \(delta) \(outputs.count)")["a"]?.warnings.filter { $0.code == "clipped" }.map(\.message)
        }
        #expect(try await clipped("0.5", "images: png")?.first?.hasPrefix("50 % of the pixels are outside") == true)
        #expect(try await clipped("0.001", "images: png") == [])
        #expect(try await clipped("0.5", "tensors: npy") == [])
    }

    private func warnings(_ path: String, _ format: FileFormat) throws -> [String] {
        let input = ItemInput(
            content: .file(format, paths: [path]), relativePaths: [path], outline: .init(shape: [], spacing: []),
            isPhysical: false)
        return try input.read(named: "picture").warnings.map(\.code)
    }
}
