import BurnedInText
import Foundation
import Pipelines
import TestSupport
import Testing

@Suite struct DeviceRulesTests {
    private func shipped() throws -> DeviceRules {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../pipelines")
        let text = try String(contentsOf: root.appending(path: "burned-in-text.yaml"), encoding: .utf8)
        return try DeviceRules.parse(text, name: "burned-in-text.yaml")
    }

    private func decision(_ change: (inout ImageTraits) -> Void, decodes: Bool = true) throws -> TextRouting.Decision {
        var traits = ImageTraits(rows: 480, columns: 640)
        change(&traits)
        return TextRouting.decide(traits, rules: try shipped(), decodesPixels: decodes).decision
    }

    @Test func originalSlicesPassWithoutDecoding() throws {
        for modality in ["CT", "MR", "PT", "NM"] {
            #expect(
                try decision { ($0.modality, $0.imageType) = (modality, ["ORIGINAL", "PRIMARY", "AXIAL"]) } == .clean)
            #expect(try decision { ($0.modality, $0.imageType) = (modality, ["DERIVED", "SECONDARY"]) } == .detect)
            #expect(
                try decision { ($0.modality, $0.imageType) = (modality, ["ORIGINAL", "PRIMARY", "SCREEN SAVE"]) }
                    == .detect)
        }
        #expect(
            try decision {
                ($0.modality, $0.imageType, $0.burnedIn) = ("CT", ["ORIGINAL", "PRIMARY"], "YES")
            } == .detect)
    }

    @Test func screensAndProjectionsAreLookedAt() throws {
        for modality in ["US", "XA", "RF", "MG", "CR", "DX", "OT", "ES", "XC", ""] {
            #expect(try decision { $0.modality = modality } == .detect)
        }
        // A capture of CT is no slice.
        #expect(
            try decision {
                ($0.sopClass, $0.modality, $0.imageType) = ("1.2.840.10008.5.1.4.1.1.7", "CT", ["ORIGINAL", "PRIMARY"])
            } == .detect)
        #expect(
            try decision {
                ($0.sopClass, $0.modality) = ("1.2.840.10008.5.1.4.1.1.7.4", "CT")
            } == .detect)
        #expect(
            try decision { ($0.modality, $0.imageType) = ("CT", ["ORIGINAL", "PRIMARY", "LOCALIZER"]) } == .detect)
    }

    @Test func numbersAreToldByTheirClass() throws {
        for sopClass in ["481.2", "66.4", "66.7"] {
            #expect(try decision { $0.sopClass = "1.2.840.10008.5.1.4.1.1.\(sopClass)" } == .clean)
        }
        for modality in ["RTDOSE", "SEG"] {
            #expect(
                try decision {
                    ($0.sopClass, $0.modality) = ("1.2.840.10008.5.1.4.1.1.6.1", modality)
                } == .detect)
        }
    }

    @Test func whatCannotBeCleanedIsHeld() throws {
        guard case .hold = try decision({ $0.sopClass = "1.2.840.10008.5.1.4.1.1.77.1.1.1" }) else {
            Issue.record("a video passed")
            return
        }
        guard case .hold = try decision({ $0.modality = "US" }, decodes: false) else {
            Issue.record("an ultrasound image passed a run that decodes nothing")
            return
        }
        #expect(
            try decision({ ($0.modality, $0.imageType) = ("MR", ["ORIGINAL", "PRIMARY"]) }, decodes: false) == .clean)
    }

    @Test func rectanglesOfAllMatchingRulesComeTogether() throws {
        let rules = try DeviceRules.parse(
            """
            version: 1
            rules:
              - { name: a, match: { manufacturer: "ge*", model: "*LOGIQ*", rows: 480, columns: [600, 700] }, blank: [[0, 0, 900, 20]] }
              - { name: b, match: { modality: US }, blank: [[10, 470, 5, 50]], detect: never }
              - { name: c, match: { modality: US }, detect: always }
            """, name: "r.yaml")
        var traits = ImageTraits(
            modality: "US", manufacturer: "GE Healthcare ", model: "Voluson LOGIQ 9", rows: 480, columns: 640)
        let verdict = TextRouting.decide(traits, rules: rules)
        #expect(
            verdict.decision
                == .blank(
                    [.init(x: 0, y: 0, width: 640, height: 20), .init(x: 10, y: 470, width: 5, height: 10)],
                    thenDetect: false))
        #expect(verdict.rules == ["a", "b", "c"])
        traits.burnedIn = "YES"
        traits.manufacturer = "Other"
        #expect(
            TextRouting.decide(traits, rules: rules).decision
                == .blank([.init(x: 10, y: 470, width: 5, height: 10)], thenDetect: true))
    }

    @Test func whatIsNotNoMeansThatThereIsText() throws {
        let rules = try DeviceRules.parse(
            """
            version: 1
            rules:
              - { name: a, match: { burnedIn: YES }, blank: [[0, 0, 9, 9]] }
              - { name: b, detect: never }
            """, name: "r.yaml")
        for answer in ["YES", "yes", " Yes ", "Y", "TRUE", "1", "UNKNOWN"] {
            let verdict = TextRouting.decide(ImageTraits(rows: 9, columns: 9, burnedIn: answer), rules: rules)
            #expect(verdict.decision == .blank([.init(x: 0, y: 0, width: 9, height: 9)], thenDetect: true))
        }
        for answer in ["NO", " no ", "", " ", nil] as [String?] {
            #expect(
                TextRouting.decide(ImageTraits(rows: 9, columns: 9, burnedIn: answer), rules: rules).decision == .clean)
        }
    }

    @Test func ultrasoundRegionsTellWhereRowsMayGo() throws {
        let region = try #require(ImageTraits.ultrasoundRegion(minX: 100, minY: 50, maxX: 539, maxY: 429))
        #expect(ImageTraits.ultrasoundRegion(minX: 5, minY: 0, maxX: 4, maxY: 9) == nil)
        let traits = ImageTraits(modality: "US", rows: 480, columns: 640, ultrasoundRegions: [region])
        let verdict = TextRouting.decide(traits, rules: try shipped())
        #expect(verdict.decision == .detect)
        #expect(verdict.widensOutside == [region])
        let found = [
            PixelRectangle(x: 300, y: 10, width: 40, height: 12), PixelRectangle(x: 20, y: 200, width: 30, height: 12),
            PixelRectangle(x: 560, y: 300, width: 30, height: 12), PixelRectangle(x: 90, y: 300, width: 30, height: 12),
        ]
        #expect(
            TextRouting.widened(found, outside: verdict.widensOutside, columns: 640) == [
                PixelRectangle(x: 0, y: 10, width: 640, height: 12),
                PixelRectangle(x: 0, y: 200, width: 100, height: 12),
                PixelRectangle(x: 540, y: 300, width: 100, height: 12), found[3],
            ])
        let blanking = try DeviceRules.parse(
            "{ version: 1, rules: [{ name: a, outsideRegions: blank }] }", name: "r.yaml")
        #expect(
            TextRouting.decide(traits, rules: blanking).decision
                == .blank(
                    [.init(x: 0, y: 0, width: 640, height: 50), .init(x: 0, y: 430, width: 640, height: 50)],
                    thenDetect: true))
    }

    @Test func mistakesAreShownWhereTheyStand() throws {
        let text = """
            version: 2
            rules:
              - match: { modalty: US, rows: [9, 1], burnedIn: MAYBE }
                detect: allways
              - name: x
              - { name: y, blank: [[1, 2, 3]] }
              - { name: y, hold: why }
            """
        let error = #expect(throws: ConfigurationError.self) { try DeviceRules.parse(text, name: "r.yaml") }
        let words = try #require(error).description
        for line in [
            "r.yaml:1:10: error: version: expected 1", "r.yaml:3:14: error: match has no 'modalty'",
            "did you mean 'modality'?", "r.yaml:3:33: error: rows: expected a number",
            "burnedIn: 'MAYBE' is not one of YES, NO, ABSENT", "r.yaml:4:13: error: detect: expected one of",
            "did you mean 'always'?", "r.yaml:3:5: error: a rule needs a name",
            "r.yaml:5:5: error: a rule needs blank, detect, outsideRegions or hold",
            "r.yaml:6:24: error: blank: expected [x, y, width, height]", "there are two rules 'y'",
        ] {
            #expect(words.contains(line), "\(line) is missing in\n\(words)")
        }
    }
}
