/// Cohen's kappa (1960): agreement of two readers beyond chance, 1 for full agreement; nil without cases, or when chance alone
/// would agree always.
public func cohensKappa<Category: Hashable>(_ first: [Category], _ second: [Category]) -> Double? {
    precondition(first.count == second.count, "both readers must judge all cases")
    guard !first.isEmpty else { return nil }
    let count = Double(first.count)
    let observed = Double(zip(first, second).count { $0 == $1 }) / count
    let (a, b) = (tally(first), tally(second))
    let chance = a.reduce(0) { $0 + Double($1.value) * Double(b[$1.key] ?? 0) } / (count * count)
    return chance < 1 ? (observed - chance) / (1 - chance) : nil
}

/// Fleiss' kappa (1971): agreement of several readers beyond chance.
///
/// - Parameter counts: for each case how many readers chose each category; the same number of readers, two at least, for each
///   case, though they need not be the same people.
/// - Returns: nil without cases, or when chance alone would agree always.
public func fleissKappa(_ counts: [[Int]]) -> Double? {
    guard let first = counts.first else { return nil }
    let readers = first.reduce(0, +)
    precondition(
        readers > 1 && counts.allSatisfy { $0.count == first.count && $0.reduce(0, +) == readers },
        "each case needs the same number of readers, two at least")
    let (n, cases) = (Double(readers), Double(counts.count))
    let observed = counts.reduce(0) { sum, row in
        sum + Double(row.reduce(0) { $0 + $1 * ($1 - 1) }) / (n * (n - 1))
    }
    let chance = first.indices.reduce(0) { sum, category in
        let share = Double(counts.reduce(0) { $0 + $1[category] }) / (n * cases)
        return sum + share * share
    }
    return chance < 1 ? (observed / cases - chance) / (1 - chance) : nil
}

private func tally<Category: Hashable>(_ values: [Category]) -> [Category: Int] {
    values.reduce(into: [:]) { $0[$1, default: 0] += 1 }
}
