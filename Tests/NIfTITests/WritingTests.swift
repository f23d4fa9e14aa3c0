import NIfTI
import TestSupport
import Testing
import Volumes

@Suite struct WritingTests {
    private func roundTrip(
        _ volume: Volume, compressed: Bool = false, storage: NIfTIFile.Storage = .float32
    ) throws -> Volume {
        let bytes = try NIfTIFile.encode(volume, compressed: compressed, storage: storage)
        let scratch = try Scratch()
        let name = compressed ? "image.nii.gz" : "image.nii"
        return try NIfTIFile.read(path: scratch.write(bytes, name)).0
    }

    private func expectSame(_ a: Geometry, _ b: Geometry) {
        #expect((a.origin - b.origin).length < 1e-4)
        for axis in 0..<3 { #expect((a.steps[axis] - b.steps[axis]).length < 1e-5) }
    }

    @Test(arguments: [false, true]) func comesBackExactly(compressed: Bool) throws {
        var image = HeaderTests.image
        image.attributes.rescales = [Rescale(slope: 0.5, intercept: 3)]
        let back = try roundTrip(image, compressed: compressed)
        #expect(back.voxels == image.voxels)
        #expect(back.shape == image.shape)
        #expect(back.attributes.rescales == image.attributes.rescales)
        expectSame(back.geometry, image.geometry)
    }

    @Test func shearSurvives() throws {
        var image = HeaderTests.image
        image.geometry.steps[2] = [0.4, 3, 0.8]
        let bytes = try NIfTIFile.encode(image, compressed: false)
        #expect(bytes[252] == 0)
        #expect(bytes[254] == 1)
        expectSame(try roundTrip(image).geometry, image.geometry)
    }

    @Test func leftHandedAxesKeepTheirQform() throws {
        var image = HeaderTests.image
        image.geometry.steps[2] *= -1
        #expect(try NIfTIFile.encode(image, compressed: false)[252] == 1)
        expectSame(try roundTrip(image).geometry, image.geometry)
    }

    @Test func int16OnlyWhenLossless() throws {
        let whole = try NIfTIFile.encode(HeaderTests.image, compressed: false, storage: .int16WhenLossless)
        #expect(whole.count == 352 + 60 * 2)
        #expect(try roundTrip(HeaderTests.image, storage: .int16WhenLossless).voxels == HeaderTests.image.voxels)
        for value: Float in [0.5, 40_000, .nan, -0.0] {
            var image = HeaderTests.image
            image.withMutableVoxels { $0[7] = value }
            #expect(try NIfTIFile.encode(image, compressed: false, storage: .int16WhenLossless).count == 352 + 60 * 4)
        }
    }

    @Test func channelsAndRescalesPerSlice() throws {
        let shape = Shape(channels: 2, depth: 2, height: 2, width: 3)
        var attributes = Attributes()
        attributes.rescales = [Rescale(slope: 1, intercept: 0), Rescale(slope: 2, intercept: 1)]
        let image = Volume(
            voxels: (0..<24).map { Float($0) }, shape: shape, geometry: Geometry(spacing: .one), attributes: attributes)
        let back = try roundTrip(image)
        #expect(back.shape == shape)
        #expect(back.attributes.rescales.isEmpty)
        #expect(back.slice(0, channel: 1).elementsEqual((12..<18).map { Float($0) }))
        #expect(back.slice(1, channel: 1).elementsEqual((18..<24).map { Float($0 * 2 + 1) }))
    }

    /// pixdim[4] holds the seconds between volumes, and no invented second where nobody knows them.
    @Test(arguments: [(0.75, Float(0.75)), (nil, 0)] as [(Double?, Float)])
    func timeStepIsWritten(step: Double?, expected: Float) throws {
        let shape = Shape(channels: 2, depth: 1, height: 1, width: 1)
        var attributes = Attributes()
        attributes.channelAxis = .time(stepSeconds: step)
        let image = Volume(voxels: [1, 2], shape: shape, geometry: .init(spacing: .one), attributes: attributes)
        let bytes = try NIfTIFile.encode(image, compressed: false)
        let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[92 + $1]) << (8 * $1) }
        #expect(Float(bitPattern: bits) == expected)
    }

    @Test func sameVolumeSameBytes() throws {
        let first = try NIfTIFile.encode(HeaderTests.image, compressed: true)
        #expect(try NIfTIFile.encode(HeaderTests.image, compressed: true) == first)
        #expect(first[4..<8].allSatisfy { $0 == 0 }, "gzip's modification time")
    }

    @Test func tooManyVoxelsAlongAnAxis() {
        let shape = Shape(depth: 1, height: 1, width: 32768)
        let image = Volume(voxels: Array(repeating: 0, count: 32768), shape: shape, geometry: .pixels)
        let error = #expect(throws: NIfTIError.self) { try NIfTIFile.encode(image, compressed: false) }
        #expect(error?.code == .invalidVolume)
    }
}
