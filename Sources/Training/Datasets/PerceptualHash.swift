#if canImport(Glibc)
    import Glibc
#endif

/// What an image looks like in 64 bits, and small: like images have like hashes.
public struct PerceptualHash: Sendable, Hashable {
    /// pHash (Zauner 2010): the signs, against their median, of the 64 lowest frequencies of a 32 x 32 cosine transform, but
    /// the mean's.
    public var bits: UInt64
    /// The image in 16 x 16 values of mean 0 and length 1, to tell like from the same.
    public var thumbnail: [Float]

    static let side = 32

    /// - Parameters: `pixels` of a gray image, row by row.
    public init(pixels: [Float], width: Int, height: Int) {
        precondition(pixels.count == width * height && width > 0 && height > 0, "\(pixels.count) pixels")
        let small = Self.averaged(pixels, width, height, to: Self.side)
        bits = Self.hash(small)
        var thumbnail = Self.averaged(small, Self.side, Self.side, to: 16)
        let mean = thumbnail.reduce(0, +) / Float(thumbnail.count)
        for index in thumbnail.indices { thumbnail[index] -= mean }
        let length = thumbnail.reduce(0) { $0 + $1 * $1 }.squareRoot()
        self.thumbnail = length > 0 ? thumbnail.map { $0 / length } : thumbnail
    }

    /// Of 64 bits, those that differ.
    public func distance(_ other: PerceptualHash) -> Int { (bits ^ other.bits).nonzeroBitCount }

    /// Pearson's correlation of the thumbnails.
    public func correlation(_ other: PerceptualHash) -> Float {
        var sum: Float = 0
        for index in thumbnail.indices { sum += thumbnail[index] * other.thumbnail[index] }
        return sum
    }

    /// Means over equal areas, parts of pixels counting in part.
    static func averaged(_ pixels: [Float], _ width: Int, _ height: Int, to side: Int) -> [Float] {
        let across = weights(width, side)
        let down = weights(height, side)
        var rows = [Float](repeating: 0, count: height * side)
        for y in 0..<height {
            for (x, (start, parts)) in across.enumerated() {
                var sum: Float = 0
                for (offset, part) in parts.enumerated() { sum += part * pixels[y * width + start + offset] }
                rows[y * side + x] = sum
            }
        }
        var small = [Float](repeating: 0, count: side * side)
        for (y, (start, parts)) in down.enumerated() {
            for (offset, part) in parts.enumerated() {
                for x in 0..<side { small[y * side + x] += part * rows[(start + offset) * side + x] }
            }
        }
        return small
    }

    private static func weights(_ count: Int, _ side: Int) -> [(start: Int, parts: [Float])] {
        (0..<side).map { cell in
            let low = Double(cell) * Double(count) / Double(side)
            let high = Double(cell + 1) * Double(count) / Double(side)
            let start = Int(low)
            let end = min(max(Int(high.rounded(.up)), start + 1), count)
            let parts = (start..<end).map { Float((min(high, Double($0 + 1)) - max(low, Double($0))) / (high - low)) }
            return (start, parts)
        }
    }

    private static func hash(_ small: [Float]) -> UInt64 {
        let n = side
        let cosines = (0..<8).map { k in (0..<n).map { cos(Float.pi * Float(k) * (Float($0) + 0.5) / Float(n)) } }
        var rows = [Float](repeating: 0, count: n * 8)
        for y in 0..<n {
            for k in 0..<8 { rows[y * 8 + k] = (0..<n).reduce(0) { $0 + small[y * n + $1] * cosines[k][$1] } }
        }
        var frequencies = [Float](repeating: 0, count: 64)
        for v in 0..<8 {
            for u in 0..<8 { frequencies[v * 8 + u] = (0..<n).reduce(0) { $0 + rows[$1 * 8 + u] * cosines[v][$1] } }
        }
        let sorted = frequencies.dropFirst().sorted()
        let median = sorted[sorted.count / 2]
        return frequencies.indices.dropFirst().reduce(0) { bits, index in
            frequencies[index] > median ? bits | 1 << UInt64(index) : bits
        }
    }
}
