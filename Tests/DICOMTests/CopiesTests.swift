import Foundation
import TestSupport
import Testing
import Volumes

@testable import DICOM

/// A slice that is there twice under two SOP Instance UIDs.
@Suite struct CopiesTests {
    /// The fixture series and one more file: its slice 3 with the last digit of the SOP Instance UID changed.
    private func series(changingPixels: Bool) throws -> (Series, Scratch) {
        let scratch = try Scratch()
        var headers: [DICOMHeader] = []
        for path in try Fixtures.files(in: "ct-series") {
            headers.append(try DICOMFile.header(path: path))
        }
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: headers[2].path)))
        let uid = Array(headers[2].sopInstanceUID.utf8)
        for start in 0..<bytes.count - uid.count where Array(bytes[start..<start + uid.count]) == uid {
            bytes[start + uid.count - 3] = UInt8(ascii: "9")
        }
        if changingPixels { bytes[bytes.count - 2] ^= 1 }
        headers.append(try DICOMFile.header(path: try scratch.write(bytes, "again.dcm")))
        #expect(headers.last?.sopInstanceUID != headers[2].sopInstanceUID)
        let groups = SeriesReader.group(headers)
        #expect(groups.count == 1)
        return (groups[0], scratch)
    }

    @Test func equalPixelsAreUsedOnce() throws {
        let (series, scratch) = try series(changingPixels: false)
        let (volume, warnings) = try withExtendedLifetime(scratch) { try SeriesReader.read(series) }
        #expect(volume.shape.depth == 10)
        #expect(warnings.contains { $0.code == .copyIgnored })
    }

    @Test func otherPixelsAreRefused() throws {
        let (series, scratch) = try series(changingPixels: true)
        let error = #expect(throws: DICOMError.self) {
            try withExtendedLifetime(scratch) { try SeriesReader.read(series) }
        }
        #expect(error?.code == .duplicateSlices)
    }
}
