import JPEG
import TestSupport
import Testing
import Volumes

@Suite struct StrippedJPEGTests {
    private static func segment(_ marker: UInt8, _ text: String) -> [UInt8] {
        [0xFF, marker, 0, UInt8(text.utf8.count + 2)] + Array(text.utf8)
    }

    @Test(arguments: ["gray.jpg", "color_420.jpg", "color_progressive.jpg"]) func keepsThePictureOnly(name: String)
        throws
    {
        let original = try Fixtures.bytes(name)
        let plain = try StrippedJPEG(original).bytes
        var planted = Array(plain[..<2])
        for marker in [0xE1, 0xE2, 0xED, 0xEF, 0xFE] as [UInt8] { planted += Self.segment(marker, "Exif\0\0Secret") }
        planted += plain[2...] + Array("Secret behind".utf8)
        let stripped = try StrippedJPEG(planted)
        #expect(stripped.bytes == plain)
        #expect(stripped.removed.count == 6)
        #expect(stripped.removed.allSatisfy { String(decoding: $0.bytes, as: UTF8.self).contains("Secret") })
        #expect(try JPEGFile.decode(plain).voxels == JPEGFile.decode(original).voxels)
    }

    @Test func thumbnailsGo() throws {
        var planted = try StrippedJPEG(Fixtures.bytes("gray.jpg")).bytes
        let jfif = "JFIF\0\u{1}\u{1}\0\0\u{1}\0\u{1}\u{2}\u{1}Secret"
        try #require(planted[2...3] == [0xFF, 0xE0])
        planted.replaceSubrange(2..<20, with: Self.segment(0xE0, jfif))
        let stripped = try StrippedJPEG(planted)
        #expect(!String(decoding: stripped.bytes, as: UTF8.self).contains("Secret"))
        #expect(try JPEGFile.decode(stripped.bytes).voxels == JPEGFile.read(path: Fixtures.path("gray.jpg")).voxels)
    }

    @Test func refusals() throws {
        let plain = try Fixtures.bytes("gray.jpg")
        #expect(#expect(throws: JPEGError.self) { try StrippedJPEG(Fixtures.bytes("gray8.png")) }?.code == .notJPEG)
        #expect(#expect(throws: JPEGError.self) { try StrippedJPEG(Array(plain.dropLast(2))) }?.code == .damaged)
        #expect(#expect(throws: JPEGError.self) { try StrippedJPEG(Array(plain[..<100])) }?.code == .damaged)
    }
}
