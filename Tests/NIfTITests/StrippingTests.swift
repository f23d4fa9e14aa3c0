import Files
import Foundation
import TestSupport
import Testing
import Volumes

@testable import NIfTI

/// Headers without texts, extensions and slack; voxels and geometry as they were.
@Suite struct StrippingTests {
    static let image: Volume = {
        let shape = Shape(depth: 4, height: 5, width: 6)
        let geometry = Geometry(
            origin: [-10, 20, 30], xStep: [0.9, 0.1, 0], yStep: [-0.1, 0.9, 0], zStep: [0, 0.2, 2])
        return Volume(voxels: (0..<shape.count).map { Float($0 - 50) }, shape: shape, geometry: geometry)
    }()

    /// A file of either version with a secret wherever one fits, and the secrets.
    static func planted(version: WritingOptions.Version, isCompressed: Bool = false) throws -> ([UInt8], [String]) {
        var bytes = try written(image, storage: .automatic) {
            $0.version = version
            $0.extensions = [2, 4, 6, 40].map { HeaderExtension(code: $0, bytes: Array("Secret-extension-\($0)".utf8)) }
        }
        var secrets = [2, 4, 6, 40].map { "Secret-extension-\($0)" }
        for (name, range) in StrippedHeader.texts(version == .two ? 2 : 1) {
            let text = "S-\(name)".prefix(range.count)
            bytes.replaceSubrange(range.lowerBound..<range.lowerBound + text.utf8.count, with: text.utf8)
            secrets.append(String(text))
        }
        bytes += "Secret-behind".utf8
        secrets.append("Secret-behind")
        guard isCompressed else { return (bytes, secrets) }
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: GzipMember.bound(bytes.count), alignment: 16)
        defer { room.deallocate() }
        let count = try #require(bytes.withUnsafeBytes { GzipMember.deflate($0, .small, into: room) })
        let body = Array(room[24..<count])
        // FEXTRA, FNAME, FCOMMENT and a time.
        let head: [UInt8] = [0x1F, 0x8B, 8, 0x1C, 1, 2, 3, 4, 0, 3, 16, 0]
        let fields = "Secret-in-extra!Secret-name.nii\0Secret-comment\0"
        return (head + Array(fields.utf8) + body, secrets + ["Secret-in-extra!", "Secret-name.nii", "Secret-comment"])
    }

    private func strip(_ bytes: [UInt8], _ name: String) throws -> (StrippedImage, [UInt8]) {
        let scratch = try Scratch()
        let image = try StrippedImage(path: scratch.write(bytes, name))
        let path = scratch.path + "/out" + image.suffix(of: .whole)
        let pending = try image.prepare(.whole, at: path)
        try AtomicFile.publish([pending], in: scratch.path)
        return (image, [UInt8](try Data(contentsOf: URL(filePath: path))))
    }

    private func read(_ bytes: [UInt8]) throws -> Volume {
        let scratch = try Scratch()
        return try NIfTIFile.read(path: scratch.write(bytes, "image.nii")).0
    }

    @Test(arguments: [WritingOptions.Version.one, .two]) func leavesNothingButVoxelsAndGeometry(
        version: WritingOptions.Version
    ) throws {
        let (original, secrets) = try Self.planted(version: version)
        let (image, stripped) = try strip(original, "image.nii")
        let found = image.removed.map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
        for secret in secrets {
            #expect(found.contains(secret))
            #expect(!String(decoding: stripped, as: UTF8.self).contains(secret))
        }
        let (before, after) = (try read(original), try read(stripped))
        #expect(after.voxels == before.voxels)
        #expect(after.geometry == before.geometry)
        // 348 or 540 bytes, the flag, and 120 voxels of int16.
        #expect(stripped.count == (version == .two ? 544 : 352) + 240)
        #expect(try strip(stripped, "again.nii").1 == stripped)
    }

    /// Numbers that are days or moments of true dates; others stay to the bit.
    @Test func numbersThatTellWhenBecomeZero() throws {
        var bytes = try written(Self.image, storage: .automatic)
        func set(_ offset: Int, _ value: Float) {
            withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.replaceSubrange(offset..<offset + 4, with: $0) }
        }
        let (max, min, duration, offset) = (124, 128, 132, 136)
        // Single precision has no odd numbers of this size.
        set(max, 20_200_316)
        set(min, -1024)
        set(duration, 2.5)
        set(offset, 1_584_437_504)
        let (image, stripped) = try strip(bytes, "image.nii")
        #expect(image.removed.map(\.place).suffix(2) == ["cal_max", "toffset"])
        for place in [max, offset] { #expect(stripped[place..<place + 4].allSatisfy { $0 == 0 }) }
        for place in [min, duration] { #expect(stripped[place..<place + 4] == bytes[place..<place + 4]) }
        #expect(try strip(stripped, "again.nii").0.isStripped)
    }

    @Test func compressedFilesLoseTheirNamesAndKeepTheirVoxels() throws {
        let (original, secrets) = try Self.planted(version: .one, isCompressed: true)
        let (image, stripped) = try strip(original, "image.nii.gz")
        let found = image.removed.map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
        for secret in secrets where secret != "Secret-behind" { #expect(found.contains(secret)) }
        #expect(stripped[3] & 0x1A == 0 && stripped[4..<8].allSatisfy { $0 == 0 })
        #expect(try read(stripped).voxels == Self.image.voxels)
        #expect(try strip(stripped, "again.nii.gz").1 == stripped)
        // What it is called does not say whether it is compressed.
        #expect(try strip(original, "image.nii").1 == stripped)
    }

    @Test func bothFilesOfAPair() throws {
        let scratch = try Scratch()
        let header = try scratch.write(Fixtures.bytes("pair_big_endian.hdr") + Array("Secret".utf8), "p.hdr")
        _ = try scratch.write(Fixtures.bytes("pair_big_endian.img") + Array("Secret".utf8), "p.img")
        let image = try StrippedImage(path: header)
        #expect(image.parts == [.header, .voxels])
        let pending = try image.parts.map { try image.prepare($0, at: scratch.path + "/q" + image.suffix(of: $0)) }
        try AtomicFile.publish(pending, in: scratch.path)
        let (before, after) = (try NIfTIFile.read(path: header).0, try NIfTIFile.read(path: scratch.path + "/q.hdr").0)
        #expect(before.voxels == after.voxels && before.geometry == after.geometry)
        for name in ["q.hdr", "q.img"] {
            let data = try Data(contentsOf: URL(filePath: scratch.path + "/" + name))
            #expect(!String(decoding: data, as: UTF8.self).contains("Secret"))
        }
    }

    /// Unused dimensions and the parameters of no intent can hold anything, too.
    @Test func unusedNumbersAreReset() throws {
        var (original, _) = try Self.planted(version: .one)
        let before = try read(original)
        original.replaceSubrange(50..<56, with: "Secret".utf8)
        original.replaceSubrange(92..<108, with: "Secret-in-pixdim".utf8)
        original.replaceSubrange(56..<68, with: "Secret-param".utf8)
        let (_, stripped) = try strip(original, "image.nii")
        #expect(!String(decoding: stripped, as: UTF8.self).contains("Secret"))
        #expect(try read(stripped).geometry == before.geometry)
    }

    @Test func refusals() throws {
        let (original, _) = try Self.planted(version: .one)
        func code(_ bytes: [UInt8]) -> NIfTIError.Code? {
            #expect(throws: NIfTIError.self) { try strip(bytes, "i.nii") }?.code
        }
        #expect(code(Array(original[..<700])) == .truncated)
        #expect(code(Array(original[..<300])) == .truncated)
        #expect(code(Array("no image".utf8)) == .notNIfTI)
        #expect(code(try Fixtures.bytes("analyze.hdr")) == .analyze)
        let cifti = try written(Self.image) {
            $0.extensions = [HeaderExtension(code: 32, bytes: Array("<CIFTI/>".utf8))]
        }
        #expect(code(cifti) == .unsupported)
        var (packed, _) = try Self.planted(version: .one, isCompressed: true)
        packed[packed.count - 6] ^= 1
        #expect(code(packed) == .damaged)
        #expect(code(Array(packed[..<(packed.count - 20)])) == .truncated)
    }

    /// Voxels that have no value here are copied like all others.
    @Test func complexVoxels() throws {
        var (original, _) = try Self.planted(version: .one)
        original.replaceSubrange(70..<74, with: [32, 0, 64, 0])
        original.replaceSubrange(42..<44, with: [2, 0])
        original.replaceSubrange(44..<46, with: [3, 0])
        original.replaceSubrange(46..<48, with: [5, 0])
        let (_, stripped) = try strip(original, "image.nii")
        #expect(stripped.suffix(240) == original.dropLast("Secret-behind".utf8.count).suffix(240))
        #expect(stripped.count == 352 + 240)
    }
}
