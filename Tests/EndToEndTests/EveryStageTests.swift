import Foundation
import TestSupport
import Testing

/// Nearly every stage in one pipeline, those that compute beside those that draw. (`register` and `standardize` want heads,
/// `deidentify`, `detect` and `rgb` have tests of their own.)
@Suite struct EveryStageTests {
    private static let pipeline = """
        name: every
        stages:
          - rescale
          - window: { center: 600, width: 4000 }
          - density-shift: { hu: [-0.05, 0.05], least: -1 }
          - reorient: { to: RAS }
          - region: { part: range, lower: 0.05, largest: true, fillHoles: true }
          - n4: { shrink: 2 }
          - bandpass: { low: 0, high: 0.4 }
          - resample: { spacing: [1.1, 1.2, 2.5], interpolation: cubic, anisotropic: true }
          - crop-foreground: { region: range, margin: 5 }
          - dran
          - equalize
          - lesions: { count: [1, 1], diameter: [4, 8] }
          - flip
          - affine: { degrees: [-10, 10], scale: [0.9, 1.1], distance: [-5, 5] }
          - rotate
          - scale
          - translate
          - elastic
          - motion: { movements: [1, 2] }
          - ghosting
          - bias-field
          - brightness
          - contrast
          - gamma
          - noise
          - blur
          - cut-out
          - crop-pad: { size: [40, 40] }
          - resize: { size: [32, 32], keepAspect: true }
          - normalize: { method: z-score }
          - patch-mask: { size: [8, 8] }
        outputs: { tensors: npz, masks: nifti, boxes: json, report: html }
        variants: 2
        """
    private static let inputs = ["fixtures/anatomical.nii", "fixtures/mr_small.dcm", "fixtures/ct-series"]

    @Test func workersShardsAndReplayDoNotShowInAnyByte() throws {
        let scratch = try Scratch()
        let file = "\(scratch.path)/every.yaml"
        try Self.pipeline.write(toFile: file, atomically: false, encoding: .utf8)
        func run(_ out: String, _ more: String...) throws {
            let result = try HilumCommand.run(
                ["run", file] + Self.inputs + ["-o", "\(scratch.path)/\(out)", "--seed", "3"] + more)
            #expect(result.status == 0, "\(result.errors)")
        }
        try run("one", "--workers", "1")
        let expected = try tree("\(scratch.path)/one")
        #expect(expected.keys.filter { $0.hasSuffix(".npz") }.count == 6 && expected["report.html"] != nil)
        for workers in ["2", "4"] {
            try run("w\(workers)", "--workers", workers)
            #expect(try tree("\(scratch.path)/w\(workers)") == expected)
        }
        for index in 1...3 { try run("shards", "--shard", "\(index)/3") }
        let merged = try HilumCommand.run("merge", "\(scratch.path)/shards", "-o", "\(scratch.path)/shards")
        #expect(merged.status == 0, "\(merged.errors)")
        let joined = try tree("\(scratch.path)/shards").filter { !$0.key.contains("-of-3.") }
        #expect(joined == expected)

        for sidecar in expected.keys.filter({ $0.hasSuffix("variant-0002.json") }).sorted() {
            let again = "\(scratch.path)/again-\(sidecar.hash)"
            let result = try HilumCommand.run(
                ["run", "--replay", "\(scratch.path)/one/\(sidecar)"] + Self.inputs + ["-o", again])
            #expect(result.status == 0, "\(sidecar): \(result.errors)")
            let stem = String(sidecar.dropLast(5))
            let made = try tree(again).filter { $0.key.hasPrefix(stem) && !$0.key.hasSuffix(".json") }
            #expect(made == expected.filter { $0.key.hasPrefix(stem) && !$0.key.hasSuffix(".json") })
            #expect(made.keys.contains("\(stem).npz"))
        }
    }
}
