/// Steps in groups, and where each matrix lies.
///
/// Within a group a thread takes one block of rows through all steps before the next, so that rows stay in its cache; between
/// groups every thread waits for all others. Blocks depend on the number of rows alone: the same bits for any thread count.
struct Schedule: Sendable {
    struct Group: Sendable {
        var steps: [Int]
        /// Rows of a part; 1 where a step has parts of its own.
        var block: Int
        /// Rows, or parts.
        var extent: Int
        var parts: Int { (extent + block - 1) / block }
    }

    private(set) var groups: [Group] = []
    private(set) var places: [PlanMemory.Place]
    private(set) var arenaBytes = 0
    private(set) var localBytes = 0
    private(set) var scratchBytes = 0

    init(steps: [any Step], matrices: [Matrix], inputs: [Matrix], outputs: [Matrix]) {
        places = matrices.map { _ in .arena(offset: 0) }
        group(steps)
        place(steps, matrices, inputs, outputs)
        for group in groups {
            for step in group.steps { scratchBytes = max(scratchBytes, steps[step].scratchBytes(rows: group.block)) }
        }
    }

    /// A step joins the group before it when it has the same rows and reads nothing of it at other rows.
    private mutating func group(_ steps: [any Step]) {
        var made: Set<Int> = []
        for (index, step) in steps.enumerated() {
            if let last = groups.indices.last, step.parts == nil, groups[last].block > 1,
                groups[last].extent == step.output.rows, !step.scattered.contains(where: { made.contains($0.index) })
            {
                groups[last].steps.append(index)
            } else {
                groups.append(
                    Group(steps: [index], block: step.parts == nil ? 16 : 1, extent: step.parts ?? step.output.rows))
                made = []
            }
            made.insert(step.output.index)
        }
        for index in groups.indices where groups[index].block > 1 {
            let preferred = groups[index].steps.map { steps[$0].preferredRows }.max() ?? 128
            groups[index].block = Self.block(rows: groups[index].extent, preferred: preferred)
        }
    }

    /// Rows of a block: an eighth of all, so that threads share them evenly, but not too many for a cache.
    static func block(rows: Int, preferred: Int) -> Int { min(preferred, Matrix.allocated(rows: (rows + 7) / 8)) }

    private mutating func place(_ steps: [any Step], _ matrices: [Matrix], _ inputs: [Matrix], _ outputs: [Matrix]) {
        // Of each matrix: the steps and groups from its making to its last use.
        var (first, last) = ([Int](repeating: -1, count: matrices.count), [Int](repeating: -1, count: matrices.count))
        var (firstGroup, lastGroup) = (first, last)
        var isScattered = Set((inputs + outputs).map(\.index))
        for (number, group) in groups.enumerated() {
            for index in group.steps {
                let step = steps[index]
                (first[step.output.index], firstGroup[step.output.index]) = (index, number)
                for matrix in [step.output] + step.aligned + step.scattered {
                    (last[matrix.index], lastGroup[matrix.index]) = (index, number)
                }
                isScattered.formUnion(step.scattered.map(\.index))
                if step.parts != nil { isScattered.insert(step.output.index) }
            }
        }
        for output in outputs { lastGroup[output.index] = groups.count }
        var (arena, local) = (Packing(), Packing())
        for matrix in matrices {
            let index = matrix.index
            if !isScattered.contains(index), firstGroup[index] == lastGroup[index], firstGroup[index] >= 0 {
                let bytes = Matrix.allocated(rows: groups[firstGroup[index]].block) * matrix.stride
                places[index] = .local(offset: local.add(bytes, from: first[index], through: last[index]))
            } else {
                let bytes = Matrix.allocated(rows: matrix.rows) * matrix.stride
                let offset = arena.add(bytes, from: firstGroup[index], through: lastGroup[index])
                places[index] = .arena(offset: offset)
            }
        }
        (arenaBytes, localBytes) = (arena.byteCount, local.byteCount)
    }
}

/// Places intervals of memory that are in use at overlapping times beside each other, others in each other's place.
private struct Packing {
    private var taken: [(bytes: Range<Int>, times: ClosedRange<Int>)] = []
    private(set) var byteCount = 0

    /// - Returns: the lowest offset that is free all the time.
    mutating func add(_ count: Int, from start: Int, through end: Int) -> Int {
        let times = start...max(start, end)
        var offset = 0
        for other in taken.filter({ $0.times.overlaps(times) }).sorted(by: { $0.bytes.lowerBound < $1.bytes.lowerBound }
        ) {
            if offset + count <= other.bytes.lowerBound { break }
            offset = max(offset, other.bytes.upperBound)
        }
        let rounded = (count + 4095) / 4096 * 4096
        taken.append((offset..<offset + rounded, times))
        byteCount = max(byteCount, offset + rounded)
        return offset
    }
}
