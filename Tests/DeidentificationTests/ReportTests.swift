import Testing

@testable import Deidentification

@Suite struct ReportTests {
    @Test func aChangedEntryChangesEveryDigestAfterIt() throws {
        func heads(_ entries: [String]) -> [String] {
            var chain = HashChain(start: Array("policy".utf8))
            return entries.map {
                chain.append(Array($0.utf8))
                return chain.head
            }
        }
        let (original, changed) = (heads(["a", "b", "c"]), heads(["a", "B", "c"]))
        #expect(original[0] == changed[0] && original[1] != changed[1] && original[2] != changed[2])
        #expect(heads(["a", "c"]).last != original.last)
        let (key, other) = (try makeKey(), try makeKey())
        #expect(HashChain(start: Array("x".utf8)).seal(key) == HashChain(start: Array("x".utf8)).seal(key))
        #expect(HashChain(start: Array("x".utf8)).seal(key) != HashChain(start: Array("x".utf8)).seal(other))
    }

    @Test func patientsAreGroupedByWhatAStrangerWouldKnow() {
        var records: [(patient: String, values: [String: String])] = []
        for index in 0..<6 { records.append(("P\(index)", ["age": "04\(index)Y", "sex": "F"])) }
        records.append(("P0", ["age": "041Y", "sex": "F"]))
        records.append(("Q", ["age": "090Y", "sex": "M"]))
        let result = KAnonymity(records)
        #expect(result.patients == 7 && result.groups.count == 2)
        #expect(result.small.map(\.patients) == [["Q"]])
        #expect(result.small[0].values.map(\.value) == ["90 and over", "M"])
    }

    /// Years as DICOM, sidecars and tables write them.
    @Test(arguments: [
        ("067Y", "60 to 69"), ("67", "60 to 69"), ("23.5", "20 to 29"), ("0804M", "60 to 69"), ("023", "20 to 29"),
        ("018M", "under 2"), ("001Y", "under 2"), ("5", "2 to 9"), ("090Y", "90 and over"), ("unheard", "unheard"),
    ]) func agesAreGroupedByYears(_ age: String, _ band: String) {
        #expect(KAnonymity.band("age", age) == band)
    }

    @Test func measuresAreGroupedInWhateverUnit() {
        #expect(KAnonymity.band("size", "1.75") == "170 to 180 cm" && KAnonymity.band("size", "175") == "170 to 180 cm")
        #expect(KAnonymity.band("bodyMassIndex", "27.3") == "25 to 30 kg/m2")
    }
}
