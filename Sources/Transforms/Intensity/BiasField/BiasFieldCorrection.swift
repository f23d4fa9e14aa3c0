import CKernels
public import Parallel
public import Volumes

/// Options of N4 (Tustison et al., "N4ITK: improved N3 bias correction", IEEE TMI 29, 2010), with ITK's defaults.
public struct BiasFieldCorrection: Sendable {
    /// Voxels along each axis that become one for the estimate; less along axes of fewer than four times as many.
    public var shrink: Int
    /// Fitting levels; each has twice the spans of the one before, from 1.
    public var levels: Int
    /// At most, in each level.
    public var iterations: Int
    /// Full width at half maximum of the Gaussian that the field blurs the log histogram by.
    public var width: Double
    /// Of the Wiener filter that undoes it.
    public var noise: Double
    public var bins: Int
    /// A level ends when the field's relative change varies by less (standard deviation over mean).
    public var convergence: Double

    public init(
        shrink: Int = 4, levels: Int = 4, iterations: Int = 50, width: Double = 0.15, noise: Double = 0.01,
        bins: Int = 200, convergence: Double = 1e-3
    ) {
        (self.shrink, self.levels, self.iterations, self.width) = (shrink, levels, iterations, width)
        (self.noise, self.bins, self.convergence) = (noise, bins, convergence)
    }
}

/// What N4 found in an image.
public struct BiasFieldReport: Sendable, Hashable {
    /// Of each level.
    public var iterations: [Int]
    /// Least and greatest factor that the image was divided by, within the mask on the grid of the estimate.
    public var least: Double
    public var greatest: Double
}

extension Volume {
    /// Divides every channel by the smooth field that N4 finds in the first. The field has geometric mean 1 over the mask.
    ///
    /// - Parameter mask: voxels that the field is estimated from; nil takes those above Otsu's threshold. Only voxels above
    ///   0 count.
    /// - Throws: `TransformError` for NaN or infinite voxels, options out of range, a mask that is empty or on another grid,
    ///   or an image without two different positive values in it.
    public mutating func correctBias(
        _ correction: BiasFieldCorrection = .init(), mask: Mask? = nil, workers: Workers = .single
    ) throws(TransformError) -> BiasFieldReport {
        guard correction.shrink >= 1, correction.levels >= 1, correction.iterations >= 1, correction.bins >= 4,
            correction.width > 0, correction.noise > 0
        else { throw TransformError(.invalidOption, "an option of n4 is out of its range") }
        try storage.checkFinite()
        let set: [UInt8]
        if let mask {
            set = try self.set(mask)
        } else {
            set = marks(0..<shape.voxelCount, within: try otsuThreshold().nextUp ... .infinity)
        }
        let samples = ShrunkLogarithm(self, set: set, shrink: correction.shrink)
        let estimate = try BiasFieldEstimate(samples, correction)
        divide(by: estimate.lattice, samples, workers)
        return estimate.report
    }

    private mutating func divide(by lattice: SplineLattice, _ samples: ShrunkLogarithm, _ workers: Workers) {
        let sizes = [shape.width, shape.height, shape.depth]
        let axes = (0..<3).map { axis in
            SplineAxis(
                places: (0..<sizes[axis]).map { samples.place(ofVoxel: $0, axis: axis) },
                spans: lattice.controls[axis] - 3)
        }
        let rows = lattice.rows(axes)
        let (depth, slice) = (shape.depth, shape.sliceCount)
        withMutableVoxels { span in
            span.withUnsafeMutableBufferPointer { buffer in
                let voxels = Destination(start: buffer.baseAddress!)
                workers.forEach(buffer.count / slice) { index in
                    let field = [Float](unsafeUninitializedCapacity: slice) { field, filled in
                        SplineLattice.combine(rows, axes[2], index % depth, slice, into: field.baseAddress!)
                        filled = slice
                    }
                    hk_divide_by_exponential(voxels.start + index * slice, field, slice)
                }
            }
        }
        attributes.forgetWindows()
    }
}
