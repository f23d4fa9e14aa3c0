import TestSupport
import Testing

@testable import DataSets
@testable import Deidentification

@Suite struct NeedleTests {
    private func set(_ texts: String...) -> NeedleSet {
        var set = NeedleSet()
        for text in texts {
            Array(text.utf8).withUnsafeBufferPointer { set.insert($0, .identity, from: .patientName) }
        }
        return set
    }

    private func places(_ set: NeedleSet, _ text: [UInt8]) -> [Int] {
        text.withUnsafeBytes { set.hits(in: $0) }.map(\.offset).sorted()
    }

    @Test func findsTextsWhateverTheirCase() {
        let needles = set("Lovelace", "MRN0012345")
        #expect(places(needles, Array("id mrn0012345 of LOVELACE and xLoVeLaCex".utf8)) == [3, 17, 31])
    }

    @Test func shortTextsAreWords() {
        #expect(places(set("Anna"), Array("SAVANNAH anna_1 ANNAB".utf8)) == [9])
        #expect(places(set("1.2.34"), Array("1.2.345 1.2.34 11.2.34".utf8)) == [8])
    }

    /// Against a plain search, over random bytes with texts planted at all places of blocks.
    @Test func findsThemAtEveryPlace() {
        let needles = set("Lovelace", "20040119", "Ada Byron")
        var generator = SeededGenerator(seed: 1)
        for length in [8, 63, 64, 67, 128, 1000] {
            for offset in 0...length - 8 {
                var bytes = (0..<length).map { _ in UInt8.random(in: 0..<16, using: &generator) }
                bytes.replaceSubrange(offset..<offset + 8, with: Array("lovelace".utf8))
                #expect(places(needles, bytes) == [offset])
            }
        }
    }

    @Test func findsOtherSpellings() {
        var harvest = Harvest()
        harvest.note(DataElement(.patientBirthDate, .DA, text: "18151210"), charset: .ascii)
        harvest.note(DataElement(.patientName, .PN, text: "Lovelace^Ada"), charset: .ascii)
        let dates = [
            "1815-12-10", "10.12.1815", "12/10/1815", "1815_12_10", "10 12 1815", "10DEC1815", "Dec 10, 1815",
            "10 december 1815", "1815-Dec-10", "151210", "10/12/15",
        ]
        for text in dates + ["LOVELACE"] {
            #expect(places(harvest.needles, Array("x \(text) y".utf8)) == [2], "\(text)")
        }
        let wide = "Lovelace".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(places(harvest.needles, [9, 0] + wide) == [2])
        #expect(
            places(harvest.needles, [0, 9] + wide.dropFirst(0).map { $0 }.chunked().flatMap { [$0[1], $0[0]] }) == [3])
    }

    /// Six digits may be any number, and a day without its zero a part of another.
    @Test func datesThatNumbersReadLikeAreWords() {
        var harvest = Harvest()
        harvest.note(DataElement(Tag(0x0008, 0x0020), .DA, text: "20010704"), charset: .ascii)
        for text in ["010704", "040701", "4.7.2001", "2001-7-4", "7/4/2001", "4JUL2001", "July 4, 2001"] {
            #expect(places(harvest.needles, Array("x \(text) y".utf8)) == [2], "\(text)")
        }
        for text in ["1.2.010704.3", "0107041", "123.010704", "24.7.2001", "2001-7-41", "010704Hz", "VB010704"] {
            #expect(places(harvest.needles, Array("x \(text) y".utf8)) == [], "\(text)")
        }
    }

    /// More than the table of hashes has room for at first, and each in both of its spellings.
    @Test func manyAreAllFound() {
        var harvest = Harvest()
        let values = (0..<500).map { "Patient\($0 * 7919)x" }
        for value in values { harvest.note(DataElement(.patientID, .LO, text: value), charset: .ascii) }
        #expect(harvest.needles.count == 2 * values.count)
        for value in values {
            #expect(places(harvest.needles, Array("a \(value.uppercased()) b".utf8)) == [2], "\(value)")
            #expect(places(harvest.needles, value.utf16.flatMap { [UInt8($0 & 0xFF), 0] }) == [0], "\(value)")
        }
    }

    @Test func anIdentityOutweighsADescription() {
        var needles = set()
        func insert(_ text: String, _ kind: Needle.Kind) {
            Array(text.utf8).withUnsafeBufferPointer { needles.insert($0, kind, from: .patientName) }
        }
        for kind in [Needle.Kind.description, .identity, .description] {
            insert("Lovelace", kind)
            insert("Wu", kind)
        }
        #expect(Array("LOVELACE".utf8).withUnsafeBytes { needles.hits(in: $0) }.map(\.needle.kind) == [.identity])
        #expect(needles.hasWord("WU".utf8) && !needles.hasWord("Lovelace".utf8))
        var joined = set("Byron")
        joined.formUnion(needles)
        #expect(joined.hasWord("wu".utf8))
        #expect(places(joined, Array("byron lovelace".utf8)) == [0, 6])
    }

    /// Dark pixels of 16 bits are UTF-16 of few letters, and of many they are none.
    @Test func aFewLettersInPixelsAreChance() {
        func isFound(_ name: String, isWide: Bool, _ vr: ValueRepresentation) -> Bool {
            var harvest = Harvest()
            harvest.note(DataElement(.patientName, .PN, text: name), charset: .ascii)
            let letters = Array("\u{1}\(name)\u{1}".utf8)
            let bytes = isWide ? letters.flatMap { [$0, 0] } : letters
            let span = EncodedDataSet.Span(
                range: ByteRange(offset: 0, count: bytes.count), tag: .pixelData, vr: vr, isOriginal: true)
            let found = [ByteScan.Allowance.elements([span]), .binary(from: 0)].map { allowance in
                var scan = ByteScan(harvest.needles, allowance)
                bytes.withUnsafeBytes { scan.search($0) }
                return (try? scan.finish()) == nil
            }
            if vr != .OB { #expect(found[0] == found[1]) }
            return found[0]
        }
        #expect(!isFound("hippo", isWide: true, .OW))
        #expect(!isFound("Hippolyta", isWide: true, .OW))
        #expect(isFound("Hippolyta^Amazon", isWide: true, .OW))
        #expect(isFound("Hippolyta", isWide: false, .OW))
        // Of which a dark one is no letter.
        #expect(isFound("hippo", isWide: true, .OB))
    }

    /// One byte again and again stands everywhere; its case tells a name apart.
    @Test func oneByteAgainAndAgainIsNotSearchedFor() {
        #expect(set("........", "00000000").isEmpty)
        #expect(places(set("Xxxxxxxx"), Array("a xxxxxxxx".utf8)) == [2])
    }
}

extension [UInt8] {
    fileprivate func chunked() -> [[UInt8]] { stride(from: 0, to: count - 1, by: 2).map { [self[$0], self[$0 + 1]] } }
}
