import DICOM
import Foundation
import TestSupport
import Testing

/// Small files that announce large work are refused before it is done.
@Suite struct BoundsTests {
    /// An explicit little endian data set behind its file meta information.
    private func file(_ data: [UInt8], syntax: String = "1.2.840.10008.1.2.1") -> [UInt8] {
        let uid = Array(syntax.utf8) + (syntax.utf8.count % 2 == 0 ? [] : [0])
        return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
            + [2, 0, 0x10, 0, 0x55, 0x49, UInt8(uid.count), 0] + uid + data
    }

    private let sopClass: [UInt8] =
        [8, 0, 0x16, 0, 0x55, 0x49, 26, 0] + Array("1.2.840.10008.5.1.4.1.1.2\0".utf8)
    private let explicitSequence: [UInt8] = [8, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
    private let implicitSequence: [UInt8] = [8, 0, 0x40, 0x11, 0xFF, 0xFF, 0xFF, 0xFF]
    private let unknownElement: [UInt8] = [9, 0, 0x10, 0x10, 0x55, 0x4E, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
    private let item: [UInt8] = [0xFE, 0xFF, 0, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]

    private func failure(_ bytes: [UInt8]) throws -> DICOMError? {
        let scratch = try Scratch()
        let path = try scratch.write(bytes, "bounds.dcm")
        do throws(DICOMError) {
            _ = try DICOMFile.header(path: path)
            return nil
        } catch { return error }
    }

    /// DCMTK recurses for each level: 10,000 of them overflow the stack.
    @Test func deepSequences() throws {
        for depth in [40, 20_000] {
            let nested = (0..<depth).flatMap { _ in explicitSequence + item }
            #expect(try failure(file(sopClass + nested))?.code == .tooLarge)
            let unknown = (0..<depth).flatMap { _ in implicitSequence + item }
            #expect(try failure(file(sopClass + unknownElement + item + unknown))?.code == .tooLarge)
            let first: [UInt8] = [8, 0, 0x16, 0, 2, 0, 0, 0, 0x31, 0]
            let implicit = first + (0..<depth).flatMap { _ in implicitSequence + item }
            #expect(try failure(file(implicit, syntax: "1.2.840.10008.1.2"))?.code == .tooLarge)
        }
        let ends: [UInt8] = [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]
        let nested = (0..<20).flatMap { _ in explicitSequence + item } + (0..<20).flatMap { _ in ends }
        #expect(try failure(file(sopClass + nested)) == nil)
    }

    /// Items are counted, too: ten million of them take gigabytes in DCMTK.
    @Test func manyItems() throws {
        let empty: [UInt8] = [0xFE, 0xFF, 0, 0xE0, 0, 0, 0, 0]
        let length = UInt32(9 << 20) * 8
        let lengthBytes = (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        var data = Data(file(sopClass + [8, 0, 0x40, 0x11, 0x53, 0x51, 0, 0] + lengthBytes))
        let thousand = Data((0..<1024).flatMap { _ in empty })
        for _ in 0..<9 << 10 { data.append(thousand) }
        let scratch = try Scratch()
        let path = try scratch.write(data, "items.dcm")
        let error = #expect(throws: DICOMError.self) { try DICOMFile.header(path: path) }
        #expect(error?.code == .tooLarge)
    }

    /// 600 MB of zeros in 4 MB of deflate.
    @Test func deflateBomb() throws {
        // A stored block with the head of an element, then one of fixed codes (RFC 1951 3.2.6): a literal zero, and
        // again and again length 258 at distance 1, which are 13 bits; eight of them fill 13 bytes.
        let head = sopClass + [9, 0, 0, 0x10, 0x4F, 0x42, 0, 0, 0, 0, 0, 0x30]
        let stored = [0, UInt8(head.count), 0, ~UInt8(head.count), 0xFF] + head
        var bits: [UInt8] = [1, 1, 0]
        bits += [0, 0, 1, 1, 0, 0, 0, 0]
        let run: [UInt8] = [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]
        while bits.count % 8 != 0 || bits.count < 8 * 13 { bits += run }
        let pack = { (bits: [UInt8]) in
            stride(from: 0, to: bits.count / 8 * 8, by: 8).map { start in
                (0..<8).reduce(UInt8(0)) { $0 | bits[start + $1] << $1 }
            }
        }
        let block = pack((0..<8).flatMap { _ in run })
        var data = Data(file(stored, syntax: "1.2.840.10008.1.2.1.99"))
        data.append(contentsOf: pack(bits))
        for _ in 0..<300_000 { data.append(contentsOf: block) }
        let scratch = try Scratch()
        let path = try scratch.write(data, "bomb.dcm")
        let error = #expect(throws: DICOMError.self) { try DICOMFile.header(path: path) }
        #expect(error?.code == .tooLarge)
        #expect(error?.message.contains("inflates") == true)
    }

    /// A number where no digits belong is not reckoned with, or the program would end with it.
    @Test(arguments: ["-9223372036854775808", "9223372036854774784 ", "65"]) func bitsBeyondAnyPixel(bits: String)
        throws
    {
        let value = bits.utf8.count % 2 == 0 ? bits : bits + " "
        let bytes = try Fixtures.bytes("ct_small.dcm").replacing((0x28, 0, 1, 1), "DS", value)
            .replacing((0x28, 0, 2, 1), "US", nil)
        #expect(try failure(bytes)?.code == .malformed)
    }

    /// A precinct for each pixel of 4096 x 4096 takes 57 KB of codestream and 9 GB of a decoder, whichever marker asks for it
    /// (ISO/IEC 15444-1 A.6.1, A.6.2), in the main header or in that of a tile-part.
    @Test(arguments: [true, false], [[0x52] as [UInt8], [0x53]]) func manyPrecincts(inMainHeader: Bool, marker: [UInt8])
        throws
    {
        var file = try Fixtures.bytes("pixels/j2k_rgb.dcm")
        func first(_ bytes: [UInt8]) throws -> Int {
            try #require(file.indices.first { file[$0...].starts(with: bytes) })
        }
        let coding = try first([0xFF, 0x52])
        let (layers, levels, style) = (file[coding + 5...coding + 8], file[coding + 9], file[coding + 10...coding + 13])
        let precincts = [UInt8](repeating: 0, count: Int(levels) + 1)
        let head: [UInt8] = marker == [0x52] ? [1] + layers : [0, 1]
        let body = head + [levels] + style + precincts
        // Twice, for an even length.
        let one = [0xFF] + marker + [0, UInt8(body.count + 2)] + body
        let added = one + one
        let (start, sot) = (try first([0xFF, 0x4F]), try first([0xFF, 0x90]))
        file.insert(contentsOf: added, at: inMainHeader ? sot : sot + 12)
        // Both the fragment's length and the tile-part's are small enough for their lowest 16 bits.
        func lengthen(_ low: Int, _ high: Int) {
            let length = Int(file[high]) << 8 + Int(file[low]) + added.count
            (file[low], file[high]) = (UInt8(length & 0xFF), UInt8(length >> 8))
        }
        lengthen(start - 4, start - 3)
        if !inMainHeader { lengthen(sot + 9, sot + 8) }
        let size = try first([0xFF, 0x51])
        for place in [size + 6, size + 10, size + 22, size + 26] {
            file.replaceSubrange(place..<place + 4, with: [0, 0, 0x10, 0])
        }
        let scratch = try Scratch()
        let path = try scratch.write(file, "precincts.dcm")
        let error = #expect(throws: DICOMError.self) {
            try SeriesReader.read(SeriesReader.group([DICOMFile.header(path: path)])[0])
        }
        #expect(error?.message.contains("more precincts") == true, "\(error?.message ?? "read")")
    }

    /// What a codestream announces (ISO/IEC 15444-1 A.5.1, A.6.1) is compared with the data set before OpenJPEG sees it.
    @Test(arguments: [
        (at: 6, bytes: [0, 0, 0, 50], words: "the data set says"),  // width
        (at: 10, bytes: [0, 0, 0, 39], words: "the data set says"),  // height
        (at: 22, bytes: [0, 0, 0, 1, 0, 0, 0, 1], words: "tiles are missing"),  // 1 x 1 tiles: 2,040 of them, one there
        (at: 40, bytes: [0x0B, 1, 1, 0x0B, 1, 1, 0x0B, 1, 1], words: "Bits Allocated 8 are fewer"),
        (at: 40, bytes: [0x0B], words: "different precision"),
        (at: 44, bytes: [2, 2], words: "subsampled"),
        (at: 4, bytes: [0, 0, 0xFF, 0xFF, 0xFF, 0xFF], words: "more tiles"),
    ]) func changedCodestream(at place: Int, bytes: [UInt8], words: String) throws {
        var file = try Fixtures.bytes("pixels/j2k_rgb.dcm")
        let start = try #require(file.indices.first { file[$0...].starts(with: [0xFF, 0x4F, 0xFF, 0x51]) }) + 2
        file.replaceSubrange(start + place..<start + place + bytes.count, with: bytes)
        let scratch = try Scratch()
        let path = try scratch.write(file, "changed.dcm")
        let error = #expect(throws: DICOMError.self) {
            try SeriesReader.read(SeriesReader.group([DICOMFile.header(path: path)])[0])
        }
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "read")")
    }

    /// A 3 x 3 JPEG whose frame header says 65,535 rows kept DCMTK busy for seconds; so did changed bytes elsewhere.
    @Test func changedJPEGTakesNoTime() throws {
        let scratch = try Scratch()
        let bytes = try Fixtures.bytes("sc_rgb_small_odd_jpeg.dcm")
        let start = try #require(bytes.indices.last { bytes[$0...].starts(with: [0xFF, 0xD8, 0xFF]) })
        var random = SeededGenerator(seed: 5_000_268)
        for _ in 0..<repeats(1500) {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let range = Bool.random(using: &random) ? start..<bytes.count : 132..<bytes.count
                changed[Int.random(in: range, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let path = try scratch.write(changed, "changed.dcm")
            let time = ContinuousClock().measure {
                _ = try? SeriesReader.read(SeriesReader.group([DICOMFile.header(path: path)])[0])
            }
            #expect(time < .seconds(5))
        }
    }
}
