import CKernels
import Volumes

/// Resamples slices along y and x, a few rows at a time, keeping its scratch rows from slice to slice.
struct PlaneResampler {
    let x: AxisResampling
    let y: AxisResampling
    /// Rows of a slice that are worked on at once: as many as stay in the processor's cache, and all that one output
    /// needs.
    let rowLimit: Int
    /// Rows of words as values, where words do not stand for themselves.
    private var values: [Float] = []
    private var row: [Float]

    init(x: AxisResampling, y: AxisResampling) {
        (self.x, self.y) = (x, y)
        rowLimit = min(y.inputCount, max(2 * y.taps, (1 << 16) / x.inputCount))
        row = [Float](repeating: 0, count: x.inputCount)
    }

    /// - Parameters:
    ///   - slice: counted through all channels.
    ///   - output: room for `y.count * x.count` values.
    mutating func resample(_ source: Voxels, slice: Int, into output: UnsafeMutablePointer<Float>) {
        let size = x.inputCount * y.inputCount
        let start = slice * size
        if x.isIdentity && y.isIdentity { return source.copy(start..<start + size, to: output) }
        switch source {
        case .floats(let values):
            values.withUnsafeBufferPointer { resample(0..<y.count, $0.baseAddress! + start, firstRow: 0, into: output) }
        case .words(let words, let values):
            words.withUnsafeBufferPointer { words in
                for window in y.windows(ofAtMost: rowLimit) {
                    let rows = UnsafeBufferPointer(
                        start: words.baseAddress! + start + window.inputs.lowerBound * x.inputCount,
                        count: window.inputs.count * x.inputCount)
                    resample(window.outputs, rows, values, firstRow: window.inputs.lowerBound, into: output)
                }
            }
        case .deferred:
            var rows = [Float](repeating: 0, count: size)
            source.copy(start..<start + size, to: &rows)
            resample(0..<y.count, rows, firstRow: 0, into: output)
        }
    }

    /// - Parameters:
    ///   - outputs: rows to make.
    ///   - words: input rows from `firstRow` on: those that the outputs need.
    mutating func resample(
        _ outputs: Range<Int>, _ words: UnsafeBufferPointer<UInt16>, _ values: WordValues, firstRow: Int,
        into output: UnsafeMutablePointer<Float>
    ) {
        guard values.areNumbers(words) else {
            var rows: [Float] = []
            swap(&rows, &self.values)
            if rows.count < words.count { rows = [Float](repeating: 0, count: rowLimit * x.inputCount) }
            rows.withUnsafeMutableBufferPointer { rows in
                values.copy(words, to: rows.baseAddress!)
                resample(outputs, rows.baseAddress!, firstRow: firstRow, into: output)
            }
            return swap(&rows, &self.values)
        }
        // Straight from the words, which stand for themselves.
        let (width, taps) = (x.inputCount, y.taps)
        y.weights.withUnsafeBufferPointer { weights in
            for index in outputs {
                let own = UnsafeBufferPointer(rebasing: weights[index * taps..<(index + 1) * taps])
                values.combine(
                    rows: words.baseAddress! + (Int(y.start[index]) - firstRow) * width, width: width, weights: own,
                    into: &row)
                x.resample(row, into: output + index * x.count)
            }
        }
    }

    /// The same from rows of values.
    private mutating func resample(
        _ outputs: Range<Int>, _ rows: UnsafePointer<Float>, firstRow: Int, into output: UnsafeMutablePointer<Float>
    ) {
        let (width, taps) = (x.inputCount, y.taps)
        y.weights.withUnsafeBufferPointer { weights in
            for index in outputs {
                hk_combine_rows(
                    rows + (Int(y.start[index]) - firstRow) * width, width, &row, width,
                    weights.baseAddress! + index * taps, taps)
                x.resample(row, into: output + index * x.count)
            }
        }
    }
}
