import CKernels
import TestSupport
import Testing
import Volumes

@testable import Stages

struct ElementTypeTests {
    /// Values where rounding and ranges are hard, and a hundred thousand of any bits.
    private let values: [Float] = {
        var result: [Float] = [
            0, -0.0, 1, -1, 65504, 65519.996, 65520, 65536, 1e30, -65520, 6.1035156e-5, 6.0975552e-5, 5.9604645e-8,
            2.9802322e-8, 2.9802326e-8, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity,
            .leastNormalMagnitude,
            2048, 2049, 2050, 2051, 0.33325195, 3.3895314e38, 3.3961776e38, 3.3961775e38,
        ]
        // Every half and the middle between it and the next, where ties are broken.
        for pattern in UInt16(0)..<0x7c00 {
            let half = Float(Float16(bitPattern: pattern))
            let next = Float(Float16(bitPattern: pattern + 1))
            result += [half, -half]
            if next.isFinite {
                result += [(half + next) / 2, ((half + next) / 2).nextUp, ((half + next) / 2).nextDown]
            }
        }
        var random = SeededGenerator(seed: 11)
        for _ in 0..<100_000 { result.append(Float(bitPattern: UInt32.random(in: .min ... .max, using: &random))) }
        return result.filter { !$0.isNaN }
    }()

    @Test func halvesAreThoseOfSwift() {
        var out = [UInt16](repeating: 0, count: values.count)
        let overflows = hk_to_half(values, values.count, &out)
        let expected = values.map { Float16($0) }
        #expect(zip(out, expected).allSatisfy { $0 == $1.bitPattern })
        #expect(overflows == zip(values, expected).count { $0.isFinite && $1.isInfinite })
        #expect(overflows > 0)
    }

    /// The nearer of the two neighbours whose lower half is zero, or the one with an even last bit.
    @Test func shortFloatsAreTheNearest() {
        var out = [UInt16](repeating: 0, count: values.count)
        let overflows = hk_to_bfloat16(values, values.count, &out)
        for (value, found) in zip(values, out) {
            let low = value.bitPattern >> 16
            var expected = low
            if value.isFinite {
                let below = Double(Float(bitPattern: low << 16))
                // Beyond the last stands what would be next if there were one.
                let above =
                    low & 0x7fff == 0x7f7f
                    ? (value < 0 ? -0x1p128 : 0x1p128) : Double(Float(bitPattern: (low + 1) << 16))
                let (near, far) = (abs(Double(value) - below), abs(above - Double(value)))
                if far < near || (far == near && low & 1 == 1) { expected = low + 1 }
            }
            #expect(UInt32(found) == expected, "\(value)")
        }
        #expect(overflows == values.count { $0.isFinite && abs(Double($0)) >= 0x1.ffp127 })
        #expect(overflows > 0)
    }

    @Test func bytesAreRoundedToEven() {
        let values = (0...100_000).map { Float($0) / 100_000 } + (0..<255).map { (Float($0) + 0.5) / 255 }
        var out = [UInt8](repeating: 0, count: values.count)
        #expect(hk_to_unit_bytes(values, values.count, &out) == 0)
        #expect(zip(values, out).allSatisfy { ($0 * 255).rounded(.toNearestOrEven) == Float($1) })
        let outside: [Float] = [-1e-7, 1.0000001, .nan, .infinity, 0.5]
        #expect(hk_to_unit_bytes(outside, outside.count, &out) == 4)
    }

    @Test func notANumberStaysOne() {
        let values: [Float] = [.nan, Float(bitPattern: 0x7f80_0001), .signalingNaN]
        var out = [UInt16](repeating: 0, count: 3)
        #expect(hk_to_half(values, 3, &out) == 0)
        #expect(out.allSatisfy { Float16(bitPattern: $0).isNaN })
        #expect(hk_to_bfloat16(values, 3, &out) == 0)
        #expect(out.allSatisfy { Float(bitPattern: UInt32($0) << 16).isNaN })
        #expect(hk_count_not_finite(values + [1, .infinity, 0], 6) == 4)
    }

    @Test func whatDoesNotFitIsRefusedWithItsReason() {
        func reason(_ values: [Float], _ type: ElementType) -> String? {
            do throws(ItemError) {
                _ = try TensorBytes(.floats(values), as: type)
                return nil
            } catch { return "\(error.code.rawValue): \(error.description)" }
        }
        #expect(
            reason([0, 1e6, 2e6], .float16)?.hasPrefix("value-range: 2 voxels are beyond the greatest float16 (65504)")
                == true)
        #expect(reason([0, -0.1], .uint8)?.hasPrefix("value-range: 1 voxels lie outside [0, 1]") == true)
        #expect(reason([.infinity], .float16) == nil)
        #expect(reason([1e6], .bfloat16) == nil)
        #expect(reason([1e38], .float32) == nil)
    }

    /// Words become values on the way, part by part.
    @Test func wordsGiveTheBytesOfTheirValues() throws {
        let table = (0..<65536).map { Float($0) * 0.5 - 100 }
        let words = (0..<600_000).map { UInt16(truncatingIfNeeded: $0 &* 40503) }
        let floats = words.map { table[Int($0)] }
        for type in [ElementType.float32, .float16, .bfloat16] {
            func bytes(_ voxels: Voxels) throws -> [UInt8] {
                var result: [UInt8] = []
                try TensorBytes(voxels, as: type).forEachPart { result += Array($0) }
                return result
            }
            let found = try bytes(.words(words, WordValues(table)))
            #expect(found.count == words.count * type.size)
            #expect(try bytes(.floats(floats)) == found)
        }
    }
}
