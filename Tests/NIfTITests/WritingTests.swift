import NIfTI
import Parallel
import TestSupport
import Testing
import Volumes

@Suite struct WritingTests {
    private func roundTrip(
        _ volume: Volume, compressed: Bool = false, storage: WritingOptions.Storage = .float32
    ) throws -> Volume {
        let bytes = try written(volume, compressed: compressed, storage: storage)
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

    /// Pieces that one reader makes in a row are the pieces of values that are there, whatever the number of threads.
    @Test(arguments: [1, 2, 3]) func voxelsThatNobodyHasMadeYet(workers: Int) throws {
        let shape = Shape(depth: 47, height: 251, width: 256)
        let values = (0..<shape.count).map { Float($0 % 4093) * 0.5 }
        let geometry = Geometry(spacing: [1, 2, 3])
        let deferred = DeferredVoxels(count: shape.count, areFinite: true) {
            { range, out in for index in range { out[index - range.lowerBound] = values[index] } }
        }
        for compressed in [false, true] {
            let bytes = try [Voxels.floats(values), .deferred(deferred)].map { storage in
                try written(Volume(storage: storage, shape: shape, geometry: geometry), compressed: compressed) {
                    $0.workers = Workers(count: workers)
                }
            }
            #expect(bytes[0] == bytes[1])
        }
    }

    @Test func shearSurvives() throws {
        var image = HeaderTests.image
        image.geometry.steps[2] = [0.4, 3, 0.8]
        let bytes = try written(image, compressed: false)
        #expect(bytes[252] == 0)
        #expect(bytes[254] == 1)
        expectSame(try roundTrip(image).geometry, image.geometry)
    }

    @Test func leftHandedAxesKeepTheirQform() throws {
        var image = HeaderTests.image
        image.geometry.steps[2] *= -1
        #expect(try written(image, compressed: false)[252] == 1)
        expectSame(try roundTrip(image).geometry, image.geometry)
    }

    @Test func int16OnlyWhenLossless() throws {
        let whole = try written(HeaderTests.image, compressed: false, storage: .automatic)
        #expect(whole.count == 352 + 60 * 2)
        #expect(try roundTrip(HeaderTests.image, storage: .automatic).voxels == HeaderTests.image.voxels)
        for value: Float in [0.5, 40_000, .nan, -0.0] {
            var image = HeaderTests.image
            image.withMutableVoxels { $0[7] = value }
            #expect(try written(image, compressed: false, storage: .automatic).count == 352 + 60 * 4)
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
        let bytes = try written(image) { $0.channels = .time(stepSeconds: step) }
        var bits: UInt32 = 0
        for index in 0..<4 { bits |= UInt32(bytes[92 + index]) << UInt32(8 * index) }
        #expect(Float(bitPattern: bits) == expected)
    }

    @Test func sameVolumeSameBytes() throws {
        let first = try written(HeaderTests.image, compressed: true)
        #expect(try written(HeaderTests.image, compressed: true) == first)
        #expect(first[4..<8].allSatisfy { $0 == 0 }, "gzip's modification time")
    }

    @Test func longAxesNeedVersionTwo() throws {
        let shape = Shape(depth: 1, height: 1, width: 32768)
        let image = Volume(
            voxels: (0..<32768).map { Float($0) - 5 }, shape: shape, geometry: Geometry(spacing: [0.5, 1, 2]))
        let error = #expect(throws: NIfTIError.self) { try written(image) { $0.version = .one } }
        #expect(error?.code == .invalidVolume)
        #expect(try written(image)[0] == 0x1C)
        let back = try roundTrip(image, compressed: true)
        #expect(back.voxels == image.voxels)
        #expect(back.geometry == image.geometry)
    }

    @Test func versionTwoKeepsDoubles() throws {
        var image = HeaderTests.image
        image.geometry.origin = [10.1, -20.2, 1.0 / 3]
        image.attributes.rescales = [Rescale(slope: 0.1, intercept: -0.3)]
        let back = try read(written(image) { $0.version = .two }).0
        #expect(back.geometry.origin == image.geometry.origin)
        #expect(back.geometry.steps == image.geometry.steps)
        #expect(back.attributes.rescales == image.attributes.rescales)
        #expect(back.voxels == image.voxels)
    }

    @Test func theFirstTypeThatHoldsEveryVoxel() throws {
        let cases: [(values: [Float], automatic: Datatype, smallest: Datatype)] = [
            ([0, 1, 255], .int16, .uint8), ([-1, 255], .int16, .int16), ([-32768, 32767], .int16, .int16),
            ([0, 32768], .uint16, .uint16), ([65535, 1], .uint16, .uint16), ([65536], .int32, .int32),
            ([-32769, 3], .int32, .int32), ([-1, 40000], .int32, .int32), ([4_194_305], .int32, .int32),
            ([-2_147_483_648], .int32, .int32), ([2_147_483_648], .float32, .float32),
            ([0.5], .float32, .float32), ([-0.0], .float32, .float32), ([.nan], .float32, .float32),
            ([.infinity], .float32, .float32), ([.leastNonzeroMagnitude], .float32, .float32),
            ([8_388_607.5], .float32, .float32),
        ]
        for test in cases {
            // In the vector loop, behind it, and in a later piece.
            for (count, place) in [(33, 3), (33, 32), (3, 0), (270_000, 269_990)] {
                // Large images are slow in debug builds.
                if count > 1000 && ![0.5, 65536].contains(test.values[0]) { continue }
                var voxels = (0..<count).map { Float($0 % 100) }
                for (index, value) in test.values.enumerated() { voxels[(place + index) % count] = value }
                let shape = Shape(depth: 1, height: 1, width: count)
                let image = Volume(voxels: voxels, shape: shape, geometry: Geometry(spacing: .one))
                for (storage, type) in [(WritingOptions.Storage.automatic, test.automatic), (.smallest, test.smallest)]
                {
                    let bytes = try written(image, storage: storage)
                    let scratch = try Scratch()
                    let path = try scratch.write(bytes, "image.nii")
                    #expect(try NIfTIFile.header(path: path).datatype == type, "\(test.values) among \(count)")
                    let back = try NIfTIFile.read(path: path).0
                    #expect(Expectation.digest(back.voxels) == Expectation.digest(voxels))
                }
            }
        }
    }

    @Test func rescalesThatTheHeaderCannotHoldAreApplied() throws {
        for rescale in [Rescale(slope: 0, intercept: 7), Rescale(slope: 1e-60, intercept: 7)] {
            var image = HeaderTests.image
            image.attributes.rescales = [rescale]
            let back = try roundTrip(image)
            #expect(back.attributes.rescales.isEmpty)
            #expect(back.voxels == Array(repeating: 7, count: 60))
        }
    }

    @Test func timeAndComponents() throws {
        var image = HeaderTests.image
        image = image.with(
            voxels: image.voxels, shape: Shape(channels: 3, depth: 1, height: 4, width: 5), geometry: image.geometry)
        for axis in [
            FourthAxis.time(stepSeconds: 2.5), .time(stepSeconds: nil), .components, .spectrum,
        ] {
            for version in [WritingOptions.Version.one, .two] {
                let scratch = try Scratch()
                let bytes = try written(image) {
                    $0.channels = axis
                    $0.version = version
                }
                let path = try scratch.write(bytes, "image.nii")
                let header = try NIfTIFile.header(path: path)
                #expect(header.fourthAxis == axis)
                #expect(header.intentCode == (axis == .components ? 1007 : 0))
                let (back, warnings) = try NIfTIFile.read(path: path)
                #expect(back.voxels == image.voxels)
                #expect(back.shape == image.shape)
                #expect(warnings.map(\.code) == [.fourthDimensionAsChannels])
            }
        }
    }

    @Test func colours() throws {
        let shape = Shape(channels: 3, depth: 2, height: 2, width: 3)
        var image = Volume(
            voxels: (0..<36).map { Float($0 * 7) }, shape: shape, geometry: Geometry(spacing: [1, 2, 3]))
        let bytes = try written(image, compressed: true) { $0.channels = .color }
        let (back, warnings) = try read(bytes)
        #expect(back.voxels == image.voxels)
        #expect(back.shape == shape)
        #expect(warnings.isEmpty)
        #expect(back.attributes.bitsStored == 8)
        let plain = try written(image) { $0.channels = .color }
        #expect(plain.count == 352 + 36)
        #expect(Array(plain[352..<358]) == [0, 84, 168, 7, 91, 175], "red, green, blue of two pixels")
        // What is no byte cannot be RGB24.
        image.withMutableVoxels { $0[5] = 256 }
        let scratch = try Scratch()
        let path = try scratch.write(written(image) { $0.channels = .color }, "image.nii")
        #expect(try NIfTIFile.header(path: path).fourthAxis == .components)
        #expect(try NIfTIFile.read(path: path).0.voxels == image.voxels)
    }

    @Test func extensionsComeBack() throws {
        let extensions = [
            HeaderExtension(code: 6, bytes: Array("a comment".utf8)), HeaderExtension(code: 44, bytes: []),
            HeaderExtension(code: 4, bytes: Array(repeating: 7, count: 2_500_000)),
        ]
        for compressed in [false, true] {
            for version in [WritingOptions.Version.one, .two] {
                let bytes = try written(HeaderTests.image, compressed: compressed) {
                    $0.extensions = extensions
                    $0.version = version
                }
                let scratch = try Scratch()
                let path = try scratch.write(bytes, "image.nii")
                let found = try NIfTIFile.header(path: path).extensions
                #expect(found.map(\.code) == [6, 44, 4])
                #expect(found[0].bytes == extensions[0].bytes + Array(repeating: 0, count: 15))
                #expect(found[1].bytes == Array(repeating: 0, count: 8))
                #expect(found[2].bytes.count == 2_500_008)
                #expect(found[2].bytes.prefix(2_500_000).elementsEqual(extensions[2].bytes))
                let (back, warnings) = try NIfTIFile.read(path: path)
                #expect(back.voxels == HeaderTests.image.voxels)
                #expect(warnings.isEmpty)
            }
        }
    }

    @Test func geometryThatPlacesNothingIsRefused() {
        for value in [Double.nan, .infinity, 1e300] {
            var image = HeaderTests.image
            image.geometry.origin.y = value
            #expect(throws: NIfTIError.self) { try written(image) }
        }
        var flat = HeaderTests.image
        flat.geometry.steps[2] = flat.geometry.steps[1]
        #expect(#expect(throws: NIfTIError.self) { try written(flat) }?.code == .invalidVolume)
    }

    private func read(_ bytes: [UInt8]) throws -> (Volume, [NIfTIWarning]) {
        let scratch = try Scratch()
        return try NIfTIFile.read(path: scratch.write(bytes, "image.nii"))
    }
}
