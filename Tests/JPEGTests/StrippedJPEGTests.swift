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

    /// Most writers use the tables of ITU-T T.81 Annex K, which read like text.
    @Test func tablesOfOtherPicturesAreNoText() throws {
        let plain = try StrippedJPEG(Fixtures.bytes("gray.jpg")).bytes
        let table = Array("CDEFGHIJSTUVWXYZcdefghij".utf8)
        func holds(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
            bytes.indices.contains { bytes[$0...].starts(with: part) }
        }
        try #require(holds(plain, table))
        // Tables with a count that is too large, or with symbols twice, are none.
        let fakes = Self.segment(0xC4, "\0Secret tables as any") + Self.segment(0xDB, "\0Secret")
        let other = plain[..<2] + Self.segment(0xFE, "Secret comment") + fakes + plain[2...]
        let behind = try #require(StrippedJPEG(plain + other).removed.first?.bytes)
        let exif = plain[..<2] + [0xFF, 0xE1, UInt8((other.count + 8) >> 8), UInt8((other.count + 8) & 255)]
        let thumbnail = try #require(
            StrippedJPEG(exif + Array("Exif\0\0".utf8) + other + plain[2...]).removed.first?.bytes)
        for removed in [behind, thumbnail] {
            #expect(!holds(removed, table) && removed.count >= other.count)
            for kept in ["Secret comment", "Secret tables as any", "\0Secret"] {
                #expect(holds(removed, Array(kept.utf8)), "\(kept)")
            }
        }
    }

    @Test func refusals() throws {
        let plain = try Fixtures.bytes("gray.jpg")
        #expect(#expect(throws: JPEGError.self) { try StrippedJPEG(Fixtures.bytes("gray8.png")) }?.code == .notJPEG)
        #expect(#expect(throws: JPEGError.self) { try StrippedJPEG(Array(plain.dropLast(2))) }?.code == .damaged)
        #expect(#expect(throws: JPEGError.self) { try StrippedJPEG(Array(plain[..<100])) }?.code == .damaged)
    }
}
