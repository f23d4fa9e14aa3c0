import Pipelines
import Testing

@Suite struct VariantsTests {
    let rest = "outputs: { values: json }\n"

    @Test func stagesBeforeTheFirstRandomOneAreShared() throws {
        let pipeline = try parse("stages: [add, look, roll, add]\nvariants: 3\n" + rest)
        #expect(pipeline.variants == 3)
        #expect(pipeline.sharedStages == 0..<2 && pipeline.variantStages == 2..<4)
        var shared = Toy()
        try pipeline.run(&shared, named: "toy", seed: 1, stages: pipeline.sharedStages)
        let values = try (0..<3).map { variant in
            var toy = shared
            try pipeline.run(&toy, named: "toy", seed: 1, variant: variant, stages: pipeline.variantStages)
            #expect(toy.history.entries.map(\.stage) == ["add", "look", "roll", "add"])
            return toy.value
        }
        #expect(values == [2, 3, 4])
    }

    @Test func oneVariantIsTheDefault() throws {
        let pipeline = try parse("stages: [roll]\n" + rest)
        #expect(pipeline.variants == 1 && pipeline.sharedStages == 0..<1 && pipeline.variantStages.isEmpty)
        #expect(pipeline.resolved["variants"] == 1)
        #expect(try parse("stages: [roll]\n" + rest, ["variants=12"]).variants == 12)
    }

    @Test func mistakesAreTold() {
        #expect(
            mistakes("variants: 0\nstages: [roll]\n" + rest) == ["1:11: variants: must be in [1, 1000], found 0"])
        #expect(
            mistakes("variants: many\nstages: [roll]\n" + rest)
                == ["1:11: variants: expected a whole number, found 'many'"])
        #expect(
            mistakes("variants: 2\nstages: [add]\n" + rest)
                == ["1:11: variants: no stage draws anything, so that all 2 would be the same"])
    }

    /// The shared item stays beside the one at work.
    @Test func memoryCountsWhatVariantsShare() throws {
        let outline = Outline(shape: [1, 1, 10, 25], spacing: [1, 1, 1])
        #expect(try parse("stages: [add]\n" + rest).memoryEstimate(of: outline) == 1000)
        #expect(try parse("stages: [add, roll]\n" + rest).memoryEstimate(of: outline) == 2000)
        #expect(try parse("variants: 2\nstages: [add, roll]\n" + rest).memoryEstimate(of: outline) == 3000)
    }

    @Test func outputsInSeveralFormatsAreOneList() throws {
        let pipeline = try parse("stages: [add]\noutputs: { values: [json, text] }\n")
        #expect(pipeline.resolved["outputs"]?.text() == #"{"values":["json","text"]}"#)
    }
}
