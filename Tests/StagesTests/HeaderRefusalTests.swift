import Pipelines
import Testing

@testable import Stages

/// What headers tell: no stage may ask for more memory than the machine has, which would end the whole run.
@Suite struct HeaderRefusalTests {
    private func refusal(_ stages: String, memory: Int, variants: Int = 1) throws -> ManifestEntry.Failure? {
        let pipeline = try Pipeline.parse(
            "stages: [\(stages)]\noutputs: { tensors: npy }\nvariants: \(variants)\n", name: "p", registry: .hilum)
        let input = ItemInput(
            content: .file(.nifti, paths: ["a.nii"]), relativePaths: ["a.nii"],
            outline: Outline(shape: [1, 32, 64, 64], spacing: [1, 1, 1]), isPhysical: true)
        return pipeline.refusal(of: input, named: "a", memory: memory)
    }

    @Test func whatTheMachineCannotHoldIsRefused() throws {
        let stages = "resize: { size: [16384, 16384] }, crop-pad: { size: [4, 4] }"
        let refused = try #require(try refusal(stages, memory: 24 << 30))
        #expect(refused.code == "too-large" && refused.stage == "resize")
        #expect(refused.message.contains("32768 MiB") && refused.message.contains("24576 MiB"))
        #expect(try refusal(stages, memory: 40 << 30) == nil)
        // 2^33 voxels are the limit anywhere.
        let large = try refusal("crop-pad: { size: [64, 16384, 16384] }", memory: .max)
        #expect(large?.message.contains("would not fit in memory") == true)
    }

    /// 512 KiB of voxels, and as much for what a stage that draws makes beside them.
    @Test func onlyWhatIsMadeBesideTheImageCounts() throws {
        #expect(try refusal("rescale, normalize", memory: 1 << 18) == nil)
        #expect(try refusal("blur", memory: 1 << 20) == nil)
        #expect(try refusal("blur", memory: 1 << 19)?.stage == "blur")
        #expect(try refusal("blur", memory: 1 << 20, variants: 2)?.stage == "blur")
        // How much is left after a cut, nobody knows.
        #expect(try refusal("crop-foreground, blur", memory: 1 << 18) == nil)
    }

    @Test func mapsOfTilesCount() throws {
        #expect(try refusal("equalize: { tiles: [64, 64], bins: 65536 }", memory: 32 << 20)?.stage == "equalize")
        #expect(try refusal("equalize", memory: 32 << 20) == nil)
    }
}
