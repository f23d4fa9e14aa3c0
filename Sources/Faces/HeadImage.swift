import CKernels
import Parallel
import Transforms
import Volumes

/// What the search for a head looks at: one channel in output units, axes along LPS, no finer than needed.
struct HeadImage: Sendable {
    let contrast: Contrast
    /// `[depth, height, width]`; HU for CT.
    let values: [Float]
    let shape: Shape
    let geometry: Geometry
    /// Values up to this are air.
    let air: Float
    /// Values from this on look all alike to the alignment.
    let bright: Float

    /// - Parameter finest: smallest spacing of the grid, mm.
    /// - Throws: `FaceError` when the image is none that a head can be sought in.
    init(_ volume: Volume, finest: Double = 2, workers: Workers) throws(FaceError) {
        guard volume.geometry.isPhysical, volume.geometry.isPlausible, volume.attributes.channelAxis != .color,
            min(volume.shape.depth, volume.shape.height, volume.shape.width) >= 4
        else {
            throw FaceError(
                .unsupportedImage, "needs a gray volume with voxels of at most 12 mm, 4 or more along each axis")
        }
        var channel = volume.firstChannel
        let resampled: Volume
        do {
            if channel.attributes.hasStoredValues { try channel.applyRescale(paddingFill: nil) }
            if channel.attributes.padding != nil { channel.fillPadding() }
            let oriented = channel.reorientedToLPS()
            resampled = try oriented.resampled(
                toSpacing: pointwiseMax(oriented.geometry.spacing, SIMD3(repeating: finest)), workers: workers)
        } catch {
            throw FaceError(.unsupportedImage, "\(error)")
        }
        values = resampled.voxels
        (shape, geometry) = (resampled.shape, resampled.geometry)
        var (least, greatest, sum): (Float, Float, Double) = (0, 0, 0)
        guard hk_extent(values, values.count, &least, &greatest, &sum) == 0, greatest > least else {
            throw FaceError(.unsupportedImage, "values are constant, NaN or infinite")
        }
        contrast = try Contrast(volume.modality, values)
        (air, bright) = contrast == .ct ? (-300, 500) : Self.limits(values, least, greatest)
    }

    /// Area of what is not air in the axial slice that has least of it, cm2.
    var leastSliceArea: Double {
        let pixel = geometry.spacing.x * geometry.spacing.y / 100
        let counts = values.withUnsafeBufferPointer { values in
            (0..<shape.depth).map { slice in
                hk_count_between(values.baseAddress! + slice * shape.sliceCount, shape.sliceCount, air, .infinity)
            }
        }
        return Double(counts.min() ?? 0) * pixel
    }

    /// Intensities as `HeadTemplate.levelCount` levels, on a grid of the given spacing in mm, or coarser where the image is.
    func levels(spacing: Double, workers: Workers) throws(FaceError) -> Levels {
        let coarse = try resampled(pointwiseMax(geometry.spacing, SIMD3(repeating: spacing)), workers)
        let voxels = coarse.voxels
        // CT: air 0, then soft tissue spread wide, bone at the top. MR: from air to bright.
        let (lower, upper): (Float, Float) = contrast == .ct ? (-150, 250) : (air * 0.5, bright)
        var levels = [UInt8](repeating: 0, count: voxels.count)
        hk_levels(voxels, voxels.count, lower, upper, UInt8(HeadTemplate.levelCount - 1), &levels)
        return Levels(values: levels, shape: coarse.shape, geometry: coarse.geometry)
    }

    /// The same on cubes of 1 mm.
    func cubes(_ workers: Workers) throws(FaceError) -> Volume { try resampled([1, 1, 1], workers) }

    private func resampled(_ spacing: SIMD3<Double>, _ workers: Workers) throws(FaceError) -> Volume {
        do {
            return try Volume(voxels: values, shape: shape, geometry: geometry).resampled(
                toSpacing: spacing, workers: workers)
        } catch {
            throw FaceError(.unsupportedImage, "\(error)")
        }
    }

    struct Levels: Sendable {
        var values: [UInt8]
        var shape: Shape
        var geometry: Geometry
    }

    /// Air and bright of a magnetic resonance image: Otsu's threshold (1979) between air and tissue over the values
    /// below the 99th percentile, halved because dark tissue counts as head.
    private static func limits(_ values: [Float], _ least: Float, _ greatest: Float) -> (air: Float, bright: Float) {
        let bins = 256
        func counts(_ upper: Float) -> [Double] {
            var counts = [UInt32](repeating: 0, count: bins)
            hk_histogram(values, values.count, least, upper, bins, &counts)
            return counts.map(Double.init)
        }
        let total = Double(values.count)
        // Twice: a single bright vessel must not squeeze all else into one bin.
        var upper = greatest
        for _ in 0..<2 {
            var (seen, bin) = (0.0, 0)
            for (index, count) in counts(upper).enumerated() where seen < 0.995 * total {
                (seen, bin) = (seen + count, index)
            }
            upper = least + (upper - least) * Float(bin + 1) / Float(bins)
        }
        let histogram = counts(upper)
        let mean = histogram.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element } / total
        var (weight, partial, best, threshold) = (0.0, 0.0, -1.0, 0)
        for (bin, count) in histogram.enumerated().dropLast() {
            weight += count / total
            partial += Double(bin) * count / total
            guard weight > 0, weight < 1 else { continue }
            let between = (mean * weight - partial) * (mean * weight - partial) / (weight * (1 - weight))
            if between > best { (best, threshold) = (between, bin) }
        }
        let otsu = least + (upper - least) * (Float(threshold) + 0.5) / Float(bins)
        return (least + (otsu - least) * 0.5, upper)
    }
}

extension Geometry {
    /// Steps that a scanner could have made, and independent of each other; NaN is not.
    fileprivate var isPlausible: Bool {
        let volume = abs(steps[0].dot(steps[1].cross(steps[2])))
        return (0..<3).allSatisfy { (0.01...12).contains(spacing[$0]) && abs(origin[$0]) < 1e5 }
            && volume > 0.3 * spacing.x * spacing.y * spacing.z
    }
}

extension Volume {
    /// The first channel alone; the others show the same anatomy.
    fileprivate var firstChannel: Volume {
        guard shape.channels > 1 else { return self }
        let count = shape.voxelCount
        let first = Shape(depth: shape.depth, height: shape.height, width: shape.width)
        switch storage {
        case .floats(let values): return with(voxels: Array(values[..<count]), shape: first, geometry: geometry)
        case .words(let words, let values):
            return with(storage: .words(Array(words[..<count]), values), shape: first, geometry: geometry)
        case .deferred(let voxels):
            return with(storage: voxels.made, shape: shape, geometry: geometry).firstChannel
        }
    }
}
