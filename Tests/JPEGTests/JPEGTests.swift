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

    /// Pixels come as they are stored, which is not how EXIF wants them shown.
    @Test(arguments: [1, 6, 8], [false, true]) func orientationIsTold(value: UInt8, isLittle: Bool) throws {
        // Header of TIFF, one entry (tag, SHORT, one value), no next directory.
        let little: [UInt8] = [
            0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0,
        ]
        let big: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, value, 0, 0, 0, 0, 0, 0]
        let body = Array("Exif\0\0".utf8) + (isLittle ? little : big)
        let original = try Fixtures.bytes("gray.jpg")
        let scratch = try Scratch()
        func isTurned(_ body: [UInt8]) throws -> Bool {
            let segment: [UInt8] = [0xFF, 0xE1, 0, UInt8(body.count + 2)]
            let bytes = Array(original.prefix(2)) + segment + body + Array(original.dropFirst(2))
            return try JPEGFile.header(path: try scratch.write(bytes, "turned.jpg")).isTurned
        }
        #expect(try isTurned(body) == (value != 1))
        // Whatever is cut off says nothing.
        for count in 0..<24 { #expect(try !isTurned(Array(body.prefix(count)))) }
        #expect(try !JPEGFile.header(path: Fixtures.path("gray.jpg")).isTurned)
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
        for _ in 0..<repeats(400) {
            var changed = bytes
            changed[Int.random(in: changed.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            guard let volume = try? JPEGFile.decode(changed) else { continue }
            #expect(volume.voxels.allSatisfy { (0...255).contains($0) })
        }
    }
}
