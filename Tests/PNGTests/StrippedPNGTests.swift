import TestSupport
import Testing
import Volumes

@testable import PNG

@Suite struct StrippedPNGTests {
    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
        let body = Array(name.utf8) + data
        // CRC-32 bit by bit (W3C PNG, annex D), beside the table of CPNG.
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in body {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return word(UInt32(data.count)) + body + word(~crc)
    }

    @Test(arguments: ["gray8.png", "gray16.png", "palette.png", "rgba.png"]) func keepsThePictureOnly(name: String)
        throws
    {
        let plain = try StrippedPNG(Fixtures.bytes(name)).bytes
        // Behind IHDR.
        var planted = Array(plain[..<33])
        for kind in ["tEXt", "zTXt", "iTXt", "eXIf", "tIME", "zzZz"] {
            planted += Self.chunk(kind, Array("Comment\0Secret in \(kind)".utf8))
        }
        planted += plain[33...] + Array("Secret behind".utf8)
        let stripped = try StrippedPNG(planted)
        #expect(stripped.bytes == plain)
        #expect(stripped.removed.count == 7)
        #expect(stripped.removed.allSatisfy { String(decoding: $0.bytes, as: UTF8.self).contains("Secret") })
        let (before, after) = (
            try PNGFile.read(path: Fixtures.path(name), keepsColor: true), try PNGFile.decode(plain, keepsColor: true)
        )
        #expect(before.voxels == after.voxels)
    }

    /// Transparency of an alpha channel, of palette entries, and of one gray value, met or not.
    @Test func transparencyIsTold() throws {
        func planted(_ name: String, _ alpha: [UInt8]) throws -> [UInt8] {
            let plain = try StrippedPNG(Fixtures.bytes(name)).bytes
            let marker = Array("IDAT".utf8)
            let data = try #require(plain.indices.first { plain[$0...].starts(with: marker) }) - 4
            return plain[..<data] + Self.chunk("tRNS", alpha) + plain[data...]
        }
        for name in ["gray1.png", "gray8.png", "gray16.png", "palette.png", "rgb.png"] {
            #expect(try PNGFile.isOpaque(Fixtures.bytes(name)), "\(name)")
        }
        #expect(try !PNGFile.isOpaque(Fixtures.bytes("rgba.png")))
        #expect(try !PNGFile.isOpaque(planted("palette.png", [255, 0])))
        #expect(try PNGFile.isOpaque(planted("palette.png", [255, 255])))
        #expect(try !PNGFile.isOpaque(planted("gray1.png", [0, 1])))
        let pixels = try PNGFile.decode(Fixtures.bytes("gray8.png")).voxels
        let missing = try #require((0...255).first { !pixels.contains(Float($0)) })
        #expect(try !PNGFile.isOpaque(planted("gray8.png", [0, UInt8(pixels[0])])))
        #expect(try PNGFile.isOpaque(planted("gray8.png", [0, UInt8(missing)])))
    }

    @Test func refusals() throws {
        let plain = try Fixtures.bytes("gray8.png")
        #expect(#expect(throws: PNGError.self) { try StrippedPNG(Fixtures.bytes("gray.jpg")) }?.code == .notPNG)
        #expect(#expect(throws: PNGError.self) { try StrippedPNG(Array(plain.dropLast(5))) }?.code == .damaged)
        var spoiled = plain
        spoiled[20] ^= 1
        #expect(#expect(throws: PNGError.self) { try StrippedPNG(spoiled) }?.code == .damaged)
        let critical = Array(plain[..<33]) + Self.chunk("SECR", [1]) + plain[33...]
        #expect(#expect(throws: PNGError.self) { try StrippedPNG(critical) }?.code == .damaged)
        let animation = Array(plain[..<33]) + Self.chunk("acTL", [0, 0, 0, 1, 0, 0, 0, 0]) + plain[33...]
        #expect(#expect(throws: PNGError.self) { try StrippedPNG(animation) }?.code == .damaged)
    }
}
