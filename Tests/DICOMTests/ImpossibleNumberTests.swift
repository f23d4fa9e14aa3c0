import TestSupport
import Testing
import Volumes

@testable import DICOM

/// Numbers that no scanner means.
@Suite struct ImpossibleNumberTests {
    @Test func pixelsOfNoPatientAreRefused() throws {
        for spacing in ["1e30\\1e30", "1e15\\1", "1E-13\\1"] {
            let error = #expect(throws: DICOMError.self) {
                try Written.header([Written.text(0x0028, 0x0030, "DS", spacing)])
            }
            #expect(error?.code == .malformed)
        }
    }

    /// A slice alone would be as thick, and NIfTI's spacing infinite.
    @Test(arguments: [("1e30", "-1e300"), ("1E-12", "-1E-12")])
    func impossibleThicknessesAreNone(thickness: String, distance: String) throws {
        let header = try Written.header([
            Written.text(0x0018, 0x0050, "DS", thickness), Written.text(0x0018, 0x0088, "DS", distance),
        ])
        #expect(header.sliceThickness == nil && header.spacingBetweenSlices == nil)
    }

    /// Voxels are 32-bit floats as they were in the file: nothing is rounded.
    @Test func infinityIsNoLossOfPrecision() throws {
        let scratch = try Scratch()
        let path = try Written.file(
            [
                Written.text(0x0008, 0x0060, "CS", "MR"), Written.word(0x0028, 0x0002, 1),
                Written.text(0x0028, 0x0004, "CS", "MONOCHROME2"), Written.word(0x0028, 0x0010, 1),
                Written.word(0x0028, 0x0011, 3), Written.word(0x0028, 0x0100, 32),
                Written.pixels([.infinity, .nan, 3e7]),
            ], in: scratch)
        let (volume, warnings) = try SeriesReader.read(SeriesReader.group([DICOMFile.header(path: path)])[0])
        #expect(volume.voxels[0] == .infinity && volume.voxels[2] == 3e7)
        #expect(!warnings.contains { $0.code == .precisionLost })
    }
}
