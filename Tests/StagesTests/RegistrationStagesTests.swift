import Files
import NIfTI
import Pipelines
import TestSupport
import Testing
import Transforms
import Volumes

@testable import Stages

@Suite struct RegistrationStagesTests {
    /// Turned by 10 degrees about z, drawn out by 4 % along y, and shifted.
    private let move = AffineTransform(
        columns: [[0.985, 0.174, 0], [-0.181, 1.024, 0], [0, 0, 1]], offset: [12, -8, 15])

    /// The template as another scanner would have it: inverted, 2 mm, its head elsewhere.
    private func item() throws -> Item {
        let template = try StandardTemplate.mni152.load().template.volume
        var volume = try template.resampled(toSpacing: [2, 2, 2])
        volume.mapValues { span in
            for index in span.indices { span[index] = span[index] > 2 ? 800 - 10 * span[index] : 0 }
        }
        volume.geometry = volume.geometry.moved(by: move)
        var item = Item(
            name: "head",
            source: ItemSource(format: "nifti", inputs: [], geometry: volume.geometry, shape: volume.shape),
            volume: volume)
        let labels = volume.voxels.map { UInt8($0 > 250 ? 2 : 0) }
        item.masks["labels"] = Mask(labels: labels, shape: volume.shape, geometry: volume.geometry)
        item.boxes = [LabeledBox(label: "spot", box: Box(lower: [40, 50, 45], upper: [46, 58, 49]))]
        return item
    }

    @Test func aBrainComesToLieOnTheTemplateWithItsMasksAndBoxes() throws {
        var item = try item()
        let (before, box) = (item.volume.geometry, item.boxes[0].box)
        var stage = StandardizeStage()
        stage.spacing = [4, 4, 4]
        try stage.run(&item, StageContext(seed: 1, item: "head"))
        let grid = Grid(try StandardTemplate.mni152.load().template.volume).withSpacing([4, 4, 4])
        #expect(Grid(item.volume) == Grid(shape: grid.shape, geometry: grid.geometry))
        #expect(
            item.source.patient.meanDistance(to: move, over: [[0, 0, 0], [50, 0, 0], [0, 50, 0], [0, 0, 50]]) < 0.3)
        // The mask lies where the image says so.
        let mask = try #require(item.masks["labels"])
        #expect(mask.geometry == item.volume.geometry)
        func disagreement(shifted: Int) -> Int {
            zip(mask.labels.dropFirst(shifted), item.volume.voxels).count { ($0 == 2) != ($1 > 250) }
        }
        #expect(mask.labels.contains(2))
        #expect(disagreement(shifted: 0) < disagreement(shifted: 1) / 2)
        // The box holds the place that it held, and its centre goes back to its voxel of the file.
        let moved = try #require(item.boxes.first).box
        let centre = item.volume.geometry.position(ofIndex: moved.center - 0.5)
        let expected = before.position(ofIndex: box.center - 0.5)
        #expect((item.source.patient(centre) - expected).length < 0.5)
        let back = try #require(item.source.geometry.index(ofPosition: centre))
        #expect((back + 0.5 - box.center).length < 0.25)
        #expect(item.history.entries.isEmpty && item.warnings.isEmpty)
    }

    @Test func whatIsNoHeadFailsWithAReason() throws {
        var item = try item()
        let shape = item.volume.shape
        // A ball of noise, as large as a head.
        var generator = SeededGenerator(seed: 5)
        let voxels = (0..<shape.count).map { offset -> Float in
            let (x, y, z) = (
                offset % shape.width - 49, offset / shape.width % shape.height - 58, offset / shape.sliceCount - 47
            )
            return x * x + y * y + z * z < 1600 ? 100 + Float.random(in: 0...60, using: &generator) : 0
        }
        item.volume = item.volume.with(voxels: voxels, shape: shape, geometry: item.volume.geometry)
        #expect {
            try StandardizeStage().run(&item, StageContext(seed: 1, item: "ball"))
        } throws: { ErrorReport($0).code == "registration-failed" }
    }

    @Test func aReferenceIsReadFromItsFile() throws {
        let folder = try Scratch()
        let reference = try StandardTemplate.mni152.load().template.volume.resampled(toSpacing: [4, 4, 4])
        let writer = try NIfTIWriter(reference)
        let path = "\(folder.path)/reference\(writer.suffix)"
        try AtomicFile.write(path) { (sink) throws(FileError) in try writer.write(to: sink) }
        var item = try item()
        var stage = RegisterStage()
        (stage.to, stage.kind, stage.resolution) = (path, .affine, 2)
        #expect(stage.mistakes().isEmpty)
        try stage.run(&item, StageContext(seed: 1, item: "head"))
        #expect(item.volume.shape == reference.shape)
        #expect(item.source.patient.meanDistance(to: move, over: [[0, 0, 0], [50, 0, 0], [0, 50, 0]]) < 1)
        stage.to = "\(folder.path)/none.nii"
        #expect(stage.mistakes().count == 1)
        stage.to = ""
        #expect(stage.mistakes() == ["to: give the path of a NIfTI file, or first"])
    }

    @Test func channelsComeToLieOnTheFirst() throws {
        var item = try item()
        let first = try item.volume.resampled(toSpacing: [4, 4, 4])
        var second = first
        // The same head a little later, 5 mm away.
        second.geometry.origin += [3, -4, 0]
        let moved = try second.resampled(onto: Grid(first))
        let shape = first.shape
        item.volume = first.with(
            voxels: first.voxels + moved.voxels,
            shape: Shape(channels: 2, depth: shape.depth, height: shape.height, width: shape.width),
            geometry: first.geometry)
        var stage = RegisterStage()
        (stage.to, stage.kind) = ("first", .rigid)
        let geometry = item.volume.geometry
        try stage.run(&item, StageContext(seed: 1, item: "head"))
        #expect(item.volume.shape.channels == 2 && item.volume.geometry == geometry)
        #expect(item.volume.channel(0).voxels == first.voxels)
        func difference(_ other: [Float]) -> Float {
            zip(first.voxels, other).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(first.shape.count)
        }
        #expect(difference(item.volume.channel(1).voxels) < 0.4 * difference(moved.voxels))
    }

    @Test func storedValuesAreRefused() throws {
        var item = try item()
        item.volume.attributes.rescales = [Rescale(slope: 2, intercept: 0)]
        #expect {
            try StandardizeStage().run(&item, StageContext(seed: 1, item: "head"))
        } throws: { ErrorReport($0).message.contains("put `rescale` before `standardize`") }
    }
}
