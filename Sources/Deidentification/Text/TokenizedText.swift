/// A text cut into tokens, for the rules that decide on them. Removal is by whole tokens: nothing is cut within one.
struct TokenizedText {
    let utf8: [UInt8]
    var folded: [UInt8] = []
    var tokens: [TextToken] = []
    /// Some words have a capital and some have none, so that capitals mean something.
    var hasBothCases = false

    init(_ text: String) {
        utf8 = Array(text.utf8)
        folded.reserveCapacity(utf8.count)
        tokens.reserveCapacity(utf8.count / 5 + 1)
        var scanner = TextScanner(utf8)
        scanner.run(into: &self)
        var (small, capital) = (false, false)
        for token in tokens where token.shape == .word && token.folded.count > 1 {
            if token.casing == .lower { small = true } else { capital = true }
        }
        hasBothCases = small && capital
    }

    func text(_ i: Int) -> ArraySlice<UInt8> { folded[tokens[i].folded] }

    func isEqual(_ i: Int, _ word: StaticString) -> Bool {
        let token = tokens[i].folded
        guard token.count == word.utf8CodeUnitCount else { return false }
        for k in 0..<token.count where folded[token.lowerBound + k] != word.utf8Start[k] { return false }
        return true
    }

    /// The next token if no sentence or line ends between.
    func after(_ i: Int) -> Int? { i + 1 < tokens.count && !tokens[i + 1].gap.contains(.stop) ? i + 1 : nil }
    func before(_ i: Int) -> Int? { i > 0 && !tokens[i].gap.contains(.stop) ? i - 1 : nil }
    /// What stands between token i and the next.
    func gapAfter(_ i: Int) -> Gap { i + 1 < tokens.count ? tokens[i + 1].gap : .stop }

    mutating func remove(_ i: Int) { tokens[i].verdict = .removed }
}
