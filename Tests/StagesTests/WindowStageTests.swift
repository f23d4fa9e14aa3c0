import Pipelines
import Testing
import Transforms
import Volumes

@testable import Stages

/// Looks at the image that its header tells.
@Suite struct WindowStageTests {
    private func item(_ change: (inout Attributes) -> Void) -> Item {
        let shape = Shape(depth: 1, height: 1, width: 4)
        var item = Item(
            name: "a", source: ItemSource(format: "dicom", inputs: [], geometry: .pixels, shape: shape),
            volume: Volume(voxels: [0, 1, 2, 3], shape: shape, geometry: .pixels))
        change(&item.volume.attributes)
        return item
    }

    private func run(_ stage: WindowStage, _ item: Item) throws -> Item {
        var item = item
        try stage.run(&item, StageContext(seed: 1, item: "a"))
        return item
    }

    private static let table = VOILUT(table: ModalityLUT(firstMapped: 1, values: [0, 255, 51]), bits: 8)

    @Test func tablesCountBehindWindows() throws {
        let both = item {
            ($0.windows, $0.voiLUTs) = ([Window(center: 1.5, width: 3, function: .linearExact)], [Self.table])
        }
        #expect(try run(WindowStage(), both).volume.voxels == [0, 1.0 / 3, 2.0 / 3, 1])
        var second = WindowStage()
        second.view = 2
        let seen = try run(second, both)
        #expect(seen.volume.voxels == [0, 0, 1, 0.2] && seen.volume.attributes.voiLUTs.isEmpty)
        #expect(try run(WindowStage(), item { $0.voiLUTs = [Self.table] }).volume.voxels == [0, 0, 1, 0.2])
        second.view = 3
        let error = #expect(throws: TransformError.self) { try run(second, both) }
        #expect(error?.description.contains("1 windows and 1 VOI LUTs") == true)
        var display = item { $0.voiLUTs = [Self.table] }.volume
        #expect(try display.applyDisplay() && display.voxels == [0, 0, 1, 0.2])
    }

    @Test func windowsThatDifferAreSaidWhereTheHeadersIsTaken() throws {
        let varying = item {
            ($0.windows, $0.hasVaryingWindows) = ([Window(center: 1.5, width: 3)], true)
        }
        #expect(try run(WindowStage(), varying).warnings.map(\.code) == ["windows-differ"])
        var own = WindowStage()
        (own.center, own.width) = (1, 2)
        #expect(try run(own, varying).warnings.isEmpty)
    }
}
