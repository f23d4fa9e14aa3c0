import NIfTI
import TestSupport
import Testing
import Volumes

/// Fields of the header, changed one by one in a small written image.
@Suite struct HeaderTests {
    static let image: Volume = {
        let shape = Shape(depth: 3, height: 4, width: 5)
        return Volume(
            voxels: (0..<shape.count).map { Float($0) - 10 }, shape: shape,
            geometry: Geometry(
                origin: [10, -20, 30], xStep: [-2, 0, 0], yStep: [0, 0, 2.5], zStep: [0, 3, 0]))
    }()

    private func read(_ change: (inout [UInt8]) -> Void) throws -> (Volume, [NIfTIWarning]) {
        var bytes = try written(Self.image, compressed: false)
        change(&bytes)
        let scratch = try Scratch()
        return try NIfTIFile.read(path: scratch.write(bytes, "image.nii"))
    }

    private func refusal(_ change: (inout [UInt8]) -> Void) -> NIfTIError.Code? {
        #expect(throws: NIfTIError.self) { try read(change) }?.code
    }

    @Test func slopeOfZeroOrNoNumberMeansNone() throws {
        for slope in [Float(0), .nan] {
            for intercept in [Float(5), .nan, .infinity] {
                let (volume, _) = try read {
                    $0.set(112, slope.bitPattern)
                    $0.set(116, intercept.bitPattern)
                }
                #expect(volume.attributes.rescales.isEmpty)
            }
        }
        for (slope, intercept) in [(Float.infinity, Float(0)), (-.infinity, 0), (2, .nan), (2, .infinity)] {
            let code = refusal {
                $0.set(112, slope.bitPattern)
                $0.set(116, intercept.bitPattern)
            }
            #expect(code == .damaged)
        }
        let (volume, _) = try read {
            $0.set(112, Float(2).bitPattern)
            $0.set(116, Float(-5).bitPattern)
        }
        #expect(volume.attributes.rescales == [Rescale(slope: 2, intercept: -5)])
        #expect(volume.voxels == Self.image.voxels)
    }

    @Test func sformThenQformThenSizes() throws {
        // Without sform the qform holds the same rotation.
        let (byQform, none) = try read { $0.set(254, UInt16(0)) }
        #expect((byQform.geometry.origin - Self.image.geometry.origin).length < 1e-5)
        for axis in 0..<3 { #expect((byQform.geometry.steps[axis] - Self.image.geometry.steps[axis]).length < 1e-5) }
        #expect(none.isEmpty)
        let (bySizes, warnings) = try read {
            $0.set(254, UInt16(0))
            $0.set(252, UInt16(0))
        }
        #expect(bySizes.geometry.steps == [[-2, 0, 0], [0, -2.5, 0], [0, 0, 3]])
        #expect(warnings.map(\.code) == [.noOrientation])
    }

    @Test func singularSformGivesWayToQform() throws {
        let (volume, warnings) = try read { bytes in
            for offset in stride(from: 280, to: 328, by: 4) { bytes.set(offset, UInt32(0)) }
        }
        #expect((volume.geometry.spacing - [2, 2.5, 3]).length < 1e-5)
        #expect(warnings.map(\.code) == [.transformIgnored])
    }

    @Test func unitsOfMetresAndMicrometres() throws {
        let (metres, _) = try read { $0[123] = 1 }
        #expect((metres.geometry.spacing - [2000, 2500, 3000]).length < 1e-2)
        let (micrometres, _) = try read { $0[123] = 3 }
        #expect((micrometres.geometry.spacing - [0.002, 0.0025, 0.003]).length < 1e-6)
    }

    /// By sform, and by voxel sizes alone.
    @Test(arguments: [Float(1e-10), 1e9]) func impossibleVoxelSizesAreRefused(size: Float) {
        #expect(refusal { $0.set(280, (-size).bitPattern) } == .damaged)
        #expect(
            refusal {
                $0.set(254, UInt16(0))
                $0.set(252, UInt16(0))
                $0.set(80, size.bitPattern)
            } == .damaged)
    }

    @Test func impossibleFieldsAreRefused() {
        for rank in [UInt16(0), 8, 0xFFFF, 0x0300] { #expect(refusal { $0.set(40, rank) } == .damaged) }
        #expect(refusal { $0.set(42, UInt16(0)) } == .damaged)
        #expect(refusal { $0.set(42, UInt16(0x8000)) } == .damaged)
        #expect(refusal { $0.set(42, UInt16(6)) } == .truncated)
        #expect(refusal { for offset in [42, 44, 46] { $0.set(offset, UInt16(0x7FFF)) } } == .tooLarge)
        for offset in [Float(-1), 0, 100, 348, 351, .nan, .infinity, 352.5, 1e20] {
            #expect(refusal { $0.set(108, offset.bitPattern) } == .damaged)
        }
        #expect(refusal { $0.set(108, Float(400).bitPattern) } == .truncated)
        #expect(refusal { $0.set(70, UInt16(3)) } == .damaged)
        #expect(refusal { $0.set(72, UInt16(8)) } == .damaged)
        #expect(refusal { $0[345] = 0x78 } == .damaged)
        #expect(refusal { $0.set(344, UInt32(0)) } == .analyze)
    }

    @Test func typesWithoutAValueAreNamed() {
        for (code, bits, name) in [
            (1, 1, "binary"), (32, 64, "complex64"), (1792, 128, "complex128"), (2048, 256, "complex256"),
            (1536, 128, "float128"),
        ] {
            let error = #expect(throws: NIfTIError.self) {
                try read {
                    $0.set(70, UInt16(code))
                    $0.set(72, UInt16(bits))
                }
            }
            #expect(error?.code == .unsupported)
            #expect(error?.message.contains(name) == true)
        }
    }

    @Test func moreDimensionsThanAVolumeHasAreNamed() throws {
        func code(_ sizes: [UInt16], color: Bool = false) -> NIfTIError.Code? {
            refusal { bytes in
                for (index, size) in ([UInt16(sizes.count)] + sizes).enumerated() { bytes.set(40 + index * 2, size) }
                if color { bytes.replaceSubrange(70..<74, with: [128, 0, 24, 0]) }
            }
        }
        #expect(code([5, 1, 1, 3, 4]) == .unsupported)
        #expect(code([5, 1, 3, 1, 1, 4]) == .unsupported)
        #expect(code([5, 1, 3, 1, 1, 1, 4]) == .unsupported)
        #expect(code([5, 2, 2, 4], color: true) == .unsupported)
    }

    @Test func timeStepsInTheirUnits() throws {
        func axis(units: UInt8, step: Float) throws -> FourthAxis {
            var bytes = try written(Self.image)
            for (index, size) in [UInt16(4), 5, 4, 1, 3].enumerated() { bytes.set(40 + index * 2, size) }
            bytes[123] = units
            bytes.set(92, step.bitPattern)
            let scratch = try Scratch()
            return try NIfTIFile.header(path: scratch.write(bytes, "image.nii")).fourthAxis
        }
        #expect(try axis(units: 2 | 8, step: 2.5) == .time(stepSeconds: 2.5))
        #expect(try axis(units: 2 | 16, step: 2500) == .time(stepSeconds: 2.5))
        #expect(try axis(units: 2 | 24, step: 500_000) == .time(stepSeconds: 0.5))
        #expect(try axis(units: 2, step: 2.5) == .time(stepSeconds: nil))
        for step in [Float(0), -1, .nan, .infinity] {
            #expect(try axis(units: 2 | 8, step: step) == .time(stepSeconds: nil))
        }
        for unit in [UInt8(32), 40, 48] { #expect(try axis(units: unit, step: 1) == .spectrum) }
    }

    @Test func brokenExtensionsCostOnlyThemselves() throws {
        for size in [Int32(15), 24, 8, -16, 1 << 20] {
            var bytes = try written(Self.image) { $0.extensions = [HeaderExtension(code: 6, bytes: [1, 2, 3])] }
            bytes.set(352, size)
            let scratch = try Scratch()
            let path = try scratch.write(bytes, "image.nii")
            #expect(try NIfTIFile.header(path: path).extensions.isEmpty)
            let (volume, warnings) = try NIfTIFile.read(path: path)
            #expect(volume.voxels == Self.image.voxels)
            #expect(warnings.map(\.code) == [.extensionIgnored])
        }
        // Zeros in their place are none, and say nothing.
        let (_, warnings) = try read {
            $0.set(108, Float(352 + 32).bitPattern)
            $0[348] = 1
            $0.insert(contentsOf: [UInt8](repeating: 0, count: 32), at: 352)
        }
        #expect(warnings.isEmpty)
    }

    @Test func numbersThatFloat32CannotHold() throws {
        let whole = smallImage(code: 768, size: 4, isBig: false) { UInt64($0) + 16_777_216 }
        let scratch = try Scratch()
        #expect(try NIfTIFile.read(path: scratch.write(whole, "a.nii")).1.contains { $0.code == .precisionLost })
        let exact = smallImage(code: 1024, size: 8, isBig: false) { UInt64($0) << 40 }
        let (volume, warnings) = try NIfTIFile.read(path: scratch.write(exact, "b.nii"))
        #expect(volume.voxels == (0..<60).map { Float(UInt64($0) << 40) })
        #expect(!warnings.contains { $0.code == .precisionLost })
        let beyond = smallImage(code: 64, size: 8, isBig: true) { ($0 == 7 ? 1e300 : 1.5).bitPattern }
        let path = try scratch.write(beyond, "c.nii")
        #expect(#expect(throws: NIfTIError.self) { try NIfTIFile.read(path: path) }?.code == .unsupported)
        let infinite = smallImage(code: 64, size: 8, isBig: true) { ($0 == 7 ? Double.infinity : 1.5).bitPattern }
        #expect(try NIfTIFile.read(path: scratch.write(infinite, "d.nii")).0.voxels[7] == .infinity)
    }

    @Test func coloursWithAndWithoutTransparency() throws {
        for alpha in [UInt64(255), 128] {
            let bytes = smallImage(code: 2304, size: 4, isBig: false) { number in
                let index = UInt64(number)
                return index | (index + 60) << 8 | (index + 120) << 16 | (number == 9 ? alpha : 255) << 24
            }
            let scratch = try Scratch()
            let path = try scratch.write(bytes, "image.nii")
            let (volume, warnings) = try NIfTIFile.read(path: path)
            #expect(volume.shape == Shape(channels: 3, depth: 3, height: 4, width: 5))
            #expect(volume.voxels == (0..<180).map { Float($0) })
            #expect(warnings.map(\.code).contains(.alphaDropped) == (alpha != 255))
            #expect(try NIfTIFile.header(path: path).fourthAxis == .color)
            #expect(try NIfTIFile.header(path: path).shape == volume.shape)
        }
    }

    @Test func trailingBytesAreNoticed() throws {
        let (volume, warnings) = try read { $0 += [1, 2, 3] }
        #expect(volume.voxels == Self.image.voxels)
        #expect(warnings.map(\.code) == [.trailingBytes])
    }

    @Test func everyNumericTypeInBothByteOrders() throws {
        let types: [(code: UInt16, size: Int, encode: (Int) -> UInt64)] = [
            (2, 1, { UInt64(UInt8($0)) }), (256, 1, { UInt64(UInt8(bitPattern: Int8($0 - 60))) }),
            (4, 2, { UInt64(UInt16(bitPattern: Int16($0 - 60))) }), (512, 2, { UInt64($0) + 60_000 }),
            (8, 4, { UInt64(UInt32(bitPattern: Int32($0 - 70_000))) }), (768, 4, { UInt64($0) + 16_000_000 }),
            (1024, 8, { UInt64(bitPattern: Int64($0 - 60)) }), (1280, 8, { UInt64($0) }),
            (16, 4, { UInt64((Float($0) / 8).bitPattern) }), (64, 8, { (Double($0) / 8).bitPattern }),
        ]
        let first: [UInt16: Float] = [256: -60, 4: -60, 512: 60_000, 8: -70_000, 768: 16_000_000, 1024: -60]
        for type in types {
            for isBig in [false, true] {
                let bytes = smallImage(code: type.code, size: type.size, isBig: isBig, encode: type.encode)
                let scratch = try Scratch()
                let (volume, _) = try NIfTIFile.read(path: scratch.write(bytes, "typed.nii"))
                let step: Float = [16, 64].contains(type.code) ? 0.125 : 1
                #expect(volume.voxels == (0..<60).map { (first[type.code] ?? 0) + Float($0) * step })
            }
        }
    }

    private func smallImage(code: UInt16, size: Int, isBig: Bool, encode: (Int) -> UInt64) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 352 + 60 * size)
        func put(_ offset: Int, _ value: UInt64, _ count: Int) {
            for index in 0..<count {
                bytes[offset + (isBig ? count - 1 - index : index)] = UInt8(value >> (8 * index) & 0xFF)
            }
        }
        put(0, 348, 4)
        for (index, dimension) in [UInt64(3), 5, 4, 3].enumerated() { put(40 + index * 2, dimension, 2) }
        put(70, UInt64(code), 2)
        put(72, UInt64(size * 8), 2)
        put(108, UInt64(Float(352).bitPattern), 4)
        for axis in 1...3 { put(76 + axis * 4, UInt64(Float(1).bitPattern), 4) }
        bytes.replaceSubrange(344..<348, with: Array("n+1\0".utf8))
        for index in 0..<60 { put(352 + index * size, encode(index), size) }
        return bytes
    }
}

extension [UInt8] {
    /// A number at an offset, little endian.
    mutating func set<Word: FixedWidthInteger>(_ offset: Int, _ value: Word) {
        for index in 0..<MemoryLayout<Word>.size {
            self[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index))
        }
    }
}
