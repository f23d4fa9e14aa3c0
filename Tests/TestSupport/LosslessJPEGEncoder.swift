/// JPEG lossless with Huffman coding (ITU-T T.81, process 14) of one component, written plainly from the standard, so that
/// there is something to decode that no decoder's author had a hand in.
public struct LosslessJPEGEncoder: Sendable {
    public var width: Int
    public var height: Int
    /// Bits of a sample: 2 to 16.
    public var precision: Int
    /// 1 to 7 (table H.1).
    public var predictor = 1
    /// Low bits that are left out.
    public var pointTransform = 0
    /// Rows between restart markers; 0 for none.
    public var restartRows = 0
    /// Codes of each length from 1 to 16, and the categories that they stand for, shortest first.
    public var counts: [Int] = [0, 0, 0, 0, 17] + [Int](repeating: 0, count: 11)
    public var categories: [Int] = Array(0...16)

    public init(width: Int, height: Int, precision: Int) {
        (self.width, self.height, self.precision) = (width, height, precision)
    }

    /// Codes of 1 to 14 bits and three of 16: most are longer than any table that is looked up at once.
    public mutating func useLongCodes(startingWith first: Int) {
        counts = [Int](repeating: 1, count: 14) + [0, 3]
        categories = (0...16).map { ($0 + first) % 17 }
    }

    /// - Parameter samples: `width * height` values below `2^precision`, row by row.
    public func encode(_ samples: [UInt16]) -> [UInt8] {
        var out: [UInt8] = [0xFF, 0xD8]
        segment(0xC3, [precision] + word(height) + word(width) + [1, 1, 0x11, 0], to: &out)
        segment(0xC4, [0] + counts + categories, to: &out)
        if restartRows > 0 { segment(0xDD, word(restartRows * width), to: &out) }
        segment(0xDA, [1, 1, 0, predictor, 0, pointTransform], to: &out)
        let values = samples.map { Int($0) >> pointTransform }
        var bits = BitWriter()
        for y in 0..<height {
            let isFirst = y == 0 || restartRows > 0 && y % restartRows == 0
            if isFirst && y > 0 { out += bits.finish() + [0xFF, UInt8(0xD0 + (y / restartRows - 1) % 8)] }
            for x in 0..<width {
                let at = y * width + x
                write(values[at] - prediction(values, x, at, isFirst), to: &bits)
            }
        }
        return out + bits.finish() + [0xFF, 0xD9]
    }

    private func prediction(_ values: [Int], _ x: Int, _ at: Int, _ isFirstRow: Bool) -> Int {
        if isFirstRow { return x == 0 ? 1 << (precision - pointTransform - 1) : values[at - 1] }
        let above = values[at - width]
        guard x > 0 else { return above }
        let (left, corner) = (values[at - 1], values[at - width - 1])
        switch predictor {
        case 1: return left
        case 2: return above
        case 3: return corner
        case 4: return left + above - corner
        case 5: return left + (above - corner) >> 1
        case 6: return above + (left - corner) >> 1
        default: return (left + above) >> 1
        }
    }

    private func write(_ difference: Int, to bits: inout BitWriter) {
        var value = difference & 0xFFFF
        if value > 32768 { value -= 65536 }
        let category = value == 0 ? 0 : Int.bitWidth - abs(value).leadingZeroBitCount
        // The code of a category (C.2): counted up, doubled at each length.
        var (code, place) = (0, 0)
        for (length, count) in zip(1..., counts) {
            if let index = categories[place..<place + count].firstIndex(of: category) {
                bits.write(code + index - place, length)
                break
            }
            (code, place) = ((code + count) << 1, place + count)
        }
        if category > 0, category < 16 { bits.write(value > 0 ? value : value + (1 << category) - 1, category) }
    }

    private func word(_ value: Int) -> [Int] { [value >> 8, value & 255] }

    private func segment(_ marker: UInt8, _ bytes: [Int], to out: inout [UInt8]) {
        out += [0xFF, marker] + (word(bytes.count + 2) + bytes).map { UInt8($0) }
    }
}

/// Bits into bytes, the first in the highest place, a zero behind each 0xFF, the rest of the last byte filled with ones.
private struct BitWriter {
    private var bytes: [UInt8] = []
    private var (byte, count) = (0, 0)

    mutating func write(_ value: Int, _ length: Int) {
        for place in stride(from: length - 1, through: 0, by: -1) {
            byte = byte << 1 | (value >> place) & 1
            count += 1
            if count == 8 {
                bytes += byte == 0xFF ? [0xFF, 0] : [UInt8(byte)]
                (byte, count) = (0, 0)
            }
        }
    }

    /// The bytes so far; the next bits begin anew.
    mutating func finish() -> [UInt8] {
        while count > 0 { write(1, 1) }
        defer { bytes = [] }
        return bytes
    }
}
