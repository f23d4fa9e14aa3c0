import Pipelines
import Testing
import Transforms
import Volumes

@testable import Stages

@Suite struct RegionStageTests {
    private let context = StageContext(seed: 1, item: "item")

    /// A block of tissue, 4 x 5 x 6 voxels, in air.
    private func item(modality: Modality = .ct) -> Item {
        let shape = Shape(depth: 10, height: 12, width: 14)
        let geometry = Geometry(spacing: [1, 2, 2])
        var voxels = [Float](repeating: -1000, count: shape.count)
        for z in 3..<7 { for y in 4..<9 { for x in 5..<11 { voxels[(z * 12 + y) * 14 + x] = Float(z * 10 + x) } } }
        return Item(
            name: "item", source: ItemSource(format: "nifti", inputs: [], geometry: geometry, shape: shape),
            volume: Volume(voxels: voxels, shape: shape, geometry: geometry, modality: modality))
    }

    @Test func masksAndBoxesFollowTheCut() throws {
        var item = item()
        try RegionStage().run(&item, context)
        item.boxes = [LabeledBox(label: "body", box: try #require(item.masks["body"]?.boundingBox))]
        var stage = CropForegroundStage()
        stage.margin = 2
        try stage.run(&item, context)
        #expect(item.volume.shape == Shape(depth: 6, height: 7, width: 10))
        #expect(item.volume.geometry.origin == [3, 6, 4])
        #expect(item.masks["body"]?.shape == item.volume.shape)
        #expect(item.masks["body"]?.boundingBox == item.boxes[0].box)
        #expect(item.boxes[0].box == Box(lower: [2, 1, 1], upper: [8, 6, 5]))
        #expect(item.warnings.isEmpty)
    }

    @Test func aPartThatIsNotThereIsAWarning() throws {
        var item = item()
        var region = RegionStage()
        region.part = .lungs
        try region.run(&item, context)
        #expect(item.warnings.map(\.code) == ["body-part"])
        #expect(item.masks["lungs"]?.boundingBox == nil)
        var crop = CropForegroundStage()
        crop.region = "lungs"
        try crop.run(&item, context)
        #expect(item.warnings.map(\.code) == ["body-part", "empty-region"])
        #expect(item.volume.shape == Shape(depth: 10, height: 12, width: 14))
    }

    @Test func aRangeOfValues() throws {
        var item = item()
        var region = RegionStage()
        (region.part, region.lower, region.upper) = (.range, 40, 49)
        try region.run(&item, context)
        #expect(item.masks["range"]?.boundingBox == Box(lower: [5, 4, 3], upper: [11, 9, 5]))
        #expect(RegionStage().mistakes().isEmpty)
        (region.lower, region.upper) = (5, 4)
        #expect(region.mistakes().count == 1)
        (region.lower, region.upper) = (nil, nil)
        #expect(region.mistakes().count == 1)
    }

    /// Both would be called `range`, and the first be lost.
    @Test func twoStagesMakeNoMaskOfOneName() throws {
        func parse(_ stages: String) throws {
            _ = try Pipeline.parse("stages: [\(stages)]\noutputs: { masks: npy }\n", name: "p", registry: .hilum)
        }
        #expect {
            try parse("region: { part: range, lower: 1 }, region: { part: range, lower: 2 }")
        } throws: {
            "\($0)".contains("would replace the mask 'range'")
        }
        try parse("region: { part: range, lower: 1 }, region: { part: body }")
    }

    @Test func aMaskThatCameWithTheImageIsReplacedLoudly() throws {
        var item = item()
        item.masks["body"] = Mask(
            labels: .init(repeating: 1, count: item.volume.shape.count), shape: item.volume.shape,
            geometry: item.volume.geometry)
        try RegionStage().run(&item, context)
        #expect(item.warnings.map(\.code) == ["mask-replaced"])
    }

    @Test func aMaskThatIsNotThereFailsByName() throws {
        var item = item()
        var crop = CropForegroundStage()
        crop.region = "kidneys"
        #expect { try crop.run(&item, context) } throws: { "\($0)".contains("kidneys") && "\($0)".contains("body") }
    }

    @Test func normalisationOverTheBody() throws {
        var item = item()
        var stage = NormalizeStage()
        (stage.method, stage.mask) = (.minMax, "body")
        try stage.run(&item, context)
        #expect(item.volume.voxels.min() == 0 && item.volume.voxels.max() == 1)
        #expect(item.volume.voxels.count { $0 > 0 } == 4 * 5 * 6 - 5)
    }

    @Test func nnunetByADataSetsProperties() throws {
        var item = item()
        var stage = NormalizeStage()
        stage.method = .nnunet
        #expect(stage.mistakes().count == 1)
        stage.properties = [40, 10, 30, 60]
        #expect(stage.mistakes().isEmpty)
        try stage.run(&item, context)
        #expect(item.volume.voxels.min() == -1 && item.volume.voxels.max() == 2)
        stage.mask = "body"
        #expect(stage.mistakes().count == 1)
    }

    @Test func dranWarnsOfPaddingThatIsGone() throws {
        var filled = item()
        filled.volume.attributes.padding = -1000 ... -1000
        var kept = filled
        try RescaleStage().run(&filled, context)
        try DynamicRangeStage().run(&filled, context)
        #expect(filled.warnings.map(\.code) == ["padding-counted"])
        var rescale = RescaleStage()
        rescale.keepPadding = true
        try rescale.run(&kept, context)
        try DynamicRangeStage().run(&kept, context)
        #expect(kept.warnings.isEmpty)
        #expect(kept.masks["padding"]?.labels.count { $0 != 0 } == 10 * 12 * 14 - 120)
    }

    @Test func constantImagesAreReported() throws {
        var item = item()
        item.volume.withMutableVoxels { for index in $0.indices { $0[index] = 5 } }
        var copy = item
        try DynamicRangeStage().run(&item, context)
        #expect(item.warnings.map(\.code) == ["no-dynamic-range"])
        try EqualizeStage().run(&copy, context)
        #expect(copy.warnings.map(\.code) == ["constant-image"])
        #expect(item.volume.voxels.allSatisfy { $0 == 0 } && copy.volume.voxels.allSatisfy { $0 == 0 })
    }
}
