public import Parallel
import Synchronization

/// A network made ready to run without derivatives: steps in groups, weights packed, one arena for all that is computed.
///
/// Runs may happen at the same time; each takes an arena, and gives it back for the next: after the first image nothing but
/// the results is allocated. Results are the same bits for any number of threads.
public final class Plan: Sendable {
    public let backend: Backend
    private let steps: [any Step]
    private let schedule: Schedule
    private let inputs: [Matrix]
    private let outputs: [Matrix]
    private let free = Locked<[Arena]>([])

    /// - Parameter build: names the steps; returns what shall be handed out, float32 matrices.
    public init(
        _ backend: Backend, _ build: (PlanBuilder) throws(TensorError) -> [Matrix]
    ) throws(TensorError) {
        if backend.kernel == .openBLAS || backend.float32Kernel == .openBLAS { try loadMatrixLibrary() }
        if backend.kernel == .oneDNN, !OneDNNProduct.isInstalled { throw .noReducedLibrary }
        let builder = PlanBuilder(backend)
        outputs = try build(builder)
        for output in outputs where output.format != .float32 {
            throw .shapeMismatch(operation: "plan output", expected: "fp32", found: [output.rows, output.columns])
        }
        self.backend = backend
        (steps, inputs, weightBytes) = (builder.steps, builder.inputs, builder.weightBytes)
        schedule = Schedule(steps: steps, matrices: builder.matrices, inputs: inputs, outputs: outputs)
    }

    /// Bytes of packed weights.
    public let weightBytes: Int

    /// Bytes that a run computes in, besides weights, on one thread.
    public var arenaBytes: Int { schedule.arenaBytes + schedule.localBytes + schedule.scratchBytes }

    /// Computes the outputs, each `[rows, columns]`.
    ///
    /// - Parameter values: one tensor an input, `[rows, columns]`.
    /// - Throws: `TensorError.shapeMismatch` for an input of another shape.
    public func run(_ values: Tensor..., workers: Workers = .single) throws(TensorError) -> [Tensor] {
        guard values.map(\.shape) == inputs.map({ [$0.rows, $0.columns] }) else {
            throw .shapeMismatch(
                operation: "plan input", expected: inputs.map { "[\($0.rows), \($0.columns)]" }.joined(separator: ", "),
                found: values.first?.shape ?? [])
        }
        let arena = free.withLock { $0.popLast() } ?? Arena(schedule)
        defer { free.withLock { $0.append(arena) } }
        arena.prepare(threads: workers.count)
        let memory = arena.memory(schedule.places, thread: 0, firstRow: 0)
        for (matrix, value) in zip(inputs, values) {
            value.withUnsafeElements { copyRows(of: matrix, $0.baseAddress!, into: memory) }
        }
        workers.forEach(workers.count) { thread in work(arena, thread: thread) }
        return outputs.map { matrix in
            Tensor([matrix.rows, matrix.columns]) { out in
                for row in 0..<matrix.rows {
                    let source = memory.address(matrix, row: row).assumingMemoryBound(to: Float.self)
                    (out.baseAddress! + row * matrix.columns).initialize(from: source, count: matrix.columns)
                }
            }
        }
    }

    /// Takes parts until there are none, group by group. A thread that comes late finds the work done and goes on.
    private func work(_ arena: Arena, thread: Int) {
        for (index, group) in schedule.groups.enumerated() {
            let parts = group.parts
            while true {
                let part = arena.progress[2 * index].add(1, ordering: .relaxed).oldValue
                guard part < parts else { break }
                let rows = part * group.block..<min((part + 1) * group.block, group.extent)
                let memory = arena.memory(schedule.places, thread: thread, firstRow: rows.lowerBound)
                for step in group.steps { steps[step].run(rows, memory) }
                arena.progress[2 * index + 1].add(1, ordering: .releasing)
            }
            arena.wait(for: parts, at: 2 * index + 1)
        }
    }

    private func copyRows(of matrix: Matrix, _ source: UnsafePointer<Float>, into memory: PlanMemory) {
        for row in 0..<matrix.rows {
            let target = memory.address(matrix, row: row).assumingMemoryBound(to: Float.self)
            target.update(from: source + row * matrix.columns, count: matrix.columns)
            let padding = matrix.stride / 4 - matrix.columns
            (target + matrix.columns).update(repeating: 0, count: padding)
        }
    }
}
