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
        var bytes = try NIfTIFile.encode(Self.image, compressed: false)
        change(&bytes)
        let scratch = try Scratch()
        return try NIfTIFile.read(path: scratch.write(bytes, "image.nii"))
    }

    private func refusal(_ change: (inout [UInt8]) -> Void) -> NIfTIError.Code? {
        #expect(throws: NIfTIError.self) { try read(change) }?.code
    }

    @Test func slopeOfZeroOrNoNumberMeansNone() throws {
        for slope in [Float(0), .nan, .infinity] {
            let (volume, _) = try read { $0.set(112, slope.bitPattern) }
            #expect(volume.attributes.rescales.isEmpty)
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

    @Test func impossibleFieldsAreRefused() {
        for rank in [UInt16(0), 8, 0xFFFF, 0x0300] { #expect(refusal { $0.set(40, rank) } == .damaged) }
        #expect(refusal { $0.set(42, UInt16(0)) } == .damaged)
        #expect(refusal { $0.set(42, UInt16(0x8000)) } == .damaged)
        #expect(refusal { $0.set(42, UInt16(6)) } == .truncated)
        #expect(refusal { for offset in [42, 44, 46] { $0.set(offset, UInt16(0x7FFF)) } } == .tooLarge)
        for offset in [Float(-1), 100, .nan, .infinity, 352.5, 1e20] {
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
            (128, 24, "rgb24"), (32, 64, "complex64"), (2304, 32, "rgba32"), (1536, 128, "float128"),
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
