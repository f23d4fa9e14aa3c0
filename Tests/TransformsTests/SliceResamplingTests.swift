import TestSupport
import Testing
import Transforms
import Volumes

/// Rows that come one by one, rows in memory, words and floats: one result.
@Suite struct SliceResamplingTests {
    private static let grids: [(from: [Int], to: [Int])] = [
        ([48, 128], [12, 32]), ([51, 60], [17, 20]), ([40, 100], [20, 50]), ([37, 77], [24, 90]), ([5, 300], [90, 3]),
        ([700, 3], [2, 3]), ([1, 1], [4, 4]), ([32, 128], [16, 128]),
    ]
    private static let cases = grids.flatMap { grid in Interpolation.allCases.map { (grid.from, grid.to, $0) } }
    /// Words that are their own value, those of a slope, and those that only a table tells. Made once: unoptimised, that is
    /// most of the time.
    private static let tables: [WordValues] = {
        let rules: [(UInt16) -> Float] = [{ Float($0) }, { Float($0 & 1023) * 2 - 7 }, { Float($0 &* 40503 >> 3) }]
        return rules.map { rule in WordValues((0...UInt16.max).map(rule)) }
    }()

    @Test(arguments: cases) func rowsGiveTheBitsOfTheWhole(from: [Int], to: [Int], _ interpolation: Interpolation)
        throws
    {
        let shape = Shape(depth: 1, height: from[0], width: from[1])
        var random = SeededGenerator(seed: UInt64(from[0] * 1000 + to[1]))
        let words = (0..<shape.count).map { _ in UInt16.random(in: 0...4095, using: &random) }
        for values in Self.tables {
            let storages = [Voxels.words(words, values), .floats(words.map { values[$0] })]
            for antialias in [true, false] {
                let resampling = try #require(
                    SliceResampling(
                        of: shape, height: to[0], width: to[1], interpolation: interpolation, antialias: antialias))
                var (row, most) = (0, 0)
                let rows = resampling.run(values) { count, out in
                    for index in 0..<count * shape.width { out[index] = words[row * shape.width + index] }
                    (row, most) = (row + count, max(most, count))
                }
                #expect(row <= shape.height)
                for storage in storages {
                    let volume = Volume(storage: storage, shape: shape, geometry: Geometry(spacing: [1, 1, 1]))
                    let whole = try volume.resampled(
                        depth: 1, height: to[0], width: to[1], interpolation: interpolation, antialias: antialias)
                    #expect(whole.voxels == rows)
                    #expect(whole.shape == resampling.shape)
                    #expect(whole.geometry == volume.geometry.scaled(by: resampling.scale))
                }
            }
        }
    }

    /// Whole factors take a way of their own: compared with sums in double. (The cubic spline: `CubicTests`.)
    @Test(arguments: [2, 3, 4, 5], [Interpolation.nearest, .area, .linear]) func wholeFactors(
        factor: Int, _ interpolation: Interpolation
    ) throws {
        let (height, width) = (3, 48)
        let shape = Shape(depth: 1, height: height * factor, width: width * factor)
        var random = SeededGenerator(seed: UInt64(factor))
        let voxels = (0..<shape.count).map { _ in Float.random(in: -1000...3000, using: &random) }
        let ours = try Volume(voxels: voxels, shape: shape, geometry: Geometry(spacing: [1, 1, 1])).resampled(
            depth: 1, height: height, width: width, interpolation: interpolation)
        func weights(_ index: Int, _ count: Int) -> [Double] {
            let center = (Double(index) + 0.5) * Double(factor)
            let weights = (0..<count).map { place -> Double in
                let distance = abs(Double(place) + 0.5 - center)
                switch interpolation {
                case .nearest: return place == Int(center) ? 1 : 0
                case .area: return place / factor == index ? 1 : 0
                case .linear, .cubic: return max(0, 1 - distance / Double(factor))
                }
            }
            let sum = weights.reduce(0, +)
            return weights.map { $0 / sum }
        }
        for y in 0..<height {
            let down = weights(y, shape.height)
            for x in 0..<width {
                let across = weights(x, shape.width)
                var sum = 0.0
                for row in 0..<shape.height where down[row] > 0 {
                    for column in 0..<shape.width where across[column] > 0 {
                        sum += down[row] * across[column] * Double(voxels[row * shape.width + column])
                    }
                }
                #expect(abs(Double(ours.voxels[y * width + x]) - sum) < 1e-3)
            }
        }
    }

    @Test func theSameGridNeedsNoResampling() {
        #expect(SliceResampling(of: Shape(depth: 1, height: 4, width: 5), height: 4, width: 5) == nil)
    }

    @Test func failuresOfTheReaderComeThrough() throws {
        struct Torn: Error {}
        let shape = Shape(depth: 1, height: 100, width: 100)
        let resampling = try #require(SliceResampling(of: shape, height: 10, width: 10))
        let values = WordValues((0...UInt16.max).map { Float($0) })
        #expect(throws: Torn.self) { try resampling.run(values) { _, _ throws(Torn) in throw Torn() } }
    }
}
