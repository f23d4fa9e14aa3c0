#if canImport(Glibc)
    import Glibc
#endif

/// McNemar's test (1947): whether two detectors differ on the same cases, from those that only one of them got right.
public struct McNemar: Sendable, Hashable {
    /// Cases that only the first, or only the second, got right.
    public var onlyFirst: Int
    public var onlySecond: Int
    /// Two-sided, from the binomial distribution with chance 1/2: exact for any number of cases; 1 when none differs.
    public var exactP: Double
    /// With Edwards' continuity correction (1948), chi-squared with one degree of freedom; 0 when none differs.
    public var statistic: Double
    public var correctedP: Double

    public init(_ first: [Bool], _ second: [Bool]) {
        precondition(first.count == second.count, "both must be asked about the same cases")
        onlyFirst = zip(first, second).count { $0 && !$1 }
        onlySecond = zip(first, second).count { !$0 && $1 }
        let n = onlyFirst + onlySecond
        guard n > 0 else {
            (exactP, statistic, correctedP) = (1, 0, 1)
            return
        }
        let least = min(onlyFirst, onlySecond)
        var tail = 0.0
        for k in 0...least {
            let ways = lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
            tail += exp(ways - Double(n) * log(2.0))
        }
        exactP = min(2 * tail, 1)
        let difference = Double(abs(onlyFirst - onlySecond)) - 1
        statistic = difference * difference / Double(n)
        correctedP = erfc((statistic / 2).squareRoot())
    }
}
