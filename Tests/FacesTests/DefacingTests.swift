import TestSupport
import Testing
import Transforms
import Volumes

@testable import Faces

@Suite struct DefacingTests {
    /// Nothing of the brain or within the margin changes; nose, lips and chin go; the rest stays as it was.
    private func check(_ before: Volume, _ result: DefacedVolume, of head: TestHead) throws {
        let labels = result.changed.labels
        #expect(zip(head.brain, labels).count { $0 && $1 != 0 } == 0)
        #expect(zip(head.aroundBrain, labels).count { $0 && $1 != 0 } == 0)
        #expect(zip(labels, zip(before.voxels, result.volume.voxels)).allSatisfy { $0 != 0 || $1.0 == $1.1 })
        #expect(Set(zip(labels, result.volume.voxels).filter { $0.0 != 0 }.map(\.1)).count == 1)
        #expect(result.verdict.faceSurfaceRemoved > 0.97)
        #expect(result.verdict.changedVoxels == labels.count { $0 != 0 })
        // Tip of the nose, lips, chin, pupils; and what has to stay: crown, occiput.
        for place in [[0.0, -82, -62], [0, -72, -85], [0, -65, -105], [27, -66, -32], [-27, -66, -32]] {
            #expect(try label(at: place, labels, before, head) == 1, "\(place)")
        }
        for place in [[0.0, 8, 70], [0, 80, 0], [0, -60, 20], [0, 30, -90]] {
            #expect(try label(at: place, labels, before, head) == 0, "\(place)")
        }
    }

    private func label(at place: [Double], _ labels: [UInt8], _ volume: Volume, _ head: TestHead) throws -> UInt8 {
        let position = head.map([place[0], place[1], place[2]])
        let index = try #require(volume.geometry.index(ofPosition: position)).rounded(.toNearestOrEven)
        return labels[(Int(index.z) * volume.shape.height + Int(index.y)) * volume.shape.width + Int(index.x)]
    }

    @Test(.enabled(if: !isSanitized, "whole heads take long, and others of these tests go the same way"))
    func mrOfAnyWeighting() throws {
        let head = TestHead()
        let (volume, defaced) = try TestHead.defaced.get()
        try check(volume, defaced, of: head)
        // Bright becomes dark: a weighting that the average head has never seen, in two channels.
        var other = volume
        other.withMutableVoxels { span in
            for index in span.indices where span[index] > 60 { span[index] = 400 - span[index] }
        }
        let shape = Shape(
            channels: 2, depth: volume.shape.depth, height: volume.shape.height, width: volume.shape.width)
        let pair = other.with(voxels: other.voxels + volume.voxels, shape: shape, geometry: volume.geometry)
        let result = try Defacing.deface(pair)
        #expect(result.volume.shape == shape)
        let count = volume.shape.voxelCount
        let second = result.volume.with(
            voxels: Array(result.volume.voxels[count...]), shape: volume.shape, geometry: volume.geometry)
        try check(volume, DefacedVolume(volume: second, changed: result.changed, verdict: result.verdict), of: head)
    }

    @Test func ctStaysWordsAndIsFilledWithItsOwnAir() throws {
        let head = TestHead()
        let volume = head.ct
        let result = try Defacing.deface(volume)
        try check(volume, result, of: head)
        #expect(abs(result.verdict.fill + 1000) <= 1)
        guard case .words(let words, _) = result.volume.storage else {
            Issue.record("words became floats")
            return
        }
        #expect(zip(words, result.changed.labels).allSatisfy { $1 == 0 || Float($0) - 1024 == result.verdict.fill })
        #expect(result.volume.attributes.rescales == volume.attributes.rescales)
        // Once is enough: the second time there is no face.
        let again = HeadCheck.examine(result.volume)
        #expect(again.finding == .headWithoutFace, "\(again)")
    }

    @Test func everyOrderOfAxesGivesTheSameVoxels() throws {
        let (volume, expected) = try TestHead.defaced.get()
        // Sagittal slices from left to right: the axes z, y, x of the file, x reversed.
        let shape = Shape(depth: volume.shape.width, height: volume.shape.height, width: volume.shape.depth)
        let steps = volume.geometry.steps
        let geometry = Geometry(
            origin: volume.geometry.position(ofIndex: [Double(shape.depth - 1), 0, 0]), xStep: steps[2],
            yStep: steps[1], zStep: -steps[0])
        func sagittal<Element>(_ values: [Element]) -> [Element] {
            var result: [Element] = []
            for x in (0..<volume.shape.width).reversed() {
                for y in 0..<volume.shape.height {
                    for z in 0..<volume.shape.depth {
                        result.append(values[(z * volume.shape.height + y) * volume.shape.width + x])
                    }
                }
            }
            return result
        }
        let turned = volume.with(voxels: sagittal(volume.voxels), shape: shape, geometry: geometry)
        let result = try Defacing.deface(turned)
        // Rounding may move a plane across a voxel's centre here and there.
        let differing = zip(result.changed.labels, sagittal(expected.changed.labels)).count { $0 != $1 }
        #expect(differing <= expected.verdict.changedVoxels / 1000)
    }

    @Test(.enabled(if: !isSanitized, "whole heads take long, and others of these tests go the same way"))
    func slicesOfSeveralScalesAreFilledEachInItsOwn() throws {
        let head = TestHead()
        var volume = head.mr
        let slice = volume.shape.sliceCount
        volume.attributes.rescales = (0..<volume.shape.depth).map { Rescale(slope: Double($0 % 3 + 1), intercept: 20) }
        volume.withMutableVoxels { span in
            for index in span.indices { span[index] = (span[index] - 20) / Float(index / slice % 3 + 1) }
        }
        var options = Defacing.Options()
        options.removesEars = false
        let result = try Defacing.deface(volume, options: options)
        #expect(!result.changed.labels.contains(2))
        for index in result.changed.labels.indices where result.changed.labels[index] != 0 {
            let output = result.volume.voxels[index] * Float(index / slice % 3 + 1) + 20
            #expect(abs(output - result.verdict.fill) < 1e-3)
            if abs(output - result.verdict.fill) >= 1e-3 { break }
        }
    }
}
