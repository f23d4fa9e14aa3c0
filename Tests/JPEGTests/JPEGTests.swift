import JPEG
import TestSupport
import Testing
import Volumes

@Suite struct JPEGTests {
    static let expected = try! Expectation.load("pictures.json")

    @Test(arguments: expected.keys.filter { $0.hasSuffix(".jpg") }.sorted())
    func equalsPillow(name: String) throws {
        let expected = try #require(Self.expected[name])
        let volume = try JPEGFile.read(path: Fixtures.path(name))
        #expect([1, 1, volume.shape.height, volume.shape.width] == expected.shape)
        // Releases of libjpeg-turbo may differ by a level where its fast and its plain code round differently.
        let mean = volume.voxels.reduce(0.0) { $0 + Double($1) } / Double(volume.shape.count)
        #expect(abs(mean - expected.mean) < 0.05)
        for sample in expected.samples { #expect(abs(Double(volume.voxels[Int(sample[0])]) - sample[1]) <= 1) }
        let header = try JPEGFile.header(path: Fixtures.path(name))
        #expect([header.height, header.width] == Array(expected.shape[2...]))
        #expect(header.channels == (name == "gray.jpg" ? 1 : 3))
    }

    @Test func refusals() throws {
        #expect(#expect(throws: JPEGError.self) { try JPEGFile.decode([]) }?.code == .notJPEG)
        #expect(
            #expect(throws: JPEGError.self) { try JPEGFile.read(path: Fixtures.path("gray8.png")) }?.code == .notJPEG)
        #expect(
            #expect(throws: JPEGError.self) { try JPEGFile.read(path: Fixtures.path("cmyk.jpg")) }?.code == .unsupported
        )
        #expect(
            #expect(throws: JPEGError.self) { try JPEGFile.read(path: Fixtures.path("none.jpg")) }?.code == .unreadable)
        #expect(JPEGFile.isJPEG(prefix: try Fixtures.bytes("gray.jpg")))
    }

    @Test(arguments: ["gray.jpg", "color_420.jpg", "color_progressive.jpg"])
    func cutFilesAreRefused(name: String) throws {
        let bytes = try Fixtures.bytes(name)
        for point in (0...30).map({ bytes.count * $0 / 31 }) + (1...6).map({ bytes.count - $0 }) {
            #expect(throws: JPEGError.self, "cut at \(point)") { try JPEGFile.decode(Array(bytes.prefix(point))) }
        }
    }

    /// JPEG has no checksum, so that a changed byte may change pixels; it must not change their number or crash.
    @Test(arguments: ["gray.jpg", "color_420.jpg", "color_progressive.jpg"])
    func changedBytes(name: String) throws {
        let bytes = try Fixtures.bytes(name)
        var random = SeededGenerator(seed: 11)
        for _ in 0..<400 {
            var changed = bytes
            changed[Int.random(in: changed.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            guard let volume = try? JPEGFile.decode(changed) else { continue }
            #expect(volume.voxels.allSatisfy { (0...255).contains($0) })
        }
    }
}
