import CKernels
public import Volumes

extension Volume {
    /// Onto a grid of another spacing over the same extent.
    ///
    /// Size is `round(n s / s')`, at least 1; the origin moves by `(s' - s) / 2` along each axis.
    ///
    /// - Parameter spacing: mm along x, y, z.
    /// - Throws: `TransformError` when the image has no physical spacing or the result would be too large.
    public func resampled(
        toSpacing spacing: SIMD3<Double>, interpolation: Interpolation = .linear, antialias: Bool = true
    ) throws(TransformError) -> Volume {
        guard geometry.isPhysical else {
            throw TransformError(
                .missingInformation, "the image has no physical spacing; use `resize` to a number of pixels instead")
        }
        let scale = spacing / geometry.spacing
        guard (0..<3).allSatisfy({ spacing[$0] > 0 && scale[$0].isFinite && scale[$0] > 0 }) else {
            throw TransformError(.invalidOption, "spacing must be above 0 mm")
        }
        let counts = SIMD3(Double(shape.width), Double(shape.height), Double(shape.depth)) / scale
        // Checked before any of it becomes an integer: a spacing of nanometres would overflow.
        guard (counts.x + 1) * (counts.y + 1) * (counts.z + 1) * Double(shape.channels) <= 0x1p33 else {
            throw TransformError(.tooLarge, "the spacing asks for more voxels than fit in memory")
        }
        func size(_ count: Double) -> Int { max(1, Int(count.rounded())) }
        return try resampled(
            to: Shape(
                channels: shape.channels, depth: size(counts.z), height: size(counts.y), width: size(counts.x)),
            scale: scale, interpolation, antialias)
    }

    /// Onto a grid of another size over exactly the same extent.
    ///
    /// - Throws: `TransformError` when the result would be too large.
    public func resampled(
        depth: Int, height: Int, width: Int, interpolation: Interpolation = .linear, antialias: Bool = true
    ) throws(TransformError) -> Volume {
        let scale = SIMD3(
            Double(shape.width) / Double(width), Double(shape.height) / Double(height),
            Double(shape.depth) / Double(depth))
        return try resampled(
            to: Shape(channels: shape.channels, depth: depth, height: height, width: width), scale: scale,
            interpolation, antialias)
    }

    /// Separable: rows of a slice first (whole rows at a time), then within rows, then across slices, holding only
    /// the few slices that the next output needs.
    private func resampled(
        to target: Shape, scale: SIMD3<Double>, _ interpolation: Interpolation, _ antialias: Bool
    ) throws(TransformError) -> Volume {
        guard target.count <= 1 << 33 else {
            throw TransformError(.tooLarge, "\(target) voxels would not fit in memory")
        }
        let x = AxisResampling(
            inputCount: shape.width, outputCount: target.width, scale: scale.x, interpolation: interpolation,
            antialias: antialias)
        let y = AxisResampling(
            inputCount: shape.height, outputCount: target.height, scale: scale.y, interpolation: interpolation,
            antialias: antialias)
        let z = AxisResampling(
            inputCount: shape.depth, outputCount: target.depth, scale: scale.z, interpolation: interpolation,
            antialias: antialias)
        let result = [Float](unsafeUninitializedCapacity: target.count) { output, initialized in
            var plane = PlaneResampler(x: x, y: y)
            for channel in 0..<shape.channels {
                var slices: [Int: [Float]] = [:]
                for index in 0..<target.depth {
                    let start = Int(z.start[index])
                    slices = slices.filter { $0.key >= start }
                    let destination = output.baseAddress! + (channel * target.depth + index) * target.sliceCount
                    var isFirst = true
                    for tap in 0..<z.taps where z.weights[index * z.taps + tap] != 0 || (tap == 0 && z.taps == 1) {
                        let source = start + tap
                        if slices[source] == nil { slices[source] = plane.resample(slice(source, channel: channel)) }
                        hk_accumulate(
                            destination, slices[source]!, target.sliceCount, z.weights[index * z.taps + tap],
                            isFirst ? 1 : 0)
                        isFirst = false
                    }
                }
            }
            initialized = target.count
        }
        return with(voxels: result, shape: target, geometry: geometry.scaled(by: scale))
    }
}

/// Resamples one slice along y and x, keeping its scratch row from slice to slice.
private struct PlaneResampler {
    let x: AxisResampling
    let y: AxisResampling
    private var row: [Float]

    init(x: AxisResampling, y: AxisResampling) {
        (self.x, self.y) = (x, y)
        row = [Float](repeating: 0, count: x.inputCount)
    }

    mutating func resample(_ slice: ArraySlice<Float>) -> [Float] {
        if x.isIdentity && y.isIdentity { return Array(slice) }
        let (width, taps) = (x.inputCount, y.taps)
        return [Float](unsafeUninitializedCapacity: x.count * y.count) { output, initialized in
            slice.withUnsafeBufferPointer { input in
                y.weights.withUnsafeBufferPointer { weights in
                    for index in 0..<y.count {
                        hk_combine_rows(
                            input.baseAddress! + Int(y.start[index]) * width, width, &row, width,
                            weights.baseAddress! + index * taps, taps)
                        hk_resample_row(
                            row, output.baseAddress! + index * x.count, x.count, x.start, x.weights, x.taps)
                    }
                }
            }
            initialized = x.count * y.count
        }
    }
}
