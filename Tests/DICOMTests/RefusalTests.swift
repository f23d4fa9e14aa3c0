import DICOM
import TestSupport
import Testing
import Volumes

/// What is not read is refused by name.
@Suite struct RefusalTests {
    private func failure(_ names: String...) -> DICOMError? {
        #expect(throws: DICOMError.self) {
            let headers = try names.map { try DICOMFile.header(path: Fixtures.path($0)) }
            for series in SeriesReader.group(headers) { _ = try SeriesReader.read(series) }
        }
    }

    @Test(arguments: [
        ("pixels/syntax_4.110.dcm", DICOMError.Code.unsupportedTransferSyntax, "JPEG XL lossless is not read yet"),
        (
            "pixels/syntax_4.94.dcm", .unsupportedTransferSyntax,
            "JPIP referenced is not read yet; have its archive export it in another transfer syntax"
        ),
        ("DICOMDIR", .directory, "DICOMDIR"),
        ("sr_no_pixels.dcm", .noPixelData, "no image"),
        ("pixels/bits_24.dcm", .unsupportedPixels, "Bits Allocated 24"),
        ("mr_truncated.dcm", .truncated, "ends too early"),
        ("anatomical.nii", .notDICOM, "not a DICOM file"),
        ("absent.dcm", .unreadable, "No such file"),
        ("ct-series", .unreadable, "not a regular file"),
    ])
    func namesTheReason(name: String, code: DICOMError.Code, words: String) {
        let error = failure(name)
        #expect(error?.code == code)
        #expect(error?.message.contains(words) == true)
        #expect(error?.path == Fixtures.path(name))
    }

    @Test func missingSlices() throws {
        let headers = try Fixtures.files(in: "ct-missing-slices").map { try DICOMFile.header(path: $0) }
        let series = SeriesReader.group(headers)
        #expect(series.count == 1)
        let error = #expect(throws: DICOMError.self) { try SeriesReader.read(series[0]) }
        #expect(error?.code == .irregularSpacing)
        #expect(error?.message.contains("missing") == true)
    }

    @Test func oneFileTwiceIsUsedOnce() throws {
        let header = try DICOMFile.header(path: Fixtures.path("ct-series/01.dcm"))
        let (volume, warnings) = try SeriesReader.read(SeriesReader.group([header, header])[0])
        #expect(volume.shape.depth == 1)
        #expect(warnings.map(\.code).contains(.copyIgnored))
    }

    /// One SOP Instance UID names one object: what differs in a single pixel is no copy.
    @Test func otherContentUnderOneUIDIsRefused() throws {
        let scratch = try Scratch()
        var bytes = try Fixtures.bytes("ct-series/01.dcm")
        let original = try scratch.write(bytes, "a.dcm")
        bytes[bytes.count - 1] ^= 1
        let changed = try scratch.write(bytes, "b.dcm")
        let headers = try [original, changed].map { try DICOMFile.header(path: $0) }
        let series = SeriesReader.group(headers)
        #expect(series.count == 1)
        let error = #expect(throws: DICOMError.self) { try SeriesReader.read(series[0]) }
        #expect(error?.code == .duplicateSlices)
        #expect(error?.message.contains("SOP Instance UID") == true)
    }

    @Test func unknownSyntaxIsNamedByItsUID() throws {
        var bytes = try Fixtures.bytes("mr_small.dcm")
        let uid = Array("1.2.840.10008.1.2.1\0".utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: uid) })
        bytes.replaceSubrange(place..<place + uid.count, with: Array("1.2.840.10008.1.2.7\0".utf8))
        let scratch = try Scratch()
        let header = try DICOMFile.header(path: scratch.write(bytes, "unknown.dcm"))
        #expect(header.transferSyntaxUID == "1.2.840.10008.1.2.7")
        let error = #expect(throws: DICOMError.self) { try SeriesReader.read(SeriesReader.group([header])[0]) }
        #expect(error?.code == .unsupportedTransferSyntax)
        #expect(error?.message.contains("1.2.840.10008.1.2.7") == true)
    }

    @Test func errorsHoldNoPatientData() throws {
        let header = try DICOMFile.header(path: Fixtures.path("mr_truncated.dcm"))
        #expect(!header.patientKey.isEmpty)
        let error = #expect(throws: DICOMError.self) { try SeriesReader.read(SeriesReader.group([header])[0]) }
        #expect(error?.message.contains(header.patientKey) == false)
    }

    /// One volume has one Modality LUT.
    @Test func differingModalityLUTs() throws {
        var headers = try Fixtures.files(in: "ct-series").map { try DICOMFile.header(path: $0) }
        headers[4].modalityLUT = ModalityLUT(firstMapped: 0, values: [1, 2])
        let error = #expect(throws: DICOMError.self) { try SeriesReader.layout(SeriesReader.group(headers)[0]) }
        #expect(error?.code == .unsupportedLayout)
        #expect(error?.message.contains("Modality LUT") == true)
    }

    @Test func impossibleSizesAreRefusedBeforeAllocation() throws {
        var header = try DICOMFile.header(path: Fixtures.path("ct_small.dcm"))
        header.frames = Int(Int32.max)
        let error = #expect(throws: DICOMError.self) { try SeriesReader.layout(SeriesReader.group([header])[0]) }
        #expect(error?.code == .tooLarge)
    }
}
