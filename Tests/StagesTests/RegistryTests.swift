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

    /// They have no unit any more, and the header's slope is not about them.
    @Test(arguments: ["normalize", "equalize", "dran", "window: { preset: lung }"])
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
            "\(error)".contains("rescale cannot work on intensities in [0, 1]: put it before \(name)")
        }
    }

    @Test func errorCodesAreWordsWithHyphens() {
        #expect(kebab("notDICOM") == "not-dicom")
        #expect(kebab("unsupportedTransferSyntax") == "unsupported-transfer-syntax")
        #expect(kebab("truncated") == "truncated")
    }
}
