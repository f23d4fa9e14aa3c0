import DICOM
import TestSupport
import Testing

@Suite struct AcquisitionFieldsTests {
    /// What is no time may be anything, a name too.
    @Test(arguments: [
        ("101112.5", "10:11:12.500000"), ("101112", "10:11:12.000000"), ("101112.SMITH", nil), ("101112.12 S", nil),
        ("JaneDo", nil), ("１０１１１２", nil),
    ]) func onlyDigitsAreATime(stored: String, written: String?) throws {
        let scratch = try Scratch()
        let padded = stored.utf8.count % 2 == 0 ? stored : stored + " "
        let bytes = try Fixtures.bytes("ct_small.dcm").replacing((8, 0, 0x32, 0), "TM", padded)
        let fields = try AcquisitionFields(path: scratch.write(bytes, "time.dcm")).fields
        #expect(fields.first { $0.name == "AcquisitionTime" }?.value == written.map { .text($0) })
    }
}
