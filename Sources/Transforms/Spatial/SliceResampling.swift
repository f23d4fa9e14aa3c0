public import Volumes

/// Resampling of one slice whose rows come one after another, as a reader reads them, so that the slice is never whole
/// in memory. Gives the same bits as `Volume.resampled` on the whole slice.
public struct SliceResampling: Sendable {
    private let x: AxisResampling
    private let y: AxisResampling
    /// Output spacing / input spacing along x, y, z: what `Geometry.scaled(by:)` wants.
    public let scale: SIMD3<Double>

    /// Of what comes out.
    public var shape: Shape { Shape(depth: 1, height: y.count, width: x.count) }

    /// - Returns: nil when both grids are one.
    public init?(
        of shape: Shape, height: Int, width: Int, interpolation: Interpolation = .linear, antialias: Bool = true
    ) {
        guard (shape.height, shape.width) != (height, width) else { return nil }
        scale = [Double(shape.width) / Double(width), Double(shape.height) / Double(height), 1]
        x = AxisResampling(
            inputCount: shape.width, outputCount: width, scale: scale.x, interpolation: interpolation,
            antialias: antialias)
        y = AxisResampling(
            inputCount: shape.height, outputCount: height, scale: scale.y, interpolation: interpolation,
            antialias: antialias)
    }

    /// - Parameters:
    ///   - values: what the words stand for.
    ///   - next: puts the next rows where they are wanted, called with their number. Rows behind the last one that is
    ///     needed are not asked for.
    /// - Returns: the slice on its new grid, row-major.
    public func run<E: Error>(
        _ values: WordValues, next: (Int, UnsafeMutablePointer<UInt16>) throws(E) -> Void
    ) throws(E) -> [Float] {
        var plane = PlaneResampler(x: x, y: y)
        let (width, limit) = (x.inputCount, plane.rowLimit)
        // 16: glibc never uses freed memory of a larger alignment again.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: limit * width * 2, alignment: 16)
        defer { buffer.deallocate() }
        let window = buffer.bindMemory(to: UInt16.self).baseAddress!
        var failure: E?
        let output = [Float](unsafeUninitializedCapacity: x.count * y.count) { output, count in
            /// Rows of the slice that lie in the window.
            var held = 0..<0
            do throws(E) {
                for (outputs, rows) in y.windows(ofAtMost: limit) {
                    // Rows that neither this window nor the one before needs are read over.
                    while held.upperBound < rows.lowerBound {
                        let skipped = min(limit, rows.lowerBound - held.upperBound)
                        try next(skipped, window)
                        held = held.upperBound + skipped..<held.upperBound + skipped
                    }
                    let kept = held.upperBound - rows.lowerBound
                    window.update(from: window + (held.count - kept) * width, count: kept * width)
                    try next(rows.count - kept, window + kept * width)
                    held = rows
                    plane.resample(
                        outputs, UnsafeBufferPointer(start: window, count: rows.count * width), values,
                        firstRow: rows.lowerBound, into: output.baseAddress!)
                }
                count = x.count * y.count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return output
    }
}
