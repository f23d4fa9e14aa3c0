import DICOM
import TestSupport
import Testing
import Volumes

/// Every kind of pixel and codec in a file of its own (fixtures/pixels): the values it was made from, or pydicom's,
/// or the reason why it must be refused.
@Suite struct PixelKindsTests {
    static let expected = try! Expectation.load("pixels.json")
    static let refused = try! Expectation.refusals("refused.json")

    @Test func everyFileIsExpected() throws {
        let names = try Fixtures.files(in: "pixels").map { String($0.split(separator: "/").last!) }
        #expect(Set(names) == Set(Self.expected.keys).union(Self.refused.keys))
    }

    @Test(arguments: expected.keys.sorted())
    func hasItsValues(name: String) throws {
        let expected = try #require(Self.expected[name])
        let (volume, _) = try PixelTests.read("pixels/" + name)
        #expect([volume.shape.channels, volume.shape.depth, volume.shape.height, volume.shape.width] == expected.shape)
        if expected.lossy == true {
            for sample in expected.samples {
                #expect(abs(Double(volume.voxels[Int(sample[0])]) - sample[1]) <= 3)
            }
        } else {
            #expect(Expectation.digest(volume.voxels) == expected.digest)
        }
    }

    @Test(arguments: refused.keys.sorted())
    func isRefusedWithItsReason(name: String) throws {
        let words = try #require(Self.refused[name])
        let error = #expect(throws: DICOMError.self) { try PixelTests.read("pixels/" + name) }
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "read")")
    }

    @Test func floatingPointPixelsHaveNoBits() throws {
        let (volume, _) = try PixelTests.read("pixels/DoubleFloatPixelData_le.dcm")
        #expect(volume.attributes.bitsStored == nil)
        #expect(volume.voxels[0].isNaN)
        #expect(volume.voxels.count { $0.isNaN } == 1)
    }

    @Test func paletteGivesTheBitsOfItsEntries() throws {
        #expect(try PixelTests.read("pixels/palette_16.dcm").0.attributes.bitsStored == 16)
        #expect(try PixelTests.read("pixels/palette_8_odd.dcm").0.attributes.bitsStored == 8)
        #expect(try PixelTests.read("pixels/palette_8_odd.dcm").0.shape.channels == 3)
    }

    @Test func modalityLUTStandsInPlaceOfSlopes() throws {
        for name in ["pixels/modality_lut_us_signed.dcm", "pixels/modality_lut_ow_signed.dcm"] {
            let attributes = try PixelTests.read(name).0.attributes
            let table = try #require(attributes.modalityLUT)
            #expect(table.firstMapped == -50)
            #expect(table.values == (0..<300).map { Float(1000 + 10 * $0) })
            #expect(attributes.rescales.isEmpty)
            #expect(attributes.unit == "OD")
            #expect(attributes.padding == 3...3)
        }
        #expect(try PixelTests.read("pixels/modality_lut_us_unsigned.dcm").0.attributes.modalityLUT?.firstMapped == 20)
    }

    @Test func doseGridScalingIsTheRescale() throws {
        let attributes = try PixelTests.read("pixels/dose.dcm").0.attributes
        #expect(attributes.rescales == [Rescale(slope: 0.0125, intercept: 0)])
        #expect(attributes.unit == "GY")
    }

    @Test func paddingIsARangeWhoseEndsMayComeInAnyOrder() throws {
        #expect(try PixelTests.read("pixels/padding_range.dcm").0.attributes.padding == 10...20)
        #expect(try PixelTests.read("pixels/float_padding.dcm").0.attributes.padding == -1000 ... -999.5)
        // Defined for gray images only (PS3.3 C.7.5.1.1.2).
        #expect(try PixelTests.read("pixels/rgb_with_padding.dcm").0.attributes.padding == nil)
    }

    @Test func realWorldValuesAreNotedWithoutTheirLabel() throws {
        let attributes = try PixelTests.read("pixels/real_world_values.dcm").0.attributes
        #expect(
            attributes.realWorldValues == [
                RealWorldValue(slope: 0.5, intercept: -3, unitCode: "mm2/s"), RealWorldValue(slope: 2, intercept: 0),
            ])
        #expect(attributes.rescales.isEmpty)
    }
}
