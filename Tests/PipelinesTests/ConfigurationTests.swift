import Pipelines
import Testing

@Suite struct ConfigurationTests {
    @Test func aRightPipelineIsRead() throws {
        let pipeline = try parse(
            "name: p\nstages:\n  - add: { amount: 2.5, rounding: down }\n  - look\noutputs: { values: json }\n")
        #expect(pipeline.stages.map(\.name) == ["add", "look"])
        #expect(
            pipeline.stages[0].parameters.text()
                == #"{"amount":2.5,"rounding":"down","size":[1,2],"loud":false}"#)
    }

    @Test func everyMistakeIsReportedAtItsPlace() {
        let text = """
            name: p
            stages:
              - ad: { amount: 1 }
              - add: { amount: 20, rounding: upp, sise: [1] }
              - add: { size: [1, 2, 3, 4], loud: maybe }
              - judge
            outputs: { values: jsn }
            extra: 1
            """
        #expect(
            mistakes(text) == [
                "3:5: there is no stage 'ad' [add]",
                "4:20: amount: must be in [0, 10], found 20",
                "4:34: rounding: 'upp' is not one of up, down [up]",
                "4:39: the stage add has no option 'sise'; it has amount, rounding, size, loud [size]",
                "5:18: size: expected 2 to 3 numbers, found 4",
                "5:38: loud: expected true or false, found 'maybe'",
                "6:5: judge needs findings: put look before it",
                "7:20: values: 'jsn' is not one of json, text [json]",
                "8:1: a pipeline has no 'extra'; it has name, input, stages, outputs, variants",
            ])
    }

    @Test func inputOptionsHaveDefaultsAndChoices() throws {
        let rest = "stages: [look]\noutputs: { values: json }\n"
        #expect(try parse(rest).input.choice("order") == "low")
        let chosen = try parse("input: { order: high }\n" + rest)
        #expect(chosen.input.choice("order") == "high")
        #expect(chosen.resolved["input"]?["order"] == "high")
        #expect(try parse(rest, ["input.order=high"]).input.choice("order") == "high")
        #expect(
            mistakes("input: { order: hihg, odrer: low }\n" + rest) == [
                "1:17: order: 'hihg' is not one of low, high [high]",
                "1:23: input has no 'odrer'; it has modality, formats, order [order]",
            ])
    }

    /// A key that stands twice hides no other mistake, and no mistake moves.
    @Test func repeatedKeysAreToldWithTheOtherMistakes() {
        let text = """
            name: p
            stages:
              - add: { amount: 1, size: [1, 2], amount: 20, amount: 3, "loud": 1, "loud": true }
              - judge: {}
            name: [q]
            outputs: { values: jsn }
            """.replacing("\n", with: "\r\n")
        #expect(
            mistakes(text) == [
                "3:37: 'amount' stands in this mapping already, in line 3; keep one of them",
                "3:45: amount: must be in [0, 10], found 20",
                "3:49: 'amount' stands in this mapping already, in line 3; keep one of them",
                "3:68: loud: expected true or false, found '1'",
                "3:71: 'loud' stands in this mapping already, in line 3; keep one of them",
                "4:5: judge needs findings: put look before it",
                "5:1: 'name' stands in this mapping already, in line 1; keep one of them",
                "6:20: values: 'jsn' is not one of json, text [json]",
            ])
    }

    @Test func unknownModalitiesAreMistakes() throws {
        let rest = "stages: [look]\noutputs: { values: json }\n"
        #expect(try parse("input: { modality: [MR, PT] }\n" + rest).input.modalities == ["MR", "PT"])
        #expect(
            mistakes("input: { modality: [CT, MRI, mr], formats: dicom }\nname: [a]\n" + rest) == [
                "1:25: modality: 'MRI' is not a code of DICOM, such as CT or MR [MR]",
                "1:30: modality: 'mr' is not a code of DICOM, such as CT or MR [MR]",
                "1:44: formats: 'dicom' is not one of number",
                "2:7: name: expected text, found a list",
            ])
    }

    @Test func rulesBetweenOptionsAreChecked() {
        #expect(
            mistakes("stages: [add: { loud: true, amount: 0 }]\noutputs: { values: json }\n")
                == ["1:15: add: loud about nothing"])
    }

    @Test func theCaretStandsUnderThePlace() throws {
        #expect {
            try parse("stages: [adx]\noutputs: { values: json }\n")
        } throws: { error in
            "\(error)"
                == """
                toy.yaml:1:10: error: there is no stage 'adx'; did you mean 'add'?
                    stages: [adx]
                             ^
                """
        }
    }

    @Test(arguments: ["\r", "\r\n", "\u{85}", "\u{2028}"])
    func linesEndWhereYAMLEndsThem(lineBreak: String) {
        #expect {
            try parse(["name: p", "stages: [adx]", "outputs: { values: json }"].joined(separator: lineBreak))
        } throws: { error in
            "\(error)".hasSuffix("\n    stages: [adx]\n             ^") && "\(error)".hasPrefix("toy.yaml:2:10: ")
        }
    }

    @Test func controlCharactersDoNotReachTheTerminal() {
        for text in ["\u{1B}[31m: 1\n", "stages: [\"\\e[31mx\"]\noutputs: { values: json }\n"] {
            #expect {
                try parse(text)
            } throws: { error in
                !"\(error)".contains("\u{1B}")
            }
        }
    }

    /// One empty list beside others leaves that output out.
    @Test func emptyListsAloneAreRefused() {
        #expect(
            mistakes("stages: [look]\noutputs: { values: [] }\n")
                == ["2:10: outputs: the lists are empty, and nothing would be written"])
    }

    @Test(arguments: [
        ("", "1:1: the file is empty"), ("stages: [add\n", nil), ("- a\n", nil), ("a: 1\na: 2\n", nil),
        ("stages: []\noutputs: { values: json }\n", nil), ("\u{0}", nil),
    ])
    func brokenFilesAreRefused(text: String, expected: String?) {
        let found = mistakes(text)
        #expect(!found.isEmpty)
        if let expected { #expect(found == [expected]) }
    }

    @Test func aliasesCannotExplode() {
        var text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        for level in 1...8 {
            text +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        #expect(mistakes(text) == ["1:1: more than 20,000 values once aliases are expanded"])
    }

    @Test func settingsChangeOptions() throws {
        let text = "stages:\n  - look\n  - add: { amount: 3 }\n  - judge\noutputs: { values: json }\n"
        let pipeline = try parse(text, ["stages.add.amount=5", "stages.1.add.loud=true", "name=other"])
        #expect(pipeline.name == "other")
        #expect(pipeline.stages[1].parameters["amount"] == .number(5))
        #expect(pipeline.stages[1].parameters["loud"] == .bool(true))
        #expect(mistakes(text, ["stages.ad.amount=5"]) == ["1:1: nothing in the list is called 'ad' [add]"])
        #expect(mistakes(text, ["stages.add.amount=50"]) == ["1:1: amount: must be in [0, 10], found 50"])
    }

    /// A path may look like YAML.
    @Test(arguments: ["x #y", "g ", "a: b", "[x]", "null", "*star", "{a: 1}", "1.5", "x=y"])
    func textIsSetAsItIs(text: String) throws {
        let root = try ConfigurationNode.parse(yaml: "model: other", name: "toy.yaml")
        let changed = try Setting("model", text: text).applied(to: root)
        #expect(changed.mapping?.first?.value.string == text)
        #expect(changed.mapping?.first?.value.number == nil)
    }

    /// A name that two stages have would change one of them and leave the other.
    @Test func settingsSayWhichOfTwoStages() throws {
        let text = "stages:\n  - look\n  - add\n  - add: { amount: 3 }\noutputs: { values: json }\n"
        for path in ["stages.add.amount=5", "stages.add={ amount: 5 }"] {
            let rest = path.prefix { $0 != "=" }.dropFirst("stages.add".count)
            #expect(
                mistakes(text, [path]) == [
                    "1:1: 2 stages are called 'add': say which by stages.1.add\(rest) or stages.2.add\(rest)"
                ])
        }
        let pipeline = try parse(text, ["stages.1.add.amount=5", "stages.2.add.amount=6"])
        #expect(pipeline.stages.map { $0.parameters["amount"] } == [nil, .number(5), .number(6)])
    }

    /// The mistake is the setting's, not that of a line of the file which is right.
    @Test(arguments: ["stages.1.amount=5", "stages.1.amount.x=5", "stages.1.look.amount=5"])
    func settingsOfAnIndexNameTheStage(setting: String) {
        for stage in ["add", "add: { amount: 3 }"] {
            let option = setting.contains("look") ? "look" : "amount"
            #expect(
                mistakes("stages:\n  - look\n  - \(stage)\noutputs: { values: json }\n", [setting]) == [
                    "1:1: stages.1, counted from 0, is add: its options are set by stages.1.add.OPTION, not '\(option)'"
                ])
        }
    }

    @Test func mutatedFilesNeverCrash() {
        let seed = Array(
            "name: p\ninput: { modality: [CT], formats: [number] }\nstages:\n  - add: { amount: 2, size: [1, 2] }\n  - look\n  - judge\noutputs: { values: [json, text] }\n"
                .utf8)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<3000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.insert("{}[]&*:,-\n\"'#!".utf8.randomElement(using: &random)!, at: index)
                }
            }
            _ = mistakes(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test func theSchemaNamesEveryStageAndOption() {
        let schema = toys.jsonSchema.text()
        for word in ["add", "look", "judge", "amount", "rounding", "\"maximum\":10", "values"] {
            #expect(schema.contains(word))
        }
    }
}
