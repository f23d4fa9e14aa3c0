import Testing
import Volumes

@testable import DICOM

/// Order and step of slices from positions alone.
@Suite struct SliceStackTests {
    private func stack(_ heights: [Double], shear: Double = 0) throws(DICOMError) -> SliceStack {
        try SliceStack(positions: heights.map { [5, $0 * shear, $0] }, normal: [0, 0, 1], path: "series")
    }

    @Test func ascendsAlongTheNormal() throws {
        let stack = try stack([6, 0, 3])
        #expect(stack.order == [1, 2, 0])
        #expect(stack.origin == [5, 0, 0])
        #expect(stack.step == [0, 0, 3])
        #expect(!stack.isSheared)
    }

    @Test func tiltKeepsItsShear() throws {
        let stack = try stack([0, 3, 6, 9], shear: 0.25)
        #expect((stack.step! - [0, 0.75, 3]).length < 1e-12)
        #expect(stack.isSheared)
    }

    @Test func roundedPositionsAreRegular() throws {
        #expect(try stack([0, 2.99, 6, 9]).step == [0, 0, 3])
    }

    @Test(arguments: [
        ([0, 3, 9, 12], DICOMError.Code.irregularSpacing, "1 of 5 slices missing"),
        ([0, 3, 6, 13], .irregularSpacing, "unequal gaps"),
        ([0, 3, 3, 6], .duplicateSlices, "one position"),
        ([0, 0], .duplicateSlices, "one position"),
    ])
    func irregularIsAnError(heights: [Double], code: DICOMError.Code, words: String) {
        let error = #expect(throws: DICOMError.self) { try stack(heights) }
        #expect(error?.code == code)
        #expect(error?.message.contains(words) == true)
    }

    @Test func sidewaysStepsAreAnError() {
        #expect(throws: DICOMError.self) {
            try SliceStack(positions: [[0, 0, 0], [4, 0, 3], [0, 0, 6]], normal: [0, 0, 1], path: "series")
        }
    }

    @Test func storedBitsAreMaskedAndSignExtended() {
        var values: [Float] = [0, 0, 0]
        let words: [UInt16] = [0xFFFF, 0x8005, 0x7FF5]
        words.withUnsafeBytes { bytes in
            let left = PixelFormat(bitsAllocated: 16, bitsStored: 12, highBit: 15, isSigned: true)
            left.decode(bytes, count: 3, into: &values)
            #expect(values == [-1, -2048, 2047])
            let right = PixelFormat(bitsAllocated: 16, bitsStored: 12, highBit: 11, isSigned: false)
            right.decode(bytes, count: 3, into: &values)
            #expect(values == [4095, 5, 4085])
        }
    }
}
