import Pipelines
import Testing

@testable import Stages

@Suite struct RegistryTests {
    @Test func everyStageSaysWhatItsOptionsMean() {
        for stage in Registry.hilum.stages {
            #expect(!stage.summary.isEmpty)
            for parameter in stage.parameters {
                #expect(parameter.summary.hasSuffix("."), "\(stage.name).\(parameter.name)")
            }
            #expect(Set(stage.parameters.map(\.name)).count == stage.parameters.count)
        }
    }

    @Test func orderIsCheckedBeforeAnyFileIsOpened() {
        let text = "stages: [explain]\noutputs: { findings: json }\n"
        #expect {
            try Pipeline.parse(text, name: "p", registry: .hilum)
        } throws: { error in
            "\(error)".contains("explain needs findings: put detect before it")
                && "\(error)".contains("findings needs findings: add the stage detect")
        }
    }

    /// Boxes of `detect` lie on the image that it looked at: what moves the image comes before.
    @Test(arguments: [
        "flip", "rotate", "scale", "translate", "affine", "elastic", "resize: { size: [64, 64] }",
        "resample: { spacing: [2, 2, 2] }", "crop-pad: { size: [64, 64] }", "crop-foreground", "reorient",
        "register: { to: a.nii }", "standardize: { template: a.nii }",
    ]) func nothingMovesTheImageBehindDetect(_ stage: String) {
        let name = stage.split(separator: ":")[0]
        let text =
            "stages:\n  - normalize: { method: percentile }\n  - detect\n  - \(stage)\noutputs: { findings: json }\n"
        #expect {
            try Pipeline.parse(text, name: "p", registry: .hilum)
        } throws: { error in
            "\(error)".contains(
                "4:5: error: \(name) cannot follow findings: put it before detect")
        }
    }

    /// An option that the chosen method has no use for is a mistake, not ignored.
    @Test(arguments: [
        ("normalize: { method: z-score, lower: 20, upper: 60 }", "lower and upper are for percentile"),
        ("normalize: { method: min-max, range: [0, 80] }", "range is for ct"),
        ("normalize: { method: ct, bits: 12 }", "bits is for radiograph"),
        ("normalize: { method: percentile, properties: [0, 1, 0, 1] }", "properties are for nnunet"),
        ("window: { preset: brain, view: 3 }", "view is one of the header's windows"),
        ("region: { part: body, lower: 3 }", "are for range"),
    ]) func optionsOfAnotherMethodAreMistakes(_ stage: String, _ words: String) {
        #expect {
            try Pipeline.parse("stages:\n  - \(stage)\noutputs: { tensors: npy }\n", name: "p", registry: .hilum)
        } throws: { error in
            "\(error)".contains(words)
        }
    }

    /// MRI, as people say, is no code of DICOM: a pipeline that takes it would take nothing.
    @Test func modalitiesAreCodes() throws {
        func input(_ codes: String) throws -> [String] {
            try Pipeline.parse(
                "input: { modality: [\(codes)] }\nstages: [rescale]\noutputs: { tensors: npy }\n", name: "p",
                registry: .hilum
            ).input.modalities
        }
        #expect(try input("CT, MR, CR, DX, PT, NM, US, MG, XA, RF, OT, RTDOSE, SM, ST").count == 14)
        for (wrong, meant) in [("MRI", "MR"), ("PET", "PT"), ("mr", "MR"), ("XR", "CR")] {
            #expect {
                try input(wrong)
            } throws: { error in
                "\(error)".contains("did you mean '\(meant)'?")
            }
        }
    }

    /// They have no unit any more, and the header's slope is not about them.
    @Test(arguments: ["normalize", "normalize: { method: z-score }", "equalize", "dran", "window: { preset: lung }"])
    func rescaleComesBeforeWhatNormalizes(stage: String) throws {
        func parse(_ stages: String) throws {
            _ = try Pipeline.parse(
                "stages: [\(stages)]\noutputs: { tensors: npy }\n", name: "p", registry: .hilum)
        }
        try parse("rescale, \(stage)")
        let name = stage.prefix { $0 != ":" }
        #expect {
            try parse("\(stage), rescale")
        } throws: { error in
            "\(error)".contains("rescale cannot follow normalized intensities: put it before \(name)")
        }
    }

    /// z-score, nnunet and two scalings of rgb leave [0, 1], wherever a stage before them had brought the image.
    @Test(arguments: [
        "normalize: { method: z-score }", "normalize: { method: nnunet, mask: body }", "rgb",
        "rgb: { scaling: symmetric }",
    ]) func whatNeedsTheUnitRangeIsRefusedBehindStagesThatLeaveIt(stage: String) throws {
        func parse(_ stages: String, _ outputs: String) throws {
            _ = try Pipeline.parse(
                "stages: [window: { preset: lung }, \(stages)]\noutputs: { \(outputs) }\n", name: "p", registry: .hilum)
        }
        let name = stage.prefix { $0 != ":" }
        let words = "needs intensities in [0, 1], which \(name) with its options does not leave: change these, or "
        for (more, outputs) in [
            ("", "images: png"), ("", "tensors: { format: npy, dtype: uint8 }"), (", detect", "findings: json"),
        ] {
            #expect {
                try parse(stage + more, outputs)
            } throws: { error in
                "\(error)".contains(words)
            }
            try parse("\(stage), window: { center: 0, width: 6 }\(more)", outputs)
        }
        try parse(stage, "tensors: npy")
    }

    @Test func errorCodesAreWordsWithHyphens() {
        #expect(kebab("notDICOM") == "not-dicom")
        #expect(kebab("unsupportedTransferSyntax") == "unsupported-transfer-syntax")
        #expect(kebab("truncated") == "truncated")
    }
}
