import Foundation

/// What another implementation read from a fixture; Tests/Peers/record_formats.py writes these.
public struct Expectation: Decodable, Sendable {
    /// `[channels, depth, height, width]`.
    public var shape: [Int]
    public var digest: String
    /// Places in the flat array and the values there.
    public var samples: [[Double]]
    public var mean: Double
    /// LPS mm.
    public var affine: [[Double]]?
    /// nil or true: a lossy codec, whose decoders may differ by a few levels.
    public var lossy: Bool?
    public var sources: [String]?
    public var slopes: [Double]?
    public var frames: [Int]?
    public var rescale: [Double]?

    /// All expectations of one file in Tests/Peers/expected, by fixture.
    public static func load(_ name: String) throws -> [String: Expectation] {
        let path = Fixtures.root + "/Tests/Peers/expected/" + name
        return try JSONDecoder().decode([String: Expectation].self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// Files that must be refused, and words of the reason.
    public static func refusals(_ name: String) throws -> [String: String] {
        let path = Fixtures.root + "/Tests/Peers/expected/" + name
        return try JSONDecoder().decode([String: String].self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// The digest of record_formats.py: sum of each value's bits times (2 i + 1), modulo 2^64.
    public static func digest(_ values: [Float]) -> String {
        var sum: UInt64 = 0
        values.withUnsafeBufferPointer { values in
            var weight: UInt64 = 1
            for value in values {
                sum &+= UInt64(value.bitPattern) &* weight
                weight &+= 2
            }
        }
        return String(sum)
    }

    /// Largest difference of an affine's entries, or nil when the sizes differ.
    public func largestDifference(fromAffine other: [[Double]]) -> Double? {
        guard let affine, affine.count == other.count else { return nil }
        return zip(affine.joined(), other.joined()).map { abs($0 - $1) }.max()
    }
}
