import DataSets
import TestSupport
import Testing

@testable import Deidentification

@Suite struct CodestreamTests {
    private func blanked(_ fragments: [[UInt8]], _ kind: Codestream.Kind, _ size: FrameSize? = nil) throws -> [UInt8] {
        let source = ByteSource(fragments.flatMap { $0 })
        var (ranges, offset) = ([ByteRange](), 0)
        for fragment in fragments {
            ranges.append(ByteRange(offset: offset, count: fragment.count))
            offset += fragment.count
        }
        var stream = Codestream(source, ranges[...])
        try stream.blank(kind, size)
        var bytes: [UInt8] = []
        try source.forEachChunk(
            ByteRange(offset: 0, count: source.count),
            patches: SourcePatches(stream.patches)
        ) { bytes.append(contentsOf: $0) }
        return bytes
    }

    private let head: [UInt8] = [0xFF, 0xD8]
    private let scan: [UInt8] = [0xFF, 0xDA, 0, 3, 1, 0x12, 0xFF, 0, 0x34, 0xFF, 0xD0, 0x56, 0xFF, 0xD9]
    private func segment(_ marker: UInt8, _ text: String) -> [UInt8] {
        [0xFF, marker, 0, UInt8(text.utf8.count + 2)] + Array(text.utf8)
    }

    @Test func blanksCommentsAndKeepsWhatDecodersNeed() throws {
        let jfif = segment(0xE0, "JFIF\u{0}123456789THUMB")
        let adobe = segment(0xEE, "Adobe1234567")
        let result = try blanked(
            [head + jfif + segment(0xFE, "JANE DOE") + segment(0xE1, "Exif GPS") + adobe + scan + Array("DOE".utf8)],
            .jpeg)
        #expect(
            result == head + segment(0xE0, "JFIF\u{0}123456789     ") + segment(0xFE, "        ")
                + segment(0xE1, "        ") + adobe + scan + [0, 0, 0])
    }

    /// Of HP's segment the transform stays; reserved markers and JPEG's extensions say nothing to decoders.
    @Test func blanksWhatNoDecoderReads() throws {
        let result = try blanked(
            [head + segment(0xE8, "mrfx\u{1}JANE") + segment(0x33, "JANE") + segment(0xF3, "DOE") + scan], .jpeg)
        #expect(result == head + segment(0xE8, "mrfx\u{1}    ") + segment(0x33, "    ") + segment(0xF3, "   ") + scan)
    }

    /// The header box of a JP2 file holds boxes of its own.
    @Test func blanksTextInTheHeaderOfJP2() throws {
        func box(_ type: String, _ body: [UInt8]) -> [UInt8] {
            [0, 0, 0, UInt8(body.count + 8)] + Array(type.utf8) + body
        }
        let color: [UInt8] = [1, 0, 0, 0, 0, 0, 17]
        func file(_ text: String) -> [UInt8] {
            box("jP  ", [0x0D, 0x0A, 0x87, 0x0A])
                + box(
                    "jp2h",
                    box("ihdr", [UInt8](repeating: 1, count: 14)) + box("colr", color) + box("xml ", Array(text.utf8)))
                + box("jp2c", [0xFF, 0x4F, 0xFF, 0xD9])
        }
        #expect(try blanked([file("JANE DOE")], .jpeg2000) == file("        "))
    }

    @Test func aSegmentMayCrossFragmentsAndFramesFollow() throws {
        let frame = head + segment(0xFE, "JANE DOE") + scan
        let clean = head + segment(0xFE, "        ") + scan
        let result = try blanked([Array(frame[..<7]), Array(frame[7...]) + [0x44], frame], .jpeg)
        #expect(result == clean + [0] + clean)
    }

    @Test func blanksCommentsOfJPEG2000() throws {
        let main: [UInt8] = [0xFF, 0x4F, 0xFF, 0x51, 0, 4, 1, 2, 0xFF, 0x64, 0, 8, 0, 1]
        let tile: [UInt8] = [0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0, 17, 0, 1, 0xFF, 0x93, 0xFF, 0xD9, 9]
        let result = try blanked([main + Array("JANE".utf8) + tile + [0xFF, 0xD9]], .jpeg2000)
        #expect(result == main + Array("    ".utf8) + tile + [0xFF, 0xD9])
    }

    private func size(frames: Int, columns: UInt8) throws -> FrameSize {
        try FrameSize(
            makeFile([
                DataElement(.rows, .US, .bytes([1, 0])), DataElement(.columns, .US, .bytes([columns, 0])),
                DataElement(.numberOfFrames, .IS, text: String(frames)), DataElement(.pixelData, .OB, .bytes([])),
            ]))
    }

    /// A header of RLE with its segments (PS3.5 G.5).
    private func rleFrame(_ segments: [[UInt8]], unused: [UInt8] = [], gap: [UInt8] = []) -> [UInt8] {
        var (header, place) = ([UInt8(segments.count), 0, 0, 0], 64 + gap.count)
        for segment in segments {
            header += [UInt8(place), 0, 0, 0]
            place += segment.count
        }
        header += unused
        return header + [UInt8](repeating: 0, count: 64 - header.count) + gap + segments.flatMap { $0 }
    }

    /// Six pixels: two as they are, three alike, nothing, and one of a run that is longer than it need be.
    @Test func erasesBytesThatNoPixelOfRLENeeds() throws {
        let pixels: [UInt8] = [1, 5, 6, 0xFE, 7, 0x80]
        let dirty = rleFrame(
            [pixels + [4, 8] + Array("JANE".utf8), pixels + [0, 8] + Array(" DOE".utf8)], unused: Array("JANE".utf8),
            gap: Array("DOE ".utf8))
        let clean = rleFrame(
            [pixels + [4, 8, 0, 0, 0, 0], pixels + [0, 8, 0, 0, 0, 0]], unused: [0, 0, 0, 0], gap: [0, 0, 0, 0])
        #expect(try blanked([dirty, dirty], .rle, size(frames: 2, columns: 6)) == clean + clean)
        // In two pieces.
        #expect(try blanked([Array(dirty[..<70]), Array(dirty[70...])], .rle, size(frames: 1, columns: 6)) == clean)
        for frames in [1, 3] {
            #expect(throws: DataSetError.self) { try blanked([dirty, dirty], .rle, size(frames: frames, columns: 6)) }
        }
        #expect(throws: DataSetError.self) { try blanked([dirty], .rle) }
    }

    /// Stored as it is (RFC 1951 3.2.4).
    @Test func erasesBytesBehindADeflatedFrame() throws {
        let stored: [UInt8] = [1, 4, 0, 0xFB, 0xFF, 1, 2, 3, 4]
        let dirty = stored + Array("JANE!".utf8)
        let result = try blanked([dirty, dirty], .deflated, size(frames: 2, columns: 4))
        #expect(result == stored + [0, 0, 0, 0, 0] + stored + [0, 0, 0, 0, 0])
        // More than the pixels of a frame.
        #expect(throws: DataSetError.self) { try blanked([dirty], .deflated, size(frames: 1, columns: 2)) }
    }

    @Test(
        arguments: [[0xFF, 0xD8, 0xFF, 0xFE, 0xFF], [0xFF, 0xD8, 0xFF, 0xDA, 0, 3, 1, 5], [1, 2, 3, 4]] as [[UInt8]])
    func refusesWhatItCannotTellApart(_ bytes: [UInt8]) {
        #expect(throws: DataSetError.self) { try blanked([bytes], .jpeg) }
    }

    /// Any change of any byte is refused or walked through, never a crash.
    @Test func survivesDamage() throws {
        let frame = head + segment(0xFE, "JANE DOE") + scan
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<3000 {
            var damaged = frame
            damaged[Int.random(in: 0..<frame.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            for kind in [Codestream.Kind.jpeg, .jpeg2000] { _ = try? blanked([damaged], kind) }
        }
        let (packed, size) = (rleFrame([[1, 5, 6, 0xFE, 7, 0x80, 4, 8, 1, 1]]), try size(frames: 1, columns: 6))
        for _ in 0..<3000 {
            var damaged = packed
            damaged[Int.random(in: 0..<packed.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            for kind in [Codestream.Kind.rle, .deflated] { _ = try? blanked([damaged], kind, size) }
        }
    }
}
