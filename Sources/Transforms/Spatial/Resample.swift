public import Parallel
public import Volumes

extension Volume {
    /// Onto a grid of another spacing over the same extent.
    ///
    /// Size is `round(n s / s')`, at least 1; the origin moves by `(s' - s) / 2` along each axis.
    ///
    /// - Parameters:
    ///   - spacing: mm along x, y, z.
    ///   - picksAcross: along the coarsest axis of an image whose spacings differ more than threefold, take the nearest
    ///     voxel: between slices that far apart there is nothing to interpolate (nnU-Net's rule for anisotropic data,
    ///     `separate_z`, Isensee et al. 2021).
    ///   - mayDefer: the result is read once, from start to end; where it pays, its voxels are made only then.
    /// - Throws: `TransformError` when the image has no physical spacing, the result would be too large, or a voxel that would
    ///   be blended with others is NaN or infinite.
    public func resampled(
        toSpacing spacing: SIMD3<Double>, interpolation: Interpolation = .linear, antialias: Bool = true,
        picksAcross: Bool = false, mayDefer: Bool = false, workers: Workers = .single
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
            scale: scale, interpolation, antialias, picking: picksAcross ? coarsestAxis : nil, mayDefer, workers)
    }

    /// The axis whose spacing is more than three times that of another, if there is one.
    private var coarsestAxis: Int? {
        let spacing = geometry.spacing
        guard spacing.max() > 3 * spacing.min() else { return nil }
        return (0..<3).first { spacing[$0] == spacing.max() }
    }

    /// Onto a grid of another size over exactly the same extent.
    ///
    /// - Throws: `TransformError` when the result would be too large, or a voxel that would be blended with others is NaN or
    ///   infinite.
    public func resampled(
        depth: Int, height: Int, width: Int, interpolation: Interpolation = .linear, antialias: Bool = true,
        workers: Workers = .single
    ) throws(TransformError) -> Volume {
        let scale = SIMD3(
            Double(shape.width) / Double(width), Double(shape.height) / Double(height),
            Double(shape.depth) / Double(depth))
        return try resampled(
            to: Shape(channels: shape.channels, depth: depth, height: height, width: width), scale: scale,
            interpolation, antialias, picking: nil, false, workers)
    }

    /// Separable: rows of a slice first (whole rows at a time), then within rows, then across slices, holding only
    /// the few slices that the next output needs. Each worker makes a run of slices of its own.
    private func resampled(
        to target: Shape, scale: SIMD3<Double>, _ interpolation: Interpolation, _ antialias: Bool,
        picking picked: Int?, _ mayDefer: Bool, _ workers: Workers
    ) throws(TransformError) -> Volume {
        guard target.count <= 1 << 33 else {
            throw TransformError(.tooLarge, "\(target) voxels would not fit in memory")
        }
        if target == shape && scale == SIMD3(repeating: 1) {
            return with(storage: storage, shape: shape, geometry: geometry.scaled(by: scale))
        }
        // One would make many.
        if interpolation != .nearest { try requireFinite() }
        func axis(_ number: Int, _ inputCount: Int, _ outputCount: Int) -> AxisResampling {
            AxisResampling(
                inputCount: inputCount, outputCount: outputCount, scale: scale[number],
                interpolation: number == picked ? .nearest : interpolation, antialias: antialias)
        }
        let resampler = VolumeResampler(
            source: storage, shape: shape, x: axis(0, shape.width, target.width),
            y: axis(1, shape.height, target.height), z: axis(2, shape.depth, target.depth))
        func described(_ storage: Voxels) -> Volume {
            var result = with(storage: storage, shape: target, geometry: geometry.scaled(by: scale))
            let nearest = (0..<target.depth).map { AxisResampling.nearest($0, scale.z, shape.depth) }
            result.attributes.takeSources(ofSlices: nearest, from: shape.depth)
            return result
        }
        if mayDefer, let deferred = resampler.deferred { return described(.deferred(deferred)) }
        let result = [Float](unsafeUninitializedCapacity: target.count) { output, initialized in
            adviseHugePages(output.baseAddress!, byteCount: target.count * 4)
            resampler.run(into: output.baseAddress!, workers)
            initialized = target.count
        }
        return described(.floats(result))
    }
}
