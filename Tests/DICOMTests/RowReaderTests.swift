import DICOM
import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct RowReaderTests {
    private func series(_ path: String) throws -> Series {
        try #require(SeriesReader.group([try DICOMFile.header(path: path)]).first)
    }

    private func rows(_ path: String, at once: Int) throws -> (words: [UInt16], reader: RowReader, bytes: [UInt8]) {
        var bytes: [UInt8] = []
        let reader = try #require(try RowReader(try series(path), inspect: { bytes += $0 }))
        var words = [UInt16](repeating: 0, count: reader.shape.count)
        for row in stride(from: 0, to: reader.shape.height, by: once) {
            let count = min(once, reader.shape.height - row)
            try words.withUnsafeMutableBufferPointer {
                try reader.next(count, into: $0.baseAddress! + row * reader.shape.width)
            }
        }
        try reader.finish()
        return (words, reader, bytes)
    }

    @Test(arguments: ["mr_small.dcm", "mr_small_implicit.dcm"], [1, 7, 1000])
    func onePassGivesTheImageAndEveryByte(name: String, at once: Int) throws {
        let path = Fixtures.path(name)
        let (words, reader, bytes) = try rows(path, at: once)
        let (volume, warnings) = try SeriesReader.read(try series(path))
        #expect(words.map { reader.values[$0] } == volume.voxels)
        #expect(bytes == (try Fixtures.bytes(name)))
        #expect(reader.shape == volume.shape)
        #expect(reader.geometry == volume.geometry)
        #expect(reader.modality == volume.modality)
        let sources = volume.attributes.sliceSources.map(\.sopInstanceUID)
        #expect(reader.attributes.sliceSources.map(\.sopInstanceUID) == sources)
        #expect(reader.attributes.padding == volume.attributes.padding)
        #expect(reader.warnings.map(\.code) == warnings.map(\.code))
    }

    /// Compressed, big endian, colour, several frames, floating point.
    @Test(arguments: [
        "mr_small_jpeg_lossless.dcm", "mr_small_rle.dcm", "mr_small_big_endian.dcm", "sc_rgb_jpeg.dcm",
        "ct_enhanced_shuffled.dcm", "pixels/FloatPixelData_be.dcm", "ot_deflated.dcm",
    ])
    func everythingElseIsReadWhole(name: String) throws {
        #expect(try RowReader(try series(Fixtures.path(name)), inspect: { _ in }) == nil)
    }

    @Test func aSeriesIsReadWhole() throws {
        let headers = try Fixtures.files(in: "ct-series").map { try DICOMFile.header(path: $0) }
        #expect(try RowReader(try #require(SeriesReader.group(headers).first), inspect: { _ in }) == nil)
    }

    @Test func aFileThatChangesIsNoticed() throws {
        let scratch = try Scratch()
        let bytes = try Fixtures.bytes("mr_small.dcm")
        let path = try scratch.write(bytes, "image.dcm")
        let series = try series(path)
        // Before the rows are read.
        _ = try scratch.write(bytes + [0, 0], "image.dcm")
        #expect(#expect(throws: DICOMError.self) { try RowReader(series, inspect: { _ in }) }?.code == .unreadable)
        // And while they are.
        let reader = try #require(try RowReader(try self.series(path), inspect: { _ in }))
        var words = [UInt16](repeating: 0, count: reader.shape.count)
        try reader.next(1, into: &words)
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: [0])
        try file.close()
        #expect(#expect(throws: DICOMError.self) { try reader.finish() }?.code == .unreadable)
    }

    @Test func pixelsThatEndTooEarlyAreRefused() throws {
        let scratch = try Scratch()
        var bytes = try Fixtures.bytes("mr_small.dcm")
        // Rows (0028,0010) US of one row more.
        let rows = try #require(
            bytes.indices.first { bytes[$0...].starts(with: [0x28, 0, 0x10, 0, 0x55, 0x53, 2, 0]) })
        bytes[rows + 8] += 1
        let series = try series(try scratch.write(bytes, "short.dcm"))
        #expect(#expect(throws: DICOMError.self) { try RowReader(series, inspect: { _ in }) }?.code == .truncated)
    }
}
