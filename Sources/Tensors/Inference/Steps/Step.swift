/// One operation of a plan. It is split into parts that depend on nothing of each other: blocks of rows, unless it says
/// otherwise.
protocol Step: Sendable {
    var output: Matrix { get }
    /// What is read at the very rows that are written.
    var aligned: [Matrix] { get }
    /// What is read at any row: it must be complete before this step begins.
    var scattered: [Matrix] { get }
    /// How many parts there are; nil for blocks of rows.
    var parts: Int? { get }
    /// Bytes that a thread needs for itself while it works on `rows` rows.
    func scratchBytes(rows: Int) -> Int
    /// Rows that are best computed at once, at most.
    var preferredRows: Int { get }
    /// Computes rows, or the part with the number `rows.lowerBound`.
    func run(_ rows: Range<Int>, _ memory: PlanMemory)
}

extension Step {
    var aligned: [Matrix] { [] }
    var scattered: [Matrix] { [] }
    var parts: Int? { nil }
    var preferredRows: Int { 128 }
    func scratchBytes(rows: Int) -> Int { 0 }
}

/// Where matrices lie while one thread works on one block.
struct PlanMemory {
    let places: [Place]
    let arena: UnsafeMutableRawPointer
    /// This thread's rows of matrices that live only within a block.
    let local: UnsafeMutableRawPointer
    let scratch: UnsafeMutableRawPointer
    /// The block's first row, which is row 0 of local matrices.
    let firstRow: Int

    enum Place: Sendable, Hashable {
        case arena(offset: Int)
        case local(offset: Int)
    }

    func address(_ matrix: Matrix, row: Int) -> UnsafeMutableRawPointer {
        switch places[matrix.index] {
        case .arena(let offset): arena + offset + row * matrix.stride
        case .local(let offset): local + offset + (row - firstRow) * matrix.stride
        }
    }
}
