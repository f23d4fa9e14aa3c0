import CStandards
import TestSupport
import Testing

@testable import Deidentification

/// What the header names goes from its texts, words of the field included.
@Suite struct TextIdentityTests {
    @Test func removesTheHeadersOwnWordsInEverySpelling() {
        var words = IdentityWords()
        words.add(person: "Hand^José^Long")
        words.add(identifier: "AX-4711")
        words.add(place: "Lung Center of Lübeck, CT")
        words.add(date: "19540307")
        let cleaner = TextCleaner(identities: words)
        #expect(cleaner.clean("CT HAND left").text == "CT left")
        #expect(cleaner.clean("HANDS, handling, longitudinal").text == "")
        #expect(cleaner.clean("T1HANDt2 T1_hand_AX").text == "T1")
        #expect(cleaner.clean("jose JOSÉ CT").text == "CT")
        #expect(cleaner.clean("TE 4711 TR 4500").text == "TE TR 4500")
        #expect(cleaner.clean("lung CT of the liver").text == "CT of the liver")
        #expect(cleaner.clean("LUEBECK CT").text == "CT")
        #expect(cleaner.clean("07031954 CT").text == "CT")
        #expect(TextCleaner().clean("CT HAND left").text == "CT HAND left")
    }

    @Test func shortNamesGoAsWholesOnly() {
        var words = IdentityWords()
        words.add(person: "Ax^Bo")
        let cleaner = TextCleaner(identities: words)
        #expect(cleaner.clean("AX T2 axial").text == "T2 axial")
        #expect(cleaner.clean("T2_AX").text == "T2")
    }

    /// Identities are drawn from the words of the field, where no other rule helps.
    @Test func noIdentityRemainsAsAPartOfAWord() {
        var random = SeededGenerator(seed: 7)
        let count = standard_word_count()
        func word() -> String {
            String(cString: standard_word_at(Int.random(in: 0..<count, using: &random))!.pointee.text)
        }
        var kept = 0
        for _ in 0..<300 {
            let names = (0..<3).map { _ in word() }.filter { $0.count > 2 }
            var identities = IdentityWords()
            identities.add(person: names.joined(separator: "^"))
            let pieces = (0..<12).map { i in
                let base = i % 3 == 0 ? names.randomElement(using: &random) ?? "" : word()
                switch i % 5 {
                case 0: return base.uppercased()
                case 1: return base + word()
                case 2:
                    return base.prefix(1).uppercased() + base.dropFirst()
                        + String(Int.random(in: 0..<100, using: &random))
                case 3: return word() + "_" + base
                default: return base
                }
            }
            let cleaned = TextCleaner(identities: identities).clean(pieces.joined(separator: " ")).text
            kept += cleaned.count
            for name in names { #expect(!cleaned.lowercased().contains(name), "\(name) in \(cleaned)") }
        }
        #expect(kept > 0)
    }
}
