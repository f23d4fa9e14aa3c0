import CKernels
import Parallel
import Volumes

/// The work of a separable resampling, apart from what it means.
struct VolumeResampler: Sendable {
    let source: Voxels
    let shape: Shape
    let x: AxisResampling
    let y: AxisResampling
    let z: AxisResampling

    /// - Parameter output: room for channels x `z.count` x `y.count` x `x.count` values.
    func run(into output: UnsafeMutablePointer<Float>, _ workers: Workers) {
        let planes = shape.channels * z.count
        // Neighbouring outputs share input slices, so each worker takes a run of them; a few runs each even out.
        let runs = min(planes, workers.count == 1 ? 1 : 4 * workers.count)
        let target = Destination(start: output)
        workers.forEach(runs) { run in
            var plane = PlaneResampler(x: x, y: y)
            resample(planes * run / runs..<planes * (run + 1) / runs, into: target, &plane)
        }
    }

    private func resample(_ planes: Range<Int>, into output: Destination<Float>, _ plane: inout PlaneResampler) {
        let size = x.count * y.count
        // Input slices that are resampled in the plane, by their place in the source.
        var ready: [Int: [Float]] = [:]
        for index in planes {
            let (channel, slice) = index.quotientAndRemainder(dividingBy: z.count)
            let first = channel * shape.depth + Int(z.start[slice])
            var unused = ready.keys.filter { $0 < first }.compactMap { ready.removeValue(forKey: $0) }
            let taps = (0..<z.taps).filter { z.taps == 1 || z.weights[slice * z.taps + $0] != 0 }
            for tap in taps where ready[first + tap] == nil {
                var values = unused.popLast() ?? [Float](repeating: 0, count: size)
                plane.resample(source, slice: first + tap, into: &values)
                ready[first + tap] = values
            }
            combine(
                taps.map { (ready[first + $0]!, z.weights[slice * z.taps + $0]) },
                into: output.start + index * size, count: size)
        }
    }

    private func combine(
        _ slices: [(values: [Float], weight: Float)], into out: UnsafeMutablePointer<Float>, count: Int
    ) {
        switch slices.count {
        case 2: hk_blend(out, slices[0].values, slices[1].values, count, slices[0].weight, slices[1].weight)
        default:
            for (index, slice) in slices.enumerated() {
                hk_accumulate(out, slice.values, count, slice.weight, index == 0 ? 1 : 0)
            }
        }
    }
}

/// Resamples one slice along y and x, keeping its scratch rows from slice to slice.
struct PlaneResampler {
    let x: AxisResampling
    let y: AxisResampling
    /// Rows of words as values: as many as stay in the processor's cache.
    private var input: [Float]
    private var row: [Float]

    init(x: AxisResampling, y: AxisResampling) {
        (self.x, self.y) = (x, y)
        let rows = min(y.inputCount, max(2 * y.taps, (1 << 16) / x.inputCount))
        input = [Float](repeating: 0, count: x.inputCount * rows)
        row = [Float](repeating: 0, count: x.inputCount)
    }

    /// - Parameters:
    ///   - slice: counted through all channels.
    ///   - output: `y.count * x.count` values.
    mutating func resample(_ source: Voxels, slice: Int, into output: inout [Float]) {
        let size = x.inputCount * y.inputCount
        let range = slice * size..<(slice + 1) * size
        if x.isIdentity && y.isIdentity {
            output.withUnsafeMutableBufferPointer { source.copy(range, to: $0.baseAddress!) }
            return
        }
        if case .floats(let values) = source {
            values.withUnsafeBufferPointer {
                resample(0..<y.count, rows: $0.baseAddress! + range.lowerBound, firstRow: 0, into: &output)
            }
            return
        }
        if case .words(let words, let values) = source {
            let isDone = words.withUnsafeBufferPointer { words in
                let slice = UnsafeBufferPointer(rebasing: words[range])
                guard values.areNumbers(slice) else { return false }
                combine(slice, values, into: &output)
                return true
            }
            if isDone { return }
        }
        var next = 0
        while next < y.count {
            // As many outputs as have all their rows among those that fit.
            let (first, fit) = (Int(y.start[next]), input.count / x.inputCount)
            var end = next + 1
            while end < y.count, Int(y.start[end]) >= first, Int(y.start[end]) + y.taps - first <= fit { end += 1 }
            let last = min(y.inputCount, (next..<end).map { Int(y.start[$0]) + y.taps }.max()!)
            let start = range.lowerBound + first * x.inputCount
            var rows: [Float] = []
            swap(&rows, &input)
            rows.withUnsafeMutableBufferPointer { buffer in
                source.copy(start..<start + (last - first) * x.inputCount, to: buffer.baseAddress!)
                resample(next..<end, rows: buffer.baseAddress!, firstRow: first, into: &output)
            }
            input = rows
            next = end
        }
    }

    /// Straight from the words of a slice, where they stand for themselves.
    private mutating func combine(
        _ words: UnsafeBufferPointer<UInt16>, _ values: WordValues, into output: inout [Float]
    ) {
        let (width, taps, x) = (x.inputCount, y.taps, x)
        y.weights.withUnsafeBufferPointer { weights in
            for index in 0..<y.count {
                let own = UnsafeBufferPointer(rebasing: weights[index * taps..<(index + 1) * taps])
                values.combine(
                    rows: words.baseAddress! + Int(y.start[index]) * width, width: width, weights: own, into: &row)
                output.withUnsafeMutableBufferPointer { out in
                    hk_resample_row(row, out.baseAddress! + index * x.count, x.count, x.start, x.weights, x.taps)
                }
            }
        }
    }

    /// - Parameters:
    ///   - outputs: rows to make.
    ///   - rows: input rows from `firstRow` on, as many as the outputs need.
    private mutating func resample(
        _ outputs: Range<Int>, rows: UnsafePointer<Float>, firstRow: Int, into output: inout [Float]
    ) {
        let (width, taps, x) = (x.inputCount, y.taps, x)
        for index in outputs {
            y.weights.withUnsafeBufferPointer { weights in
                hk_combine_rows(
                    rows + (Int(y.start[index]) - firstRow) * width, width, &row, width,
                    weights.baseAddress! + index * taps, taps)
            }
            output.withUnsafeMutableBufferPointer { out in
                hk_resample_row(row, out.baseAddress! + index * x.count, x.count, x.start, x.weights, x.taps)
            }
        }
    }
}
