public import Parallel
public import Volumes

/// Rigid and affine registration by mutual information, coarse to fine.
///
/// 1. Both images at `resolution` times 4, 2 and 1 mm (`ImageLevels`).
/// 2. On the coarsest level, starts all around (`RegistrationSearch`), the best of them climbed: rigid, then affine.
/// 3. On each finer level BFGS from where the level before ended, over all points or as many as `sampleLimit` allows.
///
/// Sources: Mattes et al. 2003 for the measure, Nocedal and Wright for the optimiser; ITK's
/// `MattesMutualInformationImageToImageMetricv4` is the reference that the measure is compared with.
public struct Registration: Sendable {
    public var kind: TransformKind
    /// Spacing of the finest level, mm.
    public var resolution: Double
    /// Bins of the histogram along each axis, 5 to 255.
    public var binCount = 50
    /// Points compared on a level at most.
    public var sampleLimit = 400_000

    public init(kind: TransformKind = .affine, resolution: Double = 2) {
        (self.kind, self.resolution) = (kind, resolution)
    }

    /// What was found.
    public struct Result: Sendable {
        /// From the fixed image's space to the moving one's, LPS mm.
        public var transform: AffineTransform
        /// Mutual information on the finest level, nats.
        public var information: Double
        /// Share of the compared points that lie within the moving image.
        public var visible: Double
        /// Steps of the optimiser on each level, coarsest first.
        public var iterations: [Int]
    }

    /// Looks for the map that takes `fixed` onto `moving`. Of images with channels the first counts.
    ///
    /// - Parameters:
    ///   - mask: on any grid in the fixed image's space, where to compare; nil for everywhere.
    /// - Throws: `TransformError` for images that can't be registered, and `.registrationFailed` when what was found is
    ///   implausible (`RegistrationLimits`).
    public func register(
        _ moving: Volume, to fixed: Volume, mask: Mask? = nil, limits: RegistrationLimits = .init(),
        workers: Workers = .single
    ) throws(TransformError) -> Result {
        guard resolution.isFinite, resolution > 0, (5...255).contains(binCount) else {
            throw TransformError(.invalidOption, "the resolution must be above 0 mm and the bins 5 to 255")
        }
        let spacings = [4, 2, 1].map { $0 * resolution }
        let fixedLevels = try ImageLevels(fixed, spacings: spacings, workers: workers).images
        let movingLevels = try ImageLevels(moving, spacings: spacings, workers: workers).images
        var result: Result?
        var hasConverged = true
        for (level, spacing) in spacings.enumerated() {
            let (still, image) = (fixedLevels[level], movingLevels[level])
            // Few points on the coarsest level: fewer bins, so that there are several in each.
            let bins = level == 0 ? min(binCount, 24) : binCount
            let metric = try MutualInformation(
                samples: try FixedSamples(
                    still, mask: mask, spacing: spacing, limit: sampleLimit, range: try still.contrastRange(),
                    binCount: bins),
                moving: image, range: try image.contrastRange(), binCount: bins, workers: workers)
            if let coarser = result {
                let (next, ended) = climb(from: coarser.transform, kind, metric, spacing)
                (result, hasConverged) = (next, ended)
                result?.iterations = coarser.iterations + next.iterations
            } else {
                result = first(still, image, metric, spacing)
            }
            guard let found = result, found.visible > 0 else {
                throw TransformError(
                    .registrationFailed, "no place was found at which the image and the reference overlap")
            }
        }
        guard let result, hasConverged else {
            throw TransformError(.registrationFailed, "the search for the best alignment did not come to an end")
        }
        try limits.check(result, kind)
        return result
    }

    /// The best of several climbs on the coarsest level.
    private func first(_ fixed: Volume, _ moving: Volume, _ metric: MutualInformation, _ spacing: Double) -> Result? {
        let center = metric.samples.center
        let bases = [
            AffineTransform.identity,
            AffineTransform(translation: moving.geometry.center(of: moving.shape) - center),
            AffineTransform(translation: moving.centerOfMass - center),
        ]
        let starts = RegistrationSearch().starts(around: bases, corners: corners(metric.samples), metric)
        var best: (result: Result, score: Double)?
        for start in starts where start.score > 0 {
            var (found, _) = climb(from: start.transform, .rigid, metric, spacing)
            if kind == .affine {
                let steps = found.iterations
                (found, _) = climb(from: found.transform, .affine, metric, spacing)
                found.iterations = [steps[0] + found.iterations[0]]
            }
            guard RegistrationLimits.isPlausible(found.transform) else { continue }
            let score = RegistrationSearch.score((found.information, found.visible))
            if score > best?.score ?? 0 { best = (found, score) }
        }
        return best?.result
    }

    private func climb(
        from start: AffineTransform, _ kind: TransformKind, _ metric: MutualInformation, _ spacing: Double
    ) -> (result: Result, hasConverged: Bool) {
        let space = Parameterization(
            kind: kind, start: start, center: metric.samples.center, radius: metric.samples.radius)
        let optimizer = QuasiNewton(
            firstStep: spacing / 4, longestStep: 2 * spacing, tolerance: spacing * 5e-4, iterationLimit: 80)
        let found = optimizer.minimize(from: [Double](repeating: 0, count: space.count)) { point in
            let value = metric(space(point))
            // Out of view there is nothing to follow: worse than anything seen.
            guard value.visible >= 0.2 else { return (0, [Double](repeating: 0, count: space.count)) }
            return (-value.information, space.gradient(at: point, value).map { -$0 })
        }
        let transform = space(found.point)
        return (
            Result(
                transform: transform, information: -found.value, visible: metric.information(transform).visible,
                iterations: [found.iterations]), found.hasConverged
        )
    }

    /// Eight points around the samples' centre, at the distance that they have on average.
    private func corners(_ samples: FixedSamples) -> [SIMD3<Double>] {
        (0..<8).map { corner in
            samples.center + samples.radius
                * SIMD3(corner & 1 == 0 ? -1 : 1, corner & 2 == 0 ? -1 : 1, corner & 4 == 0 ? -1 : 1)
        }
    }
}
