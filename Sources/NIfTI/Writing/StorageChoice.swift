import Parallel
import Synchronization
import Volumes

/// Which whole-number types hold values exactly.
struct ExactTypes: OptionSet {
    let rawValue: UInt8
    static let uint8 = ExactTypes(rawValue: 1)
    static let int16 = ExactTypes(rawValue: 2)
    static let uint16 = ExactTypes(rawValue: 4)
    static let int32 = ExactTypes(rawValue: 8)
    static let all: ExactTypes = [.uint8, .int16, .uint16, .int32]

    /// Those that hold whole numbers from `low` to `high`.
    init(low: Float, high: Float) {
        self = []
        if low >= 0 && high <= 255 { insert(.uint8) }
        if low >= -32768 && high <= 32767 { insert(.int16) }
        if low >= 0 && high <= 65535 { insert(.uint16) }
        // 2^31 itself is one too many.
        if low >= -2_147_483_648 && high < 2_147_483_648 { insert(.int32) }
    }

    init(rawValue: UInt8) { self.rawValue = rawValue }
}

extension VolumeValues {
    /// The types that hold every value. The answer does not depend on the number of threads.
    func exactTypes(_ workers: Workers) -> ExactTypes {
        let found = Atomic(ExactTypes.all.rawValue)
        let step = 1 << 18
        workers.forEach((count + step - 1) / step) { piece in
            // Most images that are not whole show it at once.
            guard found.load(ordering: .relaxed) != 0 else { return }
            let range = piece * step..<min((piece + 1) * step, count)
            forEachPiece(of: range) { _, values in
                found.bitwiseAnd(exactTypes(of: values).rawValue, ordering: .relaxed)
            }
        }
        return ExactTypes(rawValue: found.load(ordering: .relaxed))
    }

    /// Eight values at a time: adding the bias and taking it away again leaves whole numbers within 2^22 unchanged bit
    /// by bit, and nothing else; negative zero, which no integer has, changes too.
    private func exactTypes(of values: UnsafeBufferPointer<Float>) -> ExactTypes {
        let bias = SIMD8<Float>(repeating: wholeNumberBias)
        var changed = SIMD8<UInt32>.zero
        var largest = SIMD8<Int32>.zero
        var (low, high) = (SIMD8<Float>(repeating: .infinity), SIMD8<Float>(repeating: -.infinity))
        let whole = values.count / 8 * 8
        for index in stride(from: 0, to: whole, by: 8) {
            let value = UnsafeRawPointer(values.baseAddress! + index).loadUnaligned(as: SIMD8<Float>.self)
            let bits = unsafeBitCast(value, to: SIMD8<UInt32>.self)
            changed |= bits ^ unsafeBitCast((value + bias) - bias, to: SIMD8<UInt32>.self)
            let magnitude = unsafeBitCast(bits & SIMD8(repeating: 0x7FFF_FFFF), to: SIMD8<Int32>.self)
            largest.replace(with: magnitude, where: magnitude .> largest)
            low.replace(with: value, where: value .< low)
            high.replace(with: value, where: value .> high)
        }
        let limit = Int32(bitPattern: Float(1 << 22).bitPattern)
        guard largest.max() <= limit else { return slowExactTypes(of: values[...]) }
        guard changed == .zero else { return [] }
        let rest = slowExactTypes(of: values[whole...])
        return whole == 0 ? rest : rest.intersection(ExactTypes(low: low.min(), high: high.max()))
    }

    private func slowExactTypes(of values: Slice<UnsafeBufferPointer<Float>>) -> ExactTypes {
        var (low, high) = (Float.infinity, -Float.infinity)
        for value in values {
            guard value.isFinite, value == value.rounded(), value != 0 || value.sign == .plus else { return [] }
            low = min(low, value)
            high = max(high, value)
        }
        return values.isEmpty ? .all : ExactTypes(low: low, high: high)
    }
}

extension WritingOptions.Storage {
    func datatype(of values: VolumeValues, _ workers: Workers) -> Datatype {
        guard self != .float32 else { return .float32 }
        let exact = values.exactTypes(workers)
        if self == .smallest && exact.contains(.uint8) { return .uint8 }
        if exact.contains(.int16) { return .int16 }
        if exact.contains(.uint16) { return .uint16 }
        return exact.contains(.int32) ? .int32 : .float32
    }
}
