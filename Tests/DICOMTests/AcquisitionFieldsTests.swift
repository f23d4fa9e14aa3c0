import TestSupport
import Testing
import Volumes

@testable import DICOM

/// What sidecars tell of a volume, when its files or frames differ.
@Suite struct AcquisitionFieldsTests {
    private func value(_ name: String, _ fields: AcquisitionFields) -> AcquisitionFields.Value? {
        fields.fields.first { $0.name == name }?.value
    }

    /// Frames 0 and 1 of an object whose shared groups say something else.
    @Test func framesHaveGroupsOfTheirOwn() throws {
        let scratch = try Scratch()
        func frame(_ echo: Double, _ component: String, _ segment: UInt16) -> [UInt8] {
            Written.sequence(0x0018, 0x9114, [Written.doubles(0x0018, 0x9082, [echo])])
                + Written.sequence(
                    0x0018, 0x9226,
                    [
                        Written.text(0x0008, 0x9007, "CS", "ORIGINAL\\PRIMARY\\M\\NONE")
                            + Written.text(0x0008, 0x9208, "CS", component)
                    ])
                + Written.sequence(0x0062, 0x000A, [Written.word(0x0062, 0x000B, segment)])
        }
        func segment(_ number: UInt16, _ label: String) -> [UInt8] {
            Written.word(0x0062, 0x0004, number) + Written.text(0x0062, 0x0005, "LO", label)
        }
        let path = try Written.file(
            [
                Written.text(0x0008, 0x0008, "CS", "ORIGINAL\\PRIMARY\\MIXED\\NONE"),
                Written.text(0x0008, 0x9208, "CS", "MIXED"),
                Written.sequence(0x0062, 0x0002, [segment(1, "liver"), segment(2, "spleen")]),
                Written.sequence(
                    0x5200, 0x9229, [Written.sequence(0x0018, 0x9114, [Written.doubles(0x0018, 0x9082, [99])])]),
                Written.sequence(0x5200, 0x9230, [frame(10, "MAGNITUDE", 2), frame(20, "PHASE", 1)]),
            ], in: scratch)
        let found = try AcquisitionFields.read(path: path, frames: [0, 1])
        #expect(found.map { value("EchoTime", $0) } == [.number(0.01), .number(0.02)])
        #expect(found.map { value("ComplexImageComponent", $0) } == [.text("MAGNITUDE"), .text("PHASE")])
        #expect(value("ImageType", found[0]) == .texts(["ORIGINAL", "PRIMARY", "M", "NONE"]))
        #expect(found.map { value("SegmentNumber", $0) } == [.number(2), .number(1)])
        #expect(found.map { value("SegmentLabel", $0) } == [.text("spleen"), .text("liver")])
    }

    private func slice(_ z: Int, time: Int, duration: Int, clock: String) -> [[UInt8]] {
        [
            Written.text(0x0008, 0x0018, "UI", "1.2.\(time).\(z)"), Written.text(0x0008, 0x0032, "TM", clock),
            Written.text(0x0008, 0x0060, "CS", "PT"), Written.text(0x0018, 0x1242, "IS", "\(duration * 1000)"),
            Written.text(0x0020, 0x0013, "IS", "\(time * 10 + z)"), Written.text(0x0020, 0x0032, "DS", "0\\0\\\(z)"),
            Written.text(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0"), Written.word(0x0028, 0x0010, 4),
            Written.word(0x0028, 0x0011, 4), Written.text(0x0028, 0x0030, "DS", "1\\1"),
        ]
    }

    private func series(_ slices: [[[UInt8]]], in scratch: Scratch) throws -> Series {
        let headers = try slices.enumerated().map { number, elements in
            try DICOMFile.header(path: Written.file(elements, in: scratch, name: "\(number).dcm"))
        }
        let found = SeriesReader.group(headers)
        try #require(found.count == 1)
        return found[0]
    }

    @Test func dynamicPETTellsEachTimeFrame() throws {
        let scratch = try Scratch()
        let frames = [("115950", 10), ("120000", 20), ("120020", 60)]
        let slices = frames.enumerated().flatMap { time, frame in
            [0, 3].map { slice($0, time: time, duration: frame.1, clock: frame.0) }
        }
        let fields = try AcquisitionFields(series(slices, in: scratch))
        #expect(value("FrameDuration", fields) == .numbers([10, 20, 60]))
        #expect(value("FrameTimesStart", fields) == .numbers([0, 10, 30]))
        #expect(value("AcquisitionTime", fields) == .text("11:59:50.000000"))
    }

    @Test func acquisitionBeginsWithTheEarliestSlice() throws {
        let scratch = try Scratch()
        let clocks = ["120013.5", "120010.25", "1201"]
        let slices = clocks.enumerated().map { slice($0 * 3, time: 0, duration: 5, clock: $1) }
        let fields = try AcquisitionFields(series(slices, in: scratch))
        #expect(value("AcquisitionTime", fields) == .text("12:00:10.250000"))
        #expect(value("FrameDuration", fields) == .number(5))
        #expect(value("FrameTimesStart", fields) == nil)
    }

    /// PS3.5 6.2: TM may leave out seconds, and minutes.
    @Test(arguments: [("12", "12:00:00.000000"), ("1207", "12:07:00.000000"), ("120709.5", "12:07:09.500000")])
    func timesMayBeShort(stored: String, expected: String) throws {
        let scratch = try Scratch()
        let path = try Written.file(slice(0, time: 0, duration: 1, clock: stored), in: scratch)
        #expect(value("AcquisitionTime", try AcquisitionFields.read(path: path, frames: [0])[0]) == .text(expected))
    }

    /// What is no time may be anything, a name too.
    @Test(arguments: [
        ("101112.5", "10:11:12.500000"), ("101112", "10:11:12.000000"), ("101112.SMITH", nil), ("101112.12 S", nil),
        ("JaneDo", nil), ("１０１１１２", nil),
    ]) func onlyDigitsAreATime(stored: String, written: String?) throws {
        let scratch = try Scratch()
        let padded = stored.utf8.count % 2 == 0 ? stored : stored + " "
        let bytes = try Fixtures.bytes("ct_small.dcm").replacing((8, 0, 0x32, 0), "TM", padded)
        let path = try scratch.write(bytes, "time.dcm")
        #expect(
            value("AcquisitionTime", try AcquisitionFields.read(path: path, frames: [0])[0])
                == written.map { .text($0) })
    }
}
