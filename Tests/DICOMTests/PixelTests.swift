import DICOM
import TestSupport
import Testing
import Volumes

/// Voxels and geometry against pydicom (and SimpleITK for 12-bit JPEG).
@Suite struct PixelTests {
    static let expected = try! Expectation.load("dicom.json")

    static func read(_ name: String) throws -> (Volume, [ReadWarning]) {
        let paths = name.hasSuffix(".dcm") ? [Fixtures.path(name)] : try Fixtures.files(in: name)
        let series = SeriesReader.group(try paths.map { try DICOMFile.header(path: $0) })
        try #require(series.count == 1)
        return try SeriesReader.read(series[0])
    }

    @Test(arguments: expected.keys.sorted())
    func equalsPydicom(name: String) throws {
        let expected = try #require(Self.expected[name])
        let (volume, _) = try Self.read(name)
        let shape = volume.shape
        #expect([shape.channels, shape.depth, shape.height, shape.width] == expected.shape)
        if expected.lossy == true {
            let mean = volume.voxels.reduce(0.0) { $0 + Double($1) } / Double(shape.count)
            #expect(abs(mean - expected.mean) < 0.5)
            for sample in expected.samples {
                #expect(abs(Double(volume.voxels[Int(sample[0])]) - sample[1]) <= 3)
            }
        } else {
            #expect(Expectation.digest(volume.voxels) == expected.digest)
        }
        if expected.affine != nil {
            #expect(expected.largestDifference(fromAffine: volume.geometry.affine)! < 1e-4)
        }
        if let sources = expected.sources {
            #expect(volume.attributes.sliceSources.map(\.sopInstanceUID) == sources)
        }
    }

    @Test func ctAttributes() throws {
        let (volume, warnings) = try Self.read("ct-series")
        #expect(volume.modality == .ct)
        #expect(volume.attributes.rescales == [Rescale(slope: 1, intercept: -1024)])
        #expect(volume.attributes.unit == "HU")
        #expect(volume.attributes.windows == [Window(center: 40, width: 80), Window(center: 400, width: 1800)])
        #expect(volume.attributes.bitsStored == 12)
        #expect(volume.attributes.seriesNumber == 2)
        #expect(warnings.isEmpty)
    }

    @Test func monochrome1IsKeptAndNamed() throws {
        let (volume, _) = try Self.read("cr_monochrome1.dcm")
        #expect(volume.attributes.polarity == .brightIsLow)
        #expect(volume.modality == .computedRadiography)
    }

    @Test func enhancedFramesComeInOrderWithTheirOwnSlope() throws {
        let (volume, _) = try Self.read("ct_enhanced_shuffled.dcm")
        let expected = try #require(Self.expected["ct_enhanced_shuffled.dcm"])
        #expect(volume.attributes.rescales.map(\.slope) == expected.slopes)
        #expect(volume.attributes.sliceSources.compactMap(\.frame) == expected.frames)
    }

    @Test func leftJustifiedPaddingIsAStoredValue() throws {
        let (volume, _) = try Self.read("ct_left_justified.dcm")
        #expect(volume.attributes.isSigned)
        #expect(volume.voxels.max()! < 2048)
        #expect(volume.attributes.padding == -1000 ... -1000)
    }

    @Test func doseFramesLieAtTheirOffsetsInTheirUnit() throws {
        let (volume, warnings) = try Self.read("rtdose_32bit.dcm")
        #expect(volume.geometry.isPhysical)
        #expect(volume.geometry.spacing == [10, 10, 5])
        #expect(volume.attributes.rescales.count == 1)
        #expect(volume.attributes.rescales.allSatisfy { $0.slope > 0 && $0.slope < 0.01 })
        #expect(volume.attributes.unit == "RELATIVE")
        #expect(!warnings.contains { $0.code == .noSliceDistance })
    }

    @Test func framesWithoutPositionsAreNotPhysical() throws {
        let (volume, warnings) = try Self.read("us_ybr_30frames_jpeg.dcm")
        #expect(volume.shape == Shape(channels: 3, depth: 30, height: 240, width: 320))
        #expect(!volume.geometry.isPhysical)
        #expect(warnings.contains { $0.code == .noSliceDistance })
    }
}
