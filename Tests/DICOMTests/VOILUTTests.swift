import Testing
import Volumes

@testable import DICOM

/// PS3.3 C.11.2.1.1.
@Suite struct VOILUTTests {
    private func header(
        first: UInt16, entries: [UInt8], bits: UInt16 = 8, isSigned: Bool = false, intercept: String? = nil
    ) throws -> DICOMHeader {
        let descriptor: [UInt16] = [UInt16(entries.count), first, bits]
        let table = Written.words(0x0028, 0x3002, descriptor) + Written.bytes(0x0028, 0x3006, entries, "OW")
        return try Written.header(
            [
                Written.word(0x0028, 0x0010, 1), Written.word(0x0028, 0x0011, 1), Written.word(0x0028, 0x0100, 16),
                Written.word(0x0028, 0x0101, 12), Written.word(0x0028, 0x0103, isSigned ? 1 : 0),
            ]
                + (intercept.map { [Written.text(0x0028, 0x1052, "DS", $0), Written.text(0x0028, 0x1053, "DS", "1")] }
                    ?? [])
                + [Written.sequence(0x0028, 0x3010, [table])])
    }

    @Test func tablesAreLooksAtTheImage() throws {
        let read = try header(first: 10, entries: [0, 51, 102, 255])
        let table = try #require(read.voiLUTs.first)
        #expect(table.bits == 8 && table.table == ModalityLUT(firstMapped: 10, values: [0, 51, 102, 255]))
        // Ends hold beyond themselves.
        #expect([-5, 10, 11, 12.4, 13, 4000].map { table($0) } == [0, 0, 0.2, 0.4, 1, 1])
        #expect(read.ignoredVOILUTs == 0 && read.windows.isEmpty)
    }

    /// The sign of the first value goes by what comes out of the Modality LUT, whatever representation it was written in.
    @Test(arguments: [(false, nil, 64512), (true, nil, -1024), (false, "-1024", -1024), (true, "2048", 64512)])
    func firstValuesMayBeBelowZero(isSigned: Bool, intercept: String?, first: Int) throws {
        let read = try header(first: 64512, entries: [0, 255], isSigned: isSigned, intercept: intercept)
        #expect(read.voiLUTs.first?.table.firstMapped == first)
    }

    @Test func damagedTablesAreLeftOutAndSaid() throws {
        let read = try header(first: 0, entries: [0, 1, 2], bits: 12)
        #expect(read.voiLUTs.isEmpty && read.ignoredVOILUTs == 1)
        let slice = Synthetic.slice(0) { $0.ignoredVOILUTs = 1 }
        let series = try #require(SeriesReader.group([slice]).first)
        #expect(try SeriesReader.layout(series).warnings.map(\.code).contains(.voiLutIgnored))
    }

    @Test func windowsOfOneVolumeMayDiffer() throws {
        func attributes(_ width: (Double) -> Double) throws -> Attributes {
            let slices = Synthetic.stack([0, 1, 2]).map { header in
                var header = header
                header.windows = [Window(center: 40, width: width(header.imagePositionPatient!.z))]
                return header
            }
            let series = try #require(SeriesReader.group(slices).first)
            return SeriesReader.attributes(series, try VolumeLayout(series))
        }
        #expect(try !attributes { _ in 80 }.hasVaryingWindows)
        let varying = try attributes { 100 + $0 }
        #expect(varying.hasVaryingWindows && varying.windows == [Window(center: 40, width: 101)])
    }
}
