import Foundation
import Parallel
import Pipelines
import TestSupport
import Testing
import Transforms
import Volumes

@testable import Stages

/// What every stage keeps to, whatever it does: asked of all that are registered, so that a new one is asked, too.
@Suite struct StageRulesTests {
    /// Those that can't run without options, or would do nothing by their defaults.
    private static let options = [
        "flip": "{ axis: z, probability: 1 }", "reorient": "{ to: SPL }", "resample": "{ spacing: [1.5, 1.5, 3] }",
        "resize": "{ size: [32, 40] }", "crop-pad": "{ size: [6, 60, 40] }", "density-shift": "{ hu: [1, 2] }",
        "window": "{ center: 0.3, width: 1 }", "normalize": "{ method: min-max }",
    ]
    /// A key, a network's weights, another image or another stage: these have tests of their own.
    private static let needsMore = ["deidentify", "detect", "explain", "register", "standardize", "rgb"]

    static let stages = Registry.hilum.stages.map(\.name).filter { !needsMore.contains($0) }

    private func stage(_ name: String) throws -> ConfiguredStage<Item> {
        let isRandom = RandomStagesTests.random.contains(name)
        let options = Self.options[name] ?? (isRandom ? "{ probability: 1 }" : "{}")
        return try RandomStagesTests.stage("\(name): \(options)")
    }

    private func item() -> Item {
        var item = RandomStagesTests.item()
        item.volume.attributes.sliceSources = (0..<item.volume.shape.depth).map {
            SliceSource(sopInstanceUID: "1.2.\($0)")
        }
        return item
    }

    @Test(arguments: stages) func masksSizeAndSourcesFit(name: String) throws {
        let (stage, before) = (try stage(name), item())
        var item = before
        try stage.run(&item, RandomStagesTests.context())
        #expect(item.contradiction == nil)
        let shape = item.volume.shape
        let outline = stage.outline(outline(before.volume))
        // Where the body lies and where the axes run, an outline does not tell.
        if !["crop-foreground", "reorient"].contains(name) {
            #expect(outline.shape == [shape.channels, shape.depth, shape.height, shape.width])
        }
        if item.volume.geometry != before.volume.geometry || shape != before.volume.shape {
            let description = try #require(Registry.hilum.stages.first { $0.name == name })
            #expect(description.precedes.contains(.findings), "findings no longer lie on its image")
        }
    }

    private func outline(_ volume: Volume) -> Outline {
        let (shape, spacing) = (volume.shape, volume.geometry.spacing)
        return Outline(
            shape: [shape.channels, shape.depth, shape.height, shape.width], spacing: [spacing.x, spacing.y, spacing.z])
    }

    @Test(arguments: stages) func workersDoNotShow(name: String) throws {
        let stage = try stage(name)
        func voxels(_ workers: Int) throws -> [UInt32] {
            var (item, context) = (item(), RandomStagesTests.context())
            context.workers = Workers(count: workers)
            try stage.run(&item, context)
            return item.volume.voxels.map(\.bitPattern)
        }
        let one = try voxels(1)
        for workers in [2, 3] { #expect(try voxels(workers) == one) }
    }

    /// One voxel without a value is refused, or stays one: it never eats the voxels around it.
    @Test(arguments: stages) func noValueDoesNotSpread(name: String) throws {
        var item = item()
        item.volume.withMutableVoxels { $0[7 * 48 * 56 + 20 * 56 + 20] = .nan }
        do {
            try stage(name).run(&item, RandomStagesTests.context())
            #expect(item.volume.voxels.count { !$0.isFinite } <= item.volume.shape.channels)
        } catch let error as TransformError {
            #expect(error.code == .notFinite)
        }
    }

    /// What padding holds is no tissue: a stage refuses it, says that it counted it, or its value shows nowhere else.
    @Test(arguments: stages) func paddingDoesNotShow(name: String) throws {
        func voxels(_ padding: Float) throws -> [Float]? {
            var item = item()
            item.volume.withMutableVoxels { $0[0] = padding }
            item.volume.attributes.padding = padding...padding
            do {
                try stage(name).run(&item, RandomStagesTests.context())
            } catch let error as TransformError {
                #expect("\(error)".contains("put `rescale` before"))
                return nil
            }
            return item.warnings.contains { $0.code == "padding-counted" } ? nil : item.volume.voxels
        }
        guard let some = try voxels(-2000), let other = try voxels(-3000) else { return }
        #expect(zip(some, other).count { $0 != $1 } <= 3)
    }

    /// A page of the transforms tells of each.
    @Test func everyStageIsDescribed() throws {
        let docs = Fixtures.root + "/docs"
        let pages = try [docs, docs + "/transforms"].flatMap { folder in
            try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".md") }
                .map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
        }
        for stage in Registry.hilum.stages {
            #expect(pages.contains { $0.contains("`\(stage.name)`") }, "\(stage.name)")
        }
    }
}
