import Parallel
import Pipelines
import Testing
import Transforms
import Volumes

@testable import Stages

@Suite struct RandomStagesTests {
    /// A bright block in a smooth volume, with its mask and box.
    static func item(depth: Int = 12) -> Item {
        let shape = Shape(depth: depth, height: 48, width: 56)
        let geometry = Geometry(origin: [1, 2, 3], spacing: [1, 1, 2])
        var labels = [UInt8](repeating: 0, count: shape.count)
        for z in depth / 3..<depth / 3 + max(depth / 3, 1) {
            for y in 18..<30 { for x in 20..<36 { labels[(z * 48 + y) * 56 + x] = 1 } }
        }
        let voxels = labels.enumerated().map {
            Float($0.element) + Float($0.offset % 56) / 200 + Float($0.offset / 56 % 48) / 500
        }
        let mask = Mask(labels: labels, shape: shape, geometry: geometry)
        var item = Item(
            name: "item", source: ItemSource(format: "nifti", inputs: [], geometry: geometry, shape: shape),
            volume: Volume(voxels: voxels, shape: shape, geometry: geometry))
        item.masks["labels"] = mask
        item.boxes = [LabeledBox(label: "block", box: mask.boundingBox!)]
        return item
    }

    static func context(_ variant: Int = 0) -> StageContext {
        StageContext(seed: 4, item: "item", variant: variant, stageIndex: 3)
    }

    static let random = [
        "flip", "affine", "rotate", "scale", "translate", "elastic", "density-shift", "brightness", "contrast", "gamma",
        "noise", "blur", "bias-field", "ghosting", "motion", "patch-mask", "cut-out", "lesions",
    ]

    /// A configured stage of the registry, as a pipeline file would make it.
    static func stage(_ text: String) throws -> ConfiguredStage<Item> {
        try Pipeline.parse("stages: [\(text)]\noutputs: { tensors: npy }\n", name: "p", registry: .hilum).stages[0]
    }

    @Test func allOfThemAreRegistered() throws {
        #expect(Set(Registry.hilum.stages.filter(\.isRandom).map(\.name)) == Set(Self.random))
    }

    @Test(arguments: random) func drawsDependOnVariantAndNothingElse(name: String) throws {
        let stage = try Self.stage("\(name): { probability: 1 }")
        func result(_ variant: Int, _ workers: Int = 1) throws -> ([Float], String) {
            var (item, context) = (Self.item(), Self.context(variant))
            context.workers = .init(count: workers)
            try Pipeline(name: "p", input: .init(), stages: [stage], outputs: []).run(
                &item, named: "item", seed: 4, variant: variant, workers: .init(count: workers))
            #expect(item.volume.voxels.allSatisfy { $0.isFinite })
            #expect(item.volume.voxels != Self.item().volume.voxels)
            return (item.volume.voxels, item.history.json.text())
        }
        let first = try result(0)
        for workers in [1, 2, 4] {
            let again = try result(0, workers)
            #expect(again.0 == first.0 && again.1 == first.1)
        }
        #expect(first.1.contains(name == "flip" ? "\"flipped\":true" : "\"applied\":true"))
        if name != "flip" { #expect(try result(1).0 != first.0) }
    }

    @Test(arguments: random) func probabilityZeroTouchesNothing(name: String) throws {
        var item = Self.item()
        try Self.stage("\(name): { probability: 0 }").run(&item, Self.context())
        #expect(item.volume.voxels == Self.item().volume.voxels)
        #expect(item.masks.keys.sorted() == ["labels"] && item.boxes == Self.item().boxes)
    }

    /// The mask stays on the bright block, and the box around the mask.
    @Test(
        arguments: [
            "flip: { probability: 1 }", "affine: { degrees: [10, 15], scale: [0.8, 0.85] }",
            "rotate: { degrees: [10, 20] }", "scale: { factor: [1.2, 1.3] }", "translate: { distance: [3, 6] }",
            "elastic: { alpha: [3, 4] }",
        ], [12, 1])
    func masksAndBoxesFollow(text: String, depth: Int) throws {
        var item = Self.item(depth: depth)
        try Self.stage(text).run(&item, Self.context())
        let mask = try #require(item.masks["labels"])
        #expect(mask.geometry == item.volume.geometry)
        let inside = item.volume.voxels.indices.filter { mask.labels[$0] != 0 }
        let outside = item.volume.voxels.indices.filter { mask.labels[$0] == 0 }
        #expect(inside.count > 100)
        #expect(inside.allSatisfy { item.volume.voxels[$0] > 0.3 })
        #expect(outside.allSatisfy { item.volume.voxels[$0] < 1 })
        let (box, tight) = (try #require(item.boxes.first?.box), try #require(mask.boundingBox))
        // Corners of voxels count for the box, centres for the mask.
        #expect(all(box.lower .<= tight.lower + 0.5) && all(box.upper .>= tight.upper - 0.5))
        #expect(all(box.size .< tight.size * 1.7 + 2))
    }

    @Test func boxesOfLesionsAreThoseOfTheirMask() throws {
        var item = Self.item()
        item.boxes = []
        try Self.stage("lesions: { count: [2, 2], diameter: [6, 8] }").run(&item, Self.context())
        let mask = try #require(item.masks["lesions"])
        #expect(!item.boxes.isEmpty && item.boxes.allSatisfy { $0.label == "nodule" })
        for (index, labeled) in item.boxes.enumerated() {
            let own = Mask(
                labels: mask.labels.map { $0 == UInt8(index + 1) ? 1 : 0 }, shape: mask.shape, geometry: mask.geometry)
            #expect(own.boundingBox == labeled.box)
        }
        #expect(throws: TransformError.self) {
            try Self.stage("lesions: { within: lungs }").run(&item, Self.context())
        }
        // Centres within a mask, and numbers that go on where a stage before has ended.
        let before = item.boxes.count
        try Self.stage("lesions: { within: labels, count: [1, 1], diameter: [3, 4], kind: opacity, edge: [1, 1] }").run(
            &item, Self.context(1))
        #expect(item.boxes.count == before + 1 && item.boxes.last?.label == "opacity")
        #expect(item.masks["lesions"]?.labels.max() == UInt8(before + 1))
    }

    @Test func hiddenPatchesAreKept() throws {
        var item = Self.item()
        try Self.stage("patch-mask: { size: [8, 8], ratio: 0.25 }").run(&item, Self.context())
        let mask = try #require(item.masks["patches"])
        // 12 x 6 x 7 patches, of which a quarter.
        #expect(mask.labels.filter { $0 != 0 }.count == 126 * 64)
        #expect(zip(mask.labels, item.volume.voxels).allSatisfy { $0 == 0 || $1 == 0 })
        try Self.stage("cut-out").run(&item, Self.context())
        #expect(item.masks.keys.sorted() == ["cut-out", "labels", "patches"])
    }

    /// A second stage of the kind adds to what the first has hidden.
    @Test(arguments: [("cut-out", "cut-out"), ("patch-mask: { size: [8, 8] }", "patches")])
    func whatWasHiddenBeforeIsKept(stage: String, mask: String) throws {
        var item = Self.item()
        let before = item.volume.voxels
        for variant in 0..<2 { try Self.stage(stage).run(&item, Self.context(variant)) }
        let labels = try #require(item.masks[mask]).labels
        #expect(labels.indices.allSatisfy { item.volume.voxels[$0] == (labels[$0] != 0 ? 0 : before[$0]) })
    }

    /// Labels and boxes of lesions stay true when other lesions come.
    @Test func lesionsStayApartFromThoseBefore() throws {
        for variant in 0..<20 {
            var item = Self.item()
            item.boxes = []
            for kind in ["nodule", "opacity"] {
                try Self.stage("lesions: { kind: \(kind), count: [3, 3], diameter: [6, 10], edge: [1, 2] }").run(
                    &item, Self.context(variant))
            }
            let mask = try #require(item.masks["lesions"])
            #expect(item.boxes.count > 3)
            for (index, labeled) in item.boxes.enumerated() {
                let own = mask.labels.map { $0 == UInt8(index + 1) ? UInt8(1) : 0 }
                #expect(
                    Mask(labels: own, shape: mask.shape, geometry: mask.geometry).boundingBox == labeled.box,
                    "variant \(variant), lesion \(index + 1)")
            }
        }
    }

    @Test func numbersRunOutAndItIsTold() throws {
        var item = Self.item()
        let shape = item.volume.shape
        var labels = [UInt8](repeating: 0, count: shape.count)
        labels[0] = 254
        item.masks["lesions"] = Mask(labels: labels, shape: shape, geometry: item.volume.geometry)
        try Self.stage("lesions: { count: [3, 3], diameter: [3, 4] }").run(&item, Self.context())
        #expect(item.warnings.map(\.code) == ["no-label"])
        #expect(item.masks["lesions"]?.labels.max() == 255)
    }

    @Test func swappedSidesAreTold() throws {
        var item = Self.item()
        item.volume.geometry = Geometry(origin: .zero, xStep: [0, 0, -1], yStep: [1, 0, 0], zStep: [0, 1, 0])
        try Self.stage("flip: { axis: y, probability: 1 }").run(&item, Self.context())
        #expect(item.warnings.map(\.code) == ["laterality"])
    }

    @Test func constantImagesAreTold() throws {
        for text in ["brightness", "noise", "gamma", "lesions"] {
            var item = Self.item()
            item.volume = item.volume.with(
                voxels: [Float](repeating: 3, count: item.volume.shape.count), shape: item.volume.shape,
                geometry: item.volume.geometry)
            try Self.stage(text).run(&item, Self.context())
            #expect(item.warnings.contains { $0.code == "constant-image" }, "\(text)")
            #expect(item.volume.voxels.allSatisfy { $0 == 3 })
        }
    }

    @Test(
        arguments: [
            "rotate: { degrees: [5, -5] }", "rotate: { axes: [] }", "gamma: { exponent: [0, 1] }",
            "bias-field: { strength: 2, order: 6 }", "ghosting: { ghosts: [1, 3] }", "lesions: { edge: [3, 1] }",
            "patch-mask: { ratio: 1.5 }", "elastic: { alpha: [-1, 2] }",
            "rotate: { fill: 1e308 }", "crop-pad: { fill: -1e39 }", "noise: { deviation: [0, 1e308] }",
            "lesions: { contrast: [0, 1e308] }", "brightness: { delta: [0, 1e39] }",
        ])
    func wrongOptionsAreToldBeforeAnyFileIsOpened(text: String) {
        #expect(throws: ConfigurationError.self) { try Self.stage(text) }
    }
}
