import Files
import Testing

@Suite struct PathKeyTests {
    private let composed = "\u{E9}"
    private let decomposed = "e\u{301}"

    @Test func namesAreTheirBytes() {
        #expect(composed == decomposed && PathKey(composed) != PathKey(decomposed))
        #expect(Set([composed, decomposed, "\u{C5}", "\u{212B}", "", "e"].map(PathKey.init)).count == 6)
        #expect(PathKey("a\(composed) in a folder") == PathKey("a\u{E9} in a" + " folder"))
        #expect(PathKey(decomposed).hasPrefix("e") && !PathKey(composed).hasPrefix(decomposed))
    }

    @Test func theOrderIsThatOfBytes() {
        #expect(
            [composed, "f", decomposed, "e", "", "ea"].sortedByBytes().map { Array($0.utf8) } == [
                [], [101], [101, 97], [101, 204, 129], [102], [195, 169],
            ])
        let plain = ["b", "a/b", "a.b", "a-b", "A", "a", "a b"]
        #expect(plain.sortedByBytes() == plain.sorted())
    }

    @Test func partsStandBetweenSlashes() {
        #expect("/a//\u{301}b".pathParts() == ["a", "\u{301}b"])
        #expect("/a//b".pathParts(omittingEmpty: false) == ["", "a", "", "b"])
    }
}
