import Pipelines
import Testing
import Transforms
import Volumes

@testable import Stages

struct GridMoveTests {
    /// A block of label 3 in a volume of 6 x 8 x 10, with a box around it.
    private func item() -> Item {
        let shape = Shape(depth: 6, height: 8, width: 10)
        let geometry = Geometry(origin: [1, 2, 3], spacing: [2, 1, 3])
        var labels = [UInt8](repeating: 0, count: shape.count)
        for (z, y, x) in [(1, 2, 3), (2, 4, 5), (3, 2, 6)] { labels[(z * 8 + y) * 10 + x] = 3 }
        let mask = Mask(labels: labels, shape: shape, geometry: geometry)
        var item = Item(
            name: "item", source: ItemSource(format: "nifti", inputs: [], geometry: geometry, shape: shape),
            volume: Volume(voxels: labels.map(Float.init), shape: shape, geometry: geometry))
        item.masks["labels"] = mask
        item.boxes = [LabeledBox(label: "lesion", box: mask.boundingBox!)]
        return item
    }

    @Test(arguments: ["flip", "crop", "reorient", "resample"])
    func masksAndBoxesFollowTheImage(name: String) throws {
        var item = item()
        let context = StageContext(seed: 1, item: "item")
        switch name {
        case "flip":
            var stage = FlipStage()
            (stage.axis, stage.probability) = (.x, 1)
            try stage.run(&item, context)
        case "crop":
            var stage = CropPadStage()
            stage.size = [6, 8, 9]
            try stage.run(&item, context)
        case "reorient":
            item.volume = item.volume.flipped(.z)
            item.masks["labels"] = Mask(item.masks["labels"]!.volume.flipped(.z))
            item.boxes[0].box = item.masks["labels"]!.boundingBox!
            try ReorientStage().run(&item, context)
        default:
            var stage = ResampleStage()
            (stage.spacing, stage.interpolation) = ([1, 0.5, 1.5], .nearest)
            try stage.run(&item, context)
        }
        let mask = try #require(item.masks["labels"])
        #expect(mask.labels.map(Float.init) == item.volume.voxels)
        #expect(mask.geometry == item.volume.geometry)
        #expect(mask.boundingBox == item.boxes.first?.box)
        #expect(item.warnings.isEmpty)
    }

    @Test func aBoxOutsideTheNewGridIsReported() throws {
        var item = item()
        item.boxes.append(LabeledBox(label: "corner", box: Box(x: 0...1, y: 0...1, slice: 0)))
        var stage = CropPadStage()
        stage.size = [4, 4, 4]
        try stage.run(&item, StageContext(seed: 1, item: "item"))
        #expect(item.boxes.map(\.label) == ["lesion"])
        #expect(item.warnings.map(\.code) == ["box-outside"])
    }
}
