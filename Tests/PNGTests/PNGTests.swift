import PNG
import TestSupport
import Testing
import Volumes

@Suite struct PNGTests {
    static let expected = try! Expectation.load("pictures.json")

    @Test(arguments: expected.keys.filter { $0.contains(".png") }.sorted())
    func equalsPillow(key: String) throws {
        let expected = try #require(Self.expected[key])
        let name = String(key.prefix { $0 != " " })
        let volume = try PNGFile.read(path: Fixtures.path(name), keepsColor: key.hasSuffix("color"))
        #expect([volume.shape.channels, 1, volume.shape.height, volume.shape.width] == expected.shape)
        #expect(Expectation.digest(volume.voxels) == expected.digest)
        #expect(!volume.geometry.isPhysical)
        let header = try PNGFile.header(path: Fixtures.path(name))
        #expect([header.height, header.width] == Array(expected.shape[2...]))
        #expect(volume.attributes.bitsStored == header.bitDepth)
    }

    @Test func headersTellKind() throws {
        #expect(try PNGFile.header(path: Fixtures.path("gray16.png")).bitDepth == 16)
        #expect(try PNGFile.header(path: Fixtures.path("rgba.png")).hasAlpha)
        #expect(try PNGFile.header(path: Fixtures.path("palette.png")).channels == 3)
        #expect(try !PNGFile.header(path: Fixtures.path("rgb.png")).hasAlpha)
    }

    @Test func writtenImagesComeBack() throws {
        var random = SeededGenerator(seed: 3)
        for channels in [1, 3] {
            let bytes = (0..<7 * 5 * channels).map { _ in UInt8.random(in: 0...255, using: &random) }
            let file = try PNGFile.encode(width: 7, height: 5, channels: channels, bytes: bytes)
            #expect(try PNGFile.encode(width: 7, height: 5, channels: channels, bytes: bytes) == file)
            let back = try PNGFile.decode(file, keepsColor: true)
            #expect(back.shape == Shape(channels: channels, depth: 1, height: 5, width: 7))
            for channel in 0..<channels {
                let plane = (0..<35).map { Float(bytes[$0 * channels + channel]) }
                #expect(back.slice(0, channel: channel).elementsEqual(plane))
            }
        }
        let deep = (0..<35).map { _ in UInt16.random(in: 0...65535, using: &random) }
        let back = try PNGFile.decode(try PNGFile.encode(width: 7, height: 5, gray16: deep))
        #expect(back.voxels == deep.map { Float($0) })
        #expect(back.attributes.bitsStored == 16)
    }

    @Test func impossibleImagesAreNotWritten() {
        for (width, height, channels, count) in [(0, 5, 1, 0), (7, 5, 2, 70), (7, 5, 1, 34), (7, 5, 3, 35)] {
            let error = #expect(throws: PNGError.self) {
                try PNGFile.encode(
                    width: width, height: height, channels: channels, bytes: Array(repeating: 0, count: count))
            }
            #expect(error?.code == .invalidImage)
        }
    }

    @Test func foreignFiles() throws {
        #expect(#expect(throws: PNGError.self) { try PNGFile.decode([]) }?.code == .notPNG)
        #expect(#expect(throws: PNGError.self) { try PNGFile.read(path: Fixtures.path("gray.jpg")) }?.code == .notPNG)
        #expect(
            #expect(throws: PNGError.self) { try PNGFile.read(path: Fixtures.path("none.png")) }?.code == .unreadable)
        #expect(PNGFile.isPNG(prefix: try Fixtures.bytes("gray8.png")))
    }

    /// Cut anywhere, even behind the last row, an image is refused.
    @Test(arguments: ["gray8.png", "gray16.png", "palette.png", "gray1.png", "rgba.png"])
    func cutFilesAreRefused(name: String) throws {
        let bytes = try Fixtures.bytes(name)
        for point in (0...20).map({ bytes.count * $0 / 21 }) + (1...13).map({ bytes.count - $0 }) {
            #expect(throws: PNGError.self, "cut at \(point)") { try PNGFile.decode(Array(bytes.prefix(point))) }
        }
    }

    @Test(arguments: ["gray8.png", "gray16.png", "palette.png"])
    func changedBytesAreRefusedOrHarmless(name: String) throws {
        let bytes = try Fixtures.bytes(name)
        let whole = try PNGFile.decode(bytes)
        var random = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            var changed = bytes
            let place = Int.random(in: changed.indices, using: &random)
            changed[place] ^= UInt8.random(in: 1...255, using: &random)
            guard let volume = try? PNGFile.decode(changed) else { continue }
            #expect(volume.voxels == whole.voxels, "byte \(place)")
        }
    }

    /// A header of 60,000 x 60,000 pixels over a few bytes must not allocate them.
    @Test func hugeHeaderIsRefused() throws {
        var bytes = try PNGFile.encode(width: 2, height: 2, channels: 1, bytes: [1, 2, 3, 4])
        bytes.replaceSubrange(16..<24, with: [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60])
        // Without the right checksum libpng refuses it first, which is as good.
        #expect(throws: PNGError.self) { try PNGFile.decode(bytes) }
    }
}
