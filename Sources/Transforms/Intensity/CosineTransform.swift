import CKernels
import Foundation

/// Discrete cosine transforms (DCT-II and its inverse) of lines of one length: a Fourier series of the line continued by
/// reflection about its borders, half a sample beyond the last ones, again and again.
///
/// Lengths with other prime factors than 2, 3 and 5 are made longer, to the next that has none: the line is continued by
/// reflection at its end, and cut again afterwards.
struct CosineTransform: Sendable {
    /// Values of a line.
    let count: Int
    /// Coefficients; at least `count`, less than twice as many.
    let length: Int
    private let radices: [UInt32]
    private let twiddles: [Float]
    private let quarters: [Float]

    /// - Precondition: at least one value.
    init(count: Int) {
        self.count = count
        var length = count
        while Self.radices(of: length) == nil { length += 1 }
        self.length = length
        radices = Self.radices(of: length) ?? []
        var twiddles: [Float] = []
        var rest = length
        for radix in radices.map({ Int($0) }) {
            for place in 0..<rest / radix {
                for part in 1..<radix {
                    let angle = 2 * Double.pi * Double(place * part) / Double(rest)
                    twiddles += [Float(cos(angle)), Float(-sin(angle))]
                }
            }
            rest /= radix
        }
        self.twiddles = twiddles
        quarters = (0...length / 2).flatMap { index in
            let angle = Double.pi * Double(index) / Double(2 * length)
            return [Float(cos(angle)), Float(sin(angle))]
        }
    }

    /// Squared frequency of a coefficient in cycles a sample: `(k / 2 length)^2`.
    func squaredFrequency(_ coefficient: Int) -> Double {
        let frequency = Double(coefficient) / Double(2 * length)
        return frequency * frequency
    }

    func withPlan(_ body: (UnsafePointer<hk_cosine_plan>) -> Void) {
        radices.withUnsafeBufferPointer { radices in
            twiddles.withUnsafeBufferPointer { twiddles in
                quarters.withUnsafeBufferPointer { quarters in
                    var plan = hk_cosine_plan(
                        n: length, stages: radices.count, radices: radices.baseAddress,
                        twiddles: twiddles.baseAddress, quarters: quarters.baseAddress)
                    body(&plan)
                }
            }
        }
    }

    /// Factors 4, then 5, 3 and 2; nil when there are others.
    private static func radices(of length: Int) -> [UInt32]? {
        var (rest, radices): (Int, [UInt32]) = (length, [])
        for radix in [4, 5, 3, 2] {
            while rest % radix == 0 {
                radices.append(UInt32(radix))
                rest /= radix
            }
        }
        return rest == 1 ? radices : nil
    }
}

/// Scratch memory of transforms along axes of up to some length, for one thread.
final class CosineScratch {
    let start: UnsafeMutablePointer<Float>

    init(length: Int) {
        let bytes = 2 * Int(HK_LINES) * length * MemoryLayout<Float>.stride
        start = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
            .bindMemory(to: Float.self, capacity: bytes / MemoryLayout<Float>.stride)
    }

    deinit { UnsafeMutableRawPointer(start).deallocate() }
}
