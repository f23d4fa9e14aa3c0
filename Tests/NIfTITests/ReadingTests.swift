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

    /// The numbers of 3 x 4 x 5 int16 voxels of the fixture; its header says no orientation at all.
    @Test func analyzeIsReadWhenAskedFor() throws {
        let scratch = try Scratch()
        var header = try Fixtures.bytes("analyze.hdr")
        let isBig = header[0] == 0
        func put(_ offset: Int, _ value: UInt16) {
            (header[offset], header[offset + 1]) =
                isBig ? (UInt8(value >> 8), UInt8(value & 255)) : (UInt8(value & 255), UInt8(value >> 8))
        }
        for (index, size) in [UInt16(4), 5, 4, 3, 1].enumerated() { put(40 + index * 2, size) }
        put(70, 4)
        put(72, 16)
        let path = try scratch.write(header, "image.hdr")
        let words = (0..<60).map { UInt16(bitPattern: Int16($0 - 30)) }
        _ = try scratch.write(
            words.flatMap { isBig ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)] }, "image.img"
        )
        #expect(#expect(throws: NIfTIError.self) { try NIfTIFile.read(path: path) }?.code == .analyze)
        let (volume, warnings) = try NIfTIFile.read(path: path, options: ReadingOptions(allowsAnalyze: true))
        #expect(volume.voxels == (0..<60).map { Float($0 - 30) })
        #expect(warnings.contains { $0.code == .leftRightUnknown })
        #expect(volume.geometry.origin == .zero)
    }

    /// 65 and more values of the fourth dimension, and either file of a pair compressed.
    @Test func longSeriesAndCompressedPairs() throws {
        let shape = Shape(channels: 300, depth: 2, height: 2, width: 2)
        let image = Volume(
            voxels: (0..<shape.count).map { Float($0) }, shape: shape, geometry: Geometry(spacing: .one))
        var bytes = try written(image, storage: .automatic)
        let scratch = try Scratch()
        #expect(try NIfTIFile.read(path: scratch.write(bytes, "long.nii.gz")).0.voxels == image.voxels)
        bytes.replaceSubrange(344..<348, with: Array("ni1\0".utf8))
        bytes.set(108, Float(0).bitPattern)
        _ = try scratch.write(Array(bytes[..<348]), "pair.hdr")
        let voxels = try written(image, compressed: true, storage: .automatic)
        // The first member holds the header alone.
        let members = try #require(GzipParts.members(voxels))
        _ = try scratch.write(members.dropFirst().joined(), "pair.img.gz")
        for name in ["pair.hdr", "pair.img.gz"] {
            let (back, _) = try NIfTIFile.read(path: scratch.path + "/" + name)
            #expect(back.voxels == image.voxels)
        }
    }

    /// A file that says it is single must not be read through the other name of a pair.
    @Test func aSingleFileIsItsOwnImage() throws {
        let scratch = try Scratch()
        _ = try scratch.write(written(HeaderTests.image), "image.hdr")
        _ = try scratch.write([UInt8](repeating: 1, count: 4096), "image.img")
        #expect(try NIfTIFile.read(path: scratch.path + "/image.img").0.voxels == HeaderTests.image.voxels)
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
