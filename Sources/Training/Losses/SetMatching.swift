/// The assignment of every row to a column of its own with the least total cost (Kuhn 1955, Munkres 1957), by shortest
/// augmenting paths with potentials: O(rows² columns).
///
/// - Parameters: `cost(row, column)` is finite; there are at least as many columns as rows.
/// - Returns: the column of each row. Of several best assignments always the same one.
package func leastCostAssignment(rows: Int, columns: Int, cost: (Int, Int) -> Double) -> [Int] {
    precondition(rows <= columns, "\(rows) rows cannot each have one of \(columns) columns")
    // Rows and columns count from 1; 0 stands for "none yet".
    var rowPotential = [Double](repeating: 0, count: rows + 1)
    var columnPotential = [Double](repeating: 0, count: columns + 1)
    var rowOfColumn = [Int](repeating: 0, count: columns + 1)
    for row in 1..<max(rows + 1, 1) {
        var cheapest = [Double](repeating: .infinity, count: columns + 1)
        var before = [Int](repeating: 0, count: columns + 1)
        var isVisited = [Bool](repeating: false, count: columns + 1)
        rowOfColumn[0] = row
        var column = 0
        repeat {
            isVisited[column] = true
            let current = rowOfColumn[column]
            var (step, next) = (Double.infinity, 0)
            for candidate in 1...columns where !isVisited[candidate] {
                let reduced = cost(current - 1, candidate - 1) - rowPotential[current] - columnPotential[candidate]
                if reduced < cheapest[candidate] { (cheapest[candidate], before[candidate]) = (reduced, column) }
                if cheapest[candidate] < step { (step, next) = (cheapest[candidate], candidate) }
            }
            for candidate in 0...columns {
                if isVisited[candidate] {
                    rowPotential[rowOfColumn[candidate]] += step
                    columnPotential[candidate] -= step
                } else {
                    cheapest[candidate] -= step
                }
            }
            column = next
        } while rowOfColumn[column] != 0
        while column != 0 {
            rowOfColumn[column] = rowOfColumn[before[column]]
            column = before[column]
        }
    }
    var result = [Int](repeating: 0, count: rows)
    for column in 1..<max(columns + 1, 1) where rowOfColumn[column] > 0 { result[rowOfColumn[column] - 1] = column - 1 }
    return result
}
