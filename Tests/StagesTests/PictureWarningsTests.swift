import Foundation
import PNG
import Pipelines
import TestSupport
import Testing
import Transforms
import Volumes

@testable import Stages

/// What a picture says of itself and its voxels don't show.
@Suite struct PictureWarningsTests {
    @Test(arguments: [
        ("rgba.png", ["colour-as-gray", "alpha-dropped"]), ("rgb.png", ["colour-as-gray"]), ("gray16.png", []),
    ])
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

    /// Where a stage wants them, colours stay; elsewhere their luma is read, and it is said.
    @Test(arguments: [("rgb.png", FileFormat.png), ("color_420.jpg", .jpeg)])
    func coloursAreKeptOrItIsSaid(name: String, format: FileFormat) throws {
        let (gray, colors) = (
            try read(Fixtures.path(name), format), try read(Fixtures.path(name), format, keepsColor: true)
        )
        #expect(gray.warnings.map(\.code) == ["colour-as-gray"] && gray.volume.shape.channels == 1)
        #expect(colors.warnings.isEmpty && colors.volume.shape.channels == 3)
        #expect(colors.volume.attributes.channelAxis == .color)
        #expect(colors.volume.channel(0).voxels != colors.volume.channel(2).voxels)
    }

    /// Gray that was stored as colours is gray: nothing to say, whatever the pipeline wants.
    @Test func grayStoredAsColoursIsGray() throws {
        let bytes = (0..<20).flatMap { [UInt8](repeating: UInt8($0 * 7), count: 3) }
        let file = try PNGFile.encode(width: 5, height: 4, channels: 3, bytes: bytes)
        let scratch = try Scratch()
        let path = try scratch.write(file, "gray.png")
        for keepsColor in [false, true] {
            let item = try read(path, .png, keepsColor: keepsColor)
            #expect(item.warnings.isEmpty && item.volume.attributes.channelAxis == .none)
            #expect(item.volume.voxels == (0..<20).map { Float($0 * 7) })
        }
    }

    /// A pipeline for networks of three channels, from file to tensor; one that detects looks at gray.
    @Test func rgbTakesColours() async throws {
        let folder = try PipelineFolder()
        let bytes = (0..<12).flatMap { [$0 * 20, 0, 255] as [UInt8] }
        let file = try PNGFile.encode(width: 4, height: 3, channels: 3, bytes: bytes)
        _ = try folder.scratch.write(file, "in/a.png")
        let entries = try await folder.run(
            "stages: [normalize: { method: min-max }, rgb: { scaling: unit }]\noutputs: { tensors: npy }\n")
        #expect(entries["a"]?.warnings.isEmpty == true)
        let array = try NPYReader(try #require(try folder.tree("out")["a.npy"]))
        #expect(array.shape == [3, 1, 3, 4])
        let values = array.values(Float.self)
        #expect(values[12..<24].allSatisfy { $0 == 0 } && values[24...].allSatisfy { $0 == 1 })
        let detecting = try Pipeline.parse(
            "stages: [normalize, detect: { model: brain-mri-tumour }, rgb]\noutputs: { tensors: npy }\n", name: "p",
            registry: .hilum)
        #expect(!detecting.takesColor)
    }

    private func read(_ path: String, _ format: FileFormat, keepsColor: Bool = false) throws -> Item {
        let input = ItemInput(
            content: .file(format, paths: [path]), relativePaths: [path], outline: .init(shape: [], spacing: []),
            isPhysical: false)
        return try input.read(named: "picture", keepsColor: keepsColor)
    }

    private func warnings(_ path: String, _ format: FileFormat) throws -> [String] {
        try read(path, format).warnings.map(\.code)
    }
}
