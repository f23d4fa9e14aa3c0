import DICOM
import TestSupport
import Testing
import Volumes

/// Files are read by several tasks at once; DCMTK's global state must not notice.
@Suite struct ConcurrencyTests {
    @Test func manyFilesAtOnce() async throws {
        let names = [
            "mr_small.dcm", "mr_small_rle.dcm", "mr_small_jpegls.dcm", "mr_small_jpeg_lossless.dcm",
            "mr_small_implicit.dcm", "mr_small_big_endian.dcm",
        ]
        let expected = try #require(PixelTests.expected["mr_small.dcm"]).digest
        let digests = await withTaskGroup(of: String?.self) { group in
            for index in 0..<60 {
                group.addTask {
                    let path = Fixtures.path(names[index % names.count])
                    guard let header = try? DICOMFile.header(path: path),
                        let (volume, _) = try? SeriesReader.read(SeriesReader.group([header])[0])
                    else { return nil }
                    return Expectation.digest(volume.voxels)
                }
            }
            return await group.reduce(into: [String?]()) { $0.append($1) }
        }
        #expect(digests.count == 60)
        #expect(digests.allSatisfy { $0 == expected })
    }
}
