import DataSets
import Testing

/// Values from PS3.5 Annexes H, I, J and K.
@Suite struct CharacterSetTests {
    static let examples: [(terms: [String], bytes: [UInt8], text: String)] = [
        (["ISO_IR 100"], [0x42, 0x75, 0x63, 0x5E, 0x4A, 0xE9, 0x72, 0xF4, 0x6D, 0x65], "Buc^Jérôme"),
        (
            ["", "ISO 2022 IR 87"],
            Array("Yamada^Tarou=".utf8) + [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42, 0x5E]
                + [0x1B, 0x24, 0x42, 0x42, 0x40, 0x4F, 0x3A, 0x1B, 0x28, 0x42],
            "Yamada^Tarou=山田^太郎"
        ),
        (
            ["", "ISO 2022 IR 149"],
            Array("Hong^Gildong=".utf8) + [0x1B, 0x24, 0x29, 0x43, 0xFB, 0xF3, 0x5E, 0x1B, 0x24, 0x29, 0x43]
                + [0xD1, 0xCE, 0xD4, 0xD7],
            "Hong^Gildong=洪^吉洞"
        ),
        (["ISO_IR 192"], Array("Wang^XiaoDong=王^小東".utf8), "Wang^XiaoDong=王^小東"),
        (
            ["GB18030"], Array("Wang^XiaoDong=".utf8) + [0xCD, 0xF5, 0x5E, 0xD0, 0xA1, 0xB6, 0xAB],
            "Wang^XiaoDong=王^小东"
        ),
        (["ISO_IR 144"], [0xBB, 0xEE, 0xDA, 0x63, 0x65, 0xDC, 0xD1, 0xEB, 0xD9], "Люкceмбый"),
        (["ISO_IR 13"], [0xD4, 0xCF, 0xC0, 0xDE, 0x5E, 0xC0, 0xDB, 0xB3], "ﾔﾏﾀﾞ^ﾀﾛｳ"),
        ([], Array("Müller".utf8), "Müller"),
        ([], [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72], "Müller"),
    ]

    @Test(arguments: examples.indices) func decodesTheStandardsExamples(_ index: Int) {
        let example = Self.examples[index]
        #expect(CharacterSet(example.terms).decode(example.bytes[...]) == example.text)
    }

    @Test(arguments: examples.indices) func knowsWhatItGuesses(_ index: Int) {
        // Of all examples only bytes beyond ASCII without a word about them that are no UTF-8.
        let example = Self.examples[index]
        let isGuess = example.terms.isEmpty && String(validating: example.bytes, as: UTF8.self) == nil
        #expect(CharacterSet(example.terms).decoded(example.bytes[...]).isCertain == !isGuess)
    }

    /// Shift JIS that nobody announced, or announced as something else; a term that the standard lacks.
    @Test(arguments: [[], ["ISO_IR 100"], ["ISO_IR 192"], ["ISO_IR 999"], ["", "ISO 2022 IR 87"]])
    func knowsThatBytesAreOfAnotherSet(terms: [String]) {
        #expect(!CharacterSet(terms).decoded([0x8E, 0x52, 0x93, 0x63]).isCertain)
        #expect(CharacterSet(terms).decoded(Array("Yamada".utf8)[...]).isCertain)
    }

    @Test func knowsWhichTermsExist() {
        #expect(CharacterSet(["ISO 2022 IR 6", "ISO 2022 IR 58"]).isKnown)
        #expect(!CharacterSet(["LATIN-1"]).isKnown)
    }

    /// What begins in a set of one byte or two each is written as it was read.
    @Test func encodesWhatItReads() {
        for (terms, bytes, text) in Self.examples where terms.count == 1 && terms != ["ISO_IR 192"] {
            #expect(CharacterSet(terms).encode(text) == bytes, "\(text)")
        }
        #expect(CharacterSet(["ISO_IR 192"]).encode("ü") == nil)
        #expect(CharacterSet(["ISO_IR 100"]).encode("Ł") == nil && CharacterSet(["ISO_IR 101"]).encode("Ł") == [0xA3])
        #expect(CharacterSet.ascii.encode("Müller") == [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72])
    }
}
