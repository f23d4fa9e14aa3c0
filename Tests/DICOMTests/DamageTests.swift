import DICOM
import TestSupport
import Testing
import Volumes

/// Damaged files: no crash, no hang, and no truncated pixels taken for whole ones.
@Suite struct DamageTests {
    private static let names = [
        "mr_small.dcm", "mr_small_implicit.dcm", "mr_small_big_endian.dcm", "mr_small_rle.dcm", "mr_small_jpegls.dcm",
        "mr_small_jpeg_lossless.dcm", "ot_deflated.dcm", "cr_monochrome1.dcm", "ct_enhanced_shuffled.dcm",
        "mr_small_jpeg2000.dcm", "pixels/j2k_rgb.dcm", "pixels/j2k_5frames_3fragments_without_table.dcm",
        "pixels/htj2k_lossless.dcm", "pixels/deflated_frames.dcm", "pixels/palette_segmented_16.dcm",
        "pixels/modality_lut_us_signed.dcm", "pixels/FloatPixelData_be.dcm", "pixels/bits_3frames_be.dcm",
    ]

    /// nil when the file is refused.
    private func read(_ path: String) throws -> [Float]? {
        do throws(DICOMError) {
            return try SeriesReader.read(SeriesReader.group([DICOMFile.header(path: path)])[0]).0.voxels
        } catch {
            #expect(error.code != .internalFault)
            #expect(!error.message.isEmpty)
            return nil
        }
    }

    @Test func emptyAndForeignFiles() throws {
        let scratch = try Scratch()
        let empty = try scratch.write([], "empty.dcm")
        #expect(#expect(throws: DICOMError.self) { try DICOMFile.header(path: empty) }?.code == .notDICOM)
        let text = try scratch.write("This is a text file that someone named .dcm.\n".utf8, "text.dcm")
        #expect(#expect(throws: DICOMError.self) { try DICOMFile.header(path: text) }?.code == .notDICOM)
        let preambleOnly = try scratch.write([UInt8](repeating: 0, count: 128) + Array("DICM".utf8), "preamble.dcm")
        #expect(try read(preambleOnly) == nil)
    }

    /// Cut anywhere, a file is refused; only bytes behind the pixels may go.
    @Test(arguments: names) func cutFilesAreRefused(name: String) throws {
        let scratch = try Scratch()
        let bytes = try Fixtures.bytes(name)
        let whole = try #require(try read(Fixtures.path(name)))
        var points = (1...12).map { bytes.count * $0 / 13 }
        points += [bytes.count - 1, bytes.count - 2, bytes.count - 9, bytes.count - 100]
        for point in points {
            let voxels = try read(scratch.write(bytes.prefix(point), "cut.dcm"))
            // Padding elements stand behind the pixels of some files.
            #expect(voxels == nil || (voxels == whole && bytes.count - point < 200), "cut at \(point)")
        }
    }

    /// Single bytes changed at random: refused, or read with the same number of voxels.
    @Test(arguments: names) func changedBytes(name: String) throws {
        let scratch = try Scratch()
        let bytes = try Fixtures.bytes(name)
        var random = SeededGenerator(seed: UInt64(bytes.count))
        // The deflated one is 512 x 512, which takes its time in debug builds.
        for _ in 0..<repeats(name == "ot_deflated.dcm" ? 60 : name.hasPrefix("pixels/") ? 120 : 300) {
            var changed = bytes
            // Half of the changes go to the header, where structure is.
            let range = Bool.random(using: &random) ? 0..<min(1800, bytes.count) : 0..<bytes.count
            changed[Int.random(in: range, using: &random)] = UInt8.random(in: 0...255, using: &random)
            let time = try ContinuousClock().measure { _ = try read(scratch.write(changed, "changed.dcm")) }
            #expect(time < .seconds(20), "a small file made long work")
        }
    }

    /// The file's structure is whole, but a compressed frame ends too early: decoders like to fill the rest.
    @Test(arguments: [
        "mr_small_rle.dcm", "mr_small_jpegls.dcm", "mr_small_jpeg_lossless.dcm", "nm_jpeg_extended_12bit.dcm",
        "sc_rgb_jpeg.dcm", "sc_rgb_rle_16bit_2frames.dcm", "mr_small_jpeg2000.dcm", "pixels/j2k_rgb.dcm",
        "pixels/j2k_lossy_u12.dcm", "pixels/j2k_5frames_1fragments_with_table.dcm", "pixels/htj2k_lossless.dcm",
        "pixels/htj2k_lossy.dcm", "pixels/deflated_frames.dcm", "pixels/jls_5frames_1fragments_without_table.dcm",
    ])
    func shortenedFragmentsAreRefused(name: String) throws {
        let scratch = try Scratch()
        let bytes = try Fixtures.bytes(name)
        let item: [UInt8] = [0xFE, 0xFF, 0x00, 0xE0]
        let start = try #require(bytes.indices.last { bytes[$0...].starts(with: item) }) + 8
        let length = (0..<4).reduce(0) { $0 | Int(bytes[start - 4 + $1]) << (8 * $1) }
        for kept in [length / 8, length / 3, length * 3 / 4, length - 8].map({ $0 & ~1 }) {
            var changed = bytes
            changed.removeSubrange(start + kept..<start + length)
            for index in 0..<4 { changed[start - 4 + index] = UInt8(kept >> (8 * index) & 0xFF) }
            #expect(try read(scratch.write(changed, "short.dcm")) == nil, "\(kept) of \(length) bytes kept")
        }
    }
}
