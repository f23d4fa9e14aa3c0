import TestSupport
import Testing
import Volumes

@testable import Transforms

@Suite struct RegionsTests {
    let recorded = RecordedIntensity.shared
    let shape = Shape(depth: 4, height: 7, width: 70)

    private var mask: Mask { Mask(labels: recorded.mask, shape: shape, geometry: Geometry(spacing: .one)) }

    @Test func componentsAreNumberedAsBySciPy() {
        #expect(Components(mask, .faces).image == recorded.components.faces)
        #expect(Components(mask, .corners).image == recorded.components.corners)
    }

    @Test func holesAreFilledAsBySciPy() {
        #expect(mask.filled().labels.map(UInt32.init) == recorded.components.filled)
        #expect(mask.filled(inSlices: true).labels.map(UInt32.init) == recorded.components.filledInSlices)
    }

    /// Widths around the 64 voxels that are looked at together, and labels other than 1.
    @Test(arguments: [1, 7, 8, 63, 64, 65, 127, 128, 130]) func componentsEqualAFloodFill(width: Int) {
        var random = SeededGenerator(seed: UInt64(width))
        for share in [0, 0.3, 0.6, 1] {
            let shape = Shape(depth: 3, height: 5, width: width)
            let labels = (0..<shape.count).map { _ in Double.random(in: 0..<1, using: &random) < share ? UInt8(200) : 0
            }
            let mask = Mask(labels: labels, shape: shape, geometry: .pixels)
            for connectivity in Connectivity.allCases {
                let parts = Components(mask, connectivity)
                let expected = flooded(mask, connectivity)
                #expect(parts.image == expected)
                let sizes = (1...max(parts.count, 1)).map { label in expected.count { $0 == UInt32(label) } }
                #expect(parts.count == Int(expected.max() ?? 0))
                #expect(parts.count == 0 || Array(parts.sizes.dropFirst()) == sizes)
            }
        }
    }

    @Test func theLargestPartIsTheFirstOfSeveral() {
        let row = Mask(
            labels: [1, 1, 0, 9, 9, 0, 1], shape: Shape(depth: 1, height: 1, width: 7), geometry: .pixels)
        #expect(row.largestPart().labels == [1, 1, 0, 0, 0, 0, 0])
        let none = Mask(labels: [0, 0], shape: Shape(depth: 1, height: 1, width: 2), geometry: .pixels)
        #expect(none.largestPart().labels == [0, 0])
        #expect(Components(none).largest == nil)
    }

    @Test func boxesGoAroundWhatIsMarked() {
        var labels = [UInt8](repeating: 0, count: 3 * 5 * 130)
        let shape = Shape(depth: 3, height: 5, width: 130)
        #expect(Mask(labels: labels, shape: shape, geometry: .pixels).boundingBox == nil)
        for (z, y, x) in [(1, 4, 3), (2, 1, 128), (1, 2, 64)] { labels[(z * 5 + y) * 130 + x] = 1 }
        let box = Mask(labels: labels, shape: shape, geometry: .pixels).boundingBox
        #expect(box == Box(lower: [3, 1, 1], upper: [129, 5, 3]))
    }

    @Test func marginsAreInMillimetresAndEndWithTheImage() {
        let (box, shape) = (Box(lower: [10, 10, 2], upper: [20, 20, 4]), Shape(depth: 6, height: 100, width: 100))
        let geometry = Geometry(spacing: [0.5, 2, 5])
        #expect(box.grown(byMargin: 4, on: geometry, within: shape) == Box(lower: [2, 8, 1], upper: [28, 22, 5]))
        #expect(box.grown(byMargin: 4, on: .pixels, within: shape) == Box(lower: [6, 6, 0], upper: [24, 24, 6]))
        #expect(box.grown(byMargin: 0, on: geometry, within: shape) == box)
    }

    @Test func croppedVoxelsStayWhereTheyAre() {
        let volume = RecordedTransforms.shared.cube(spacing: [2, 3, 4])
        let cut = volume.cropped(to: Box(lower: [2, 1, 3], upper: [5, 4, 4]))
        #expect(cut.shape == Shape(depth: 1, height: 3, width: 3))
        #expect(cut.geometry.origin == [4, 3, 12])
        let place = (3 * 9 + 2) * 11 + 3
        #expect(cut.voxels[4] == volume.voxels[place])
    }

    @Test func otsuPartsTwoClasses() throws {
        var values: [Float] = []
        for index in 0..<300 { values.append(index % 3 == 0 ? Float(100 + index % 7) : Float(10 + index % 5)) }
        let volume = RecordedTransforms.row(values)
        let threshold = try volume.otsuThreshold()
        #expect(threshold >= 14 && threshold <= 100)
        #expect(throws: TransformError.self) { try RecordedTransforms.row([5, 5, 5]).otsuThreshold() }
        #expect(throws: TransformError.self) { try RecordedTransforms.row([5, .infinity, 3]).otsuThreshold() }
        #expect(throws: TransformError.self) { try RecordedTransforms.row([5, .nan]).mask(within: 0...1) }
    }

    /// Parts by depth-first search, numbered as they are met.
    private func flooded(_ mask: Mask, _ connectivity: Connectivity) -> [UInt32] {
        let shape = mask.shape
        var labels = [UInt32](repeating: 0, count: shape.count)
        var next: UInt32 = 0
        for seed in 0..<shape.count where mask.labels[seed] != 0 && labels[seed] == 0 {
            next += 1
            labels[seed] = next
            var stack = [seed]
            while let place = stack.popLast() {
                let (x, y, z) = (place % shape.width, place / shape.width % shape.height, place / shape.sliceCount)
                for offset in 0..<27 {
                    let (dx, dy, dz) = (offset % 3 - 1, offset / 3 % 3 - 1, offset / 9 - 1)
                    guard connectivity == .corners || abs(dx) + abs(dy) + abs(dz) == 1,
                        (0..<shape.width).contains(x + dx), (0..<shape.height).contains(y + dy),
                        (0..<shape.depth).contains(z + dz)
                    else { continue }
                    let neighbour = place + dx + dy * shape.width + dz * shape.sliceCount
                    guard mask.labels[neighbour] != 0, labels[neighbour] == 0 else { continue }
                    labels[neighbour] = next
                    stack.append(neighbour)
                }
            }
        }
        return labels
    }
}
