import TestSupport
import Testing

@testable import Faces

@Suite struct RegionTests {
    private let size = SIMD3(13, 11, 9)

    private func random(_ share: Double, seed: UInt64) -> Region {
        var generator = SeededGenerator(seed: seed)
        let bits = (0..<size.x * size.y * size.z).map { _ in
            UInt8(Double.random(in: 0..<1, using: &generator) < share ? 1 : 0)
        }
        return Region(bits: bits, size: size, spacing: 2)
    }

    private func position(_ index: Int) -> SIMD3<Double> {
        SIMD3(Double(index % size.x), Double(index / size.x % size.y), Double(index / size.x / size.y))
    }

    @Test(arguments: [1.0, 2, 3.5, 5.7, 9])
    func dilationEqualsTheDistanceToEveryVoxel(distance: Double) {
        let region = random(0.01, seed: 3)
        let set = region.bits.indices.filter { region.bits[$0] != 0 }.map(position)
        let expected = region.bits.indices.map { index in
            set.contains { (($0 - position(index)) * ($0 - position(index))).sum() * 4 <= distance * distance + 1e-3 }
        }
        #expect(region.dilated(by: distance).bits == expected.map { $0 ? 1 : 0 })
    }

    @Test func erosionIsDilationOfTheRest() {
        let region = random(0.9, seed: 4)
        #expect(region.eroded(by: 3).bits == region.complement.dilated(by: 3).complement.bits)
    }

    @Test func partsAreToldApartByFaces() {
        var bits = [UInt8](repeating: 0, count: 27)
        // Three in a row, and one that touches them by an edge only.
        for index in [0, 1, 2, 12] { bits[index] = 1 }
        let region = Region(bits: bits, size: [3, 3, 3], spacing: 1)
        #expect(region.largestPart.count == 3)
        var corner = [UInt8](repeating: 0, count: 27)
        corner[12] = 1
        let other = Region(bits: corner, size: [3, 3, 3], spacing: 1)
        #expect(region.parts(touching: other).bits == corner)
        #expect(region.part(mostIn: other).bits == corner)
        #expect(region.part(mostIn: Region(bits: bits.map { _ in 0 }, size: [3, 3, 3], spacing: 1)).count == 0)
        #expect(region.parts(ofAtLeast: 2).count == 3)
    }

    @Test func fillingClosesWhatTheEdgeCannotReach() {
        var bits = [UInt8](repeating: 1, count: 125)
        bits[62] = 0  // the centre of a cube of 5
        bits[12] = 0  // open to the edge
        let filled = Region(bits: bits, size: [5, 5, 5], spacing: 1).filled
        #expect(filled.bits[62] == 1 && filled.bits[12] == 0)
    }

    @Test func overlapIsDice() {
        let (a, b) = (random(0.4, seed: 5), random(0.4, seed: 6))
        let both = zip(a.bits, b.bits).count { $0 == 1 && $1 == 1 }
        #expect(abs(a.overlap(with: b) - 2 * Double(both) / Double(a.count + b.count)) < 1e-12)
        #expect(abs(a.share(in: b) - Double(both) / Double(a.count)) < 1e-12)
    }
}
