import CDCMTK
import CLosslessJPEG
import TestSupport
import Testing
import Volumes

@testable import DICOM

/// Against the samples that went in, and against DCMTK.
@Suite struct LosslessJPEGTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Smooth, noisy and with jumps over the whole range.
    private func samples(_ encoder: LosslessJPEGEncoder) -> [UInt16] {
        var random = SeededGenerator(seed: UInt64(encoder.precision * 100 + encoder.predictor))
        let top = (1 << encoder.precision) - 1
        return (0..<encoder.width * encoder.height).map { index in
            let value =
                switch index / encoder.width % 4 {
                case 0: top / 2 + Int.random(in: -top / 8...top / 8, using: &random)
                case 1: index % 5 == 0 ? top : 0
                case 2: Int.random(in: 0...top, using: &random)
                default: index % encoder.width * top / encoder.width
                }
            return UInt16((value >> encoder.pointTransform) << encoder.pointTransform)
        }
    }

    private func decode(_ bytes: [UInt8], _ width: Int, _ height: Int) -> [UInt16]? {
        var out = [UInt16](repeating: 0, count: width * height)
        // Memory of exactly this length, so that the address sanitizer sees a byte too many.
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        defer { copy.deallocate() }
        _ = copy.initialize(from: bytes)
        return lossless_jpeg_decode(copy.baseAddress, copy.count, UInt32(width), UInt32(height), &out) != 0 ? out : nil
    }

    /// A data set around one frame, with Bits Allocated 8 or 16.
    private func file(_ jpeg: [UInt8], _ encoder: LosslessJPEGEncoder) throws -> String {
        func element(_ group: Int, _ number: Int, _ vr: String, _ value: [UInt8]) -> [UInt8] {
            [group & 255, group >> 8, number & 255, number >> 8].map { UInt8($0) } + vr.utf8
                + [UInt8(value.count & 255), UInt8(value.count >> 8)] + value
        }
        func text(_ text: String) -> [UInt8] { Array(text.utf8) + (text.utf8.count % 2 == 0 ? [] : [0]) }
        func number(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }
        let syntax = element(2, 0x10, "UI", text("1.2.840.10008.1.2.4.57"))
        var bytes = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
        bytes += element(2, 0, "UL", number(syntax.count) + [0, 0]) + syntax
        bytes += element(8, 0x16, "UI", text("1.2.840.10008.5.1.4.1.1.7")) + element(8, 0x18, "UI", text("1.2.3"))
        bytes += element(8, 0x60, "CS", text("OT")) + element(0x28, 2, "US", number(1))
        bytes += element(0x28, 4, "CS", text("MONOCHROME2 "))
        let allocated = encoder.precision > 8 ? 16 : 8
        let numbers = [
            (0x10, encoder.height), (0x11, encoder.width), (0x100, allocated), (0x101, encoder.precision),
            (0x102, encoder.precision - 1), (0x103, 0),
        ]
        for (tag, value) in numbers { bytes += element(0x28, tag, "US", number(value)) }
        bytes += [0xE0, 0x7F, 0x10, 0, 0x4F, 0x42, 0, 0, 255, 255, 255, 255, 0xFE, 0xFF, 0, 0xE0, 0, 0, 0, 0]
        let fragment = jpeg + (jpeg.count % 2 == 0 ? [] : [0])
        bytes += [0xFE, 0xFF, 0, 0xE0] + (0..<4).map { UInt8(fragment.count >> (8 * $0) & 255) } + fragment
        return try scratch.write(bytes + [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0], "frame.dcm")
    }

    /// The frame as DCMTK decodes it; nil when it refuses.
    private func decodeWithDCMTK(_ path: String, byteCount: Int) throws -> [UInt8]? {
        let file = try OpenFile(path: path, headerOnly: false)
        var (status, fragment, model) = (dcmtk_status(), UInt32(1), [CChar](repeating: 0, count: 32))
        var out = [UInt8](repeating: 0, count: byteCount + byteCount % 2)
        let done = dcmtk_decode_frame(
            file.handle, 0, &fragment, &out, UInt32(out.count), &model, model.count, &status)
        return done != 0 ? Array(out.prefix(byteCount)) : nil
    }

    private func bytes(_ words: [UInt16], _ precision: Int) -> [UInt8] {
        precision > 8 ? words.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] } : words.map { UInt8($0) }
    }

    @Test(arguments: 1...7, Array(2...16)) func everyPredictorAndPrecision(predictor: Int, precision: Int) throws {
        for (pointTransform, restartRows, long) in [
            (0, 0, -1), (1, 0, 0), (0, 3, -1), (precision / 2, 2, 5), (0, 1, 11),
        ] {
            var encoder = LosslessJPEGEncoder(width: 29, height: 11, precision: precision)
            (encoder.predictor, encoder.pointTransform) = (predictor, pointTransform)
            encoder.restartRows = restartRows
            if long >= 0 { encoder.useLongCodes(startingWith: long) }
            let samples = samples(encoder)
            let jpeg = encoder.encode(samples)
            #expect(decode(jpeg, 29, 11) == samples)
            let path = try file(jpeg, encoder)
            let expected = bytes(samples, precision)
            #expect(try decodeWithDCMTK(path, byteCount: expected.count) == expected)
            let (volume, _) = try SeriesReader.read(SeriesReader.group([DICOMFile.header(path: path)])[0])
            #expect(volume.voxels == samples.map { Float($0) })
        }
    }

    @Test func onePixelAndOneColumn() {
        for (width, height) in [(1, 1), (1, 9), (9, 1)] {
            let encoder = LosslessJPEGEncoder(width: width, height: height, precision: 12)
            let samples = samples(encoder)
            #expect(decode(encoder.encode(samples), width, height) == samples)
        }
    }

    /// Cut anywhere, or with one byte changed: refused, or what DCMTK makes of it.
    @Test(arguments: [0, 2]) func damage(restartRows: Int) throws {
        var encoder = LosslessJPEGEncoder(width: 17, height: 6, precision: 12)
        (encoder.predictor, encoder.restartRows) = (4, restartRows)
        let jpeg = encoder.encode(samples(encoder))
        for length in 0..<jpeg.count { #expect(decode(Array(jpeg.prefix(length)), 17, 6) == nil, "\(length) bytes") }
        var random = SeededGenerator(seed: 5)
        var understood = 0
        for _ in 0..<600 {
            var changed = jpeg
            changed[Int.random(in: 0..<jpeg.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            guard let ours = decode(changed, 17, 6) else { continue }
            understood += 1
            let theirs = try decodeWithDCMTK(file(changed, encoder), byteCount: ours.count * 2)
            // DCMTK asks more of Bits Allocated when the precision was changed.
            if let theirs { #expect(bytes(ours, 16) == theirs) }
        }
        #expect(understood > 5)
    }

    @Test func whatIsOddIsLeftToOthers() {
        let encoder = LosslessJPEGEncoder(width: 8, height: 8, precision: 12)
        let jpeg = encoder.encode(samples(encoder))
        func isLeft(_ change: (inout [UInt8]) -> Void) -> Bool {
            var changed = jpeg
            change(&changed)
            return decode(changed, 8, 8) == nil
        }
        let end = jpeg.count - 2
        let scan = jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xDA }!
        #expect(decode(jpeg, 8, 7) == nil && decode(jpeg, 7, 8) == nil)
        #expect(isLeft { $0.insert(contentsOf: [0x12, 0x34], at: end) }, "bytes behind the last sample")
        #expect(isLeft { $0.removeLast(2) }, "no EOI")
        #expect(isLeft { $0[3] = 0xC1 }, "another process")
        #expect(isLeft { $0[scan + 7] = 0 }, "no predictor")
        #expect(isLeft { $0[scan + 7] = 8 }, "no such predictor")
        #expect(isLeft { $0[scan + 9] = 12 }, "a point transform of all bits")
        #expect(isLeft { $0[scan + 6] = 0x10 }, "a table that was never defined")
        #expect(isLeft { $0[4 + 2] = 11 }, "samples above the precision")
        // Fill bytes before a marker are no oddity (B.1.1.2), nor is what follows EOI.
        #expect(!isLeft { $0.insert(0xFF, at: end) })
        #expect(!isLeft { $0 += [0, 0] })
    }
}
