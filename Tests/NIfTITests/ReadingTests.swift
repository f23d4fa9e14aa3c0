import NIfTI
import TestSupport
import Testing
import Volumes

/// Voxels and geometry against nibabel.
@Suite struct ReadingTests {
    static let expected = try! Expectation.load("nifti.json")

    @Test(arguments: expected.keys.sorted())
    func equalsNibabel(name: String) throws {
        let expected = try #require(Self.expected[name])
        let (volume, _) = try NIfTIFile.read(path: Fixtures.path(name))
        let shape = volume.shape
        #expect([shape.channels, shape.depth, shape.height, shape.width] == expected.shape)
        #expect(Expectation.digest(volume.voxels) == expected.digest)
        #expect(expected.largestDifference(fromAffine: volume.geometry.affine)! < 1e-5)
        #expect(volume.attributes.rescales.flatMap { [$0.slope, $0.intercept] } == expected.rescale)
    }

    @Test func headerAgreesWithTheVolume() throws {
        for name in Self.expected.keys {
            let header = try NIfTIFile.header(path: Fixtures.path(name))
            let (volume, _) = try NIfTIFile.read(path: Fixtures.path(name))
            #expect(header.shape == volume.shape)
            #expect(header.spacing == volume.geometry.spacing)
        }
        let header = try NIfTIFile.header(path: Fixtures.path("nifti2.nii.gz"))
        #expect(header.version == 2)
        #expect(try NIfTIFile.header(path: Fixtures.path("pair_big_endian.img")).isBigEndian)
    }

    @Test func eitherFileOfAPairWillDo() throws {
        let (fromHeader, _) = try NIfTIFile.read(path: Fixtures.path("pair_big_endian.hdr"))
        let (fromImage, _) = try NIfTIFile.read(path: Fixtures.path("pair_big_endian.img"))
        #expect(fromHeader.voxels == fromImage.voxels)
    }

    @Test func fourthDimensionBecomesChannels() throws {
        let (volume, warnings) = try NIfTIFile.read(path: Fixtures.path("functional_4d.nii"))
        #expect(volume.shape.channels > 1)
        #expect(warnings.contains { $0.code == .fourthDimensionAsChannels })
    }

    @Test func recognisesNIfTI() throws {
        for name in [
            "anatomical.nii", "nifti2.nii.gz", "anatomical_3members.nii.gz", "pair_big_endian.hdr", "analyze.hdr",
        ] {
            #expect(NIfTIFile.isNIfTI(prefix: Array(try Fixtures.bytes(name).prefix(NIfTIFile.prefixLength))))
        }
        for name in ["ct_small.dcm", "gray8.png", "gray.jpg", "README.md", "pair_big_endian.img"] {
            #expect(!NIfTIFile.isNIfTI(prefix: Array(try Fixtures.bytes(name).prefix(NIfTIFile.prefixLength))))
        }
    }
}
