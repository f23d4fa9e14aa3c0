import Foundation
import Pipelines
import TestSupport
import Testing
import Volumes

@testable import Stages

/// The stage that the README adds, which newcomers copy: it must be right.
@Suite struct ReadmeStageTests {
    private static let registry = Registry<Item>(
        stages: [.init(InvertStage.self), .init(RescaleStage.self)], outputs: Registry.hilum.outputs,
        formats: Registry.hilum.formats, modalities: Modality.terms, inputOptions: InputOption.all,
        initialKinds: [.image])

    private func run(_ stages: String, _ item: inout Item) throws {
        try Pipeline.parse("stages: [\(stages)]\noutputs: { tensors: npy }\n", name: "p", registry: Self.registry).run(
            &item, named: "item", seed: 1)
    }

    @Test func isWhatTheReadmeShows() throws {
        let readme = try String(contentsOfFile: Fixtures.root + "/README.md", encoding: .utf8)
        let file = try String(contentsOfFile: "\(Fixtures.root)/Tests/StagesTests/ReadmeStage.swift", encoding: .utf8)
        let code = try #require(file.range(of: "/// `- invert"))
        #expect(readme.contains(file[code.lowerBound...] + "```"))
    }

    @Test func invertsOutputValuesAndNoStoredOnes() throws {
        var item = RandomStagesTests.item()
        let before = item.volume.voxels
        try run("invert: { top: 2 }", &item)
        #expect(item.volume.voxels == before.map { 2 - $0 })

        item.volume.attributes.rescales = [Rescale(slope: 2, intercept: -1024)]
        #expect(throws: StageFailure.self) { try run("invert", &item) }
        try run("rescale, invert", &item)
        #expect(item.volume.voxels[0] == 1 - (2 * (2 - before[0]) - 1024))
    }
}
