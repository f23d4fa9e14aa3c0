import Glibc
public import Parallel
public import Volumes

/// Rigid and affine registration by mutual information, coarse to fine.
///
/// 1. Both images at `resolution` times 8, 4, 2 and 1 (`ImageLevels`).
/// 2. On the coarsest level, starts all around (`RegistrationSearch`), the best of them climbed by BFGS. Rigid only: with
///    more freedom a blurred brain is stretched over a skull.
/// 3. On each finer level BFGS from where the level before ended, over all points or as many as `sampleLimit` allows;
///    from several places on the second level, from the best on the others.
///
/// Sources: Mattes et al. 2003 for the measure, Nocedal and Wright for the optimiser; ITK's
/// `MattesMutualInformationImageToImageMetricv4` is the reference that the measure is compared with.
public struct Registration: Sendable {
    public let kind: TransformKind
    /// Spacing of the finest level, mm; that of the images where neither is so fine.
    public var resolution: Double
    /// Bins of the histogram along each axis, 5 to 255.
    public var binCount = 50
    /// Points compared on a level at most.
    public var sampleLimit = 400_000

    /// Where to begin.
    var search: RegistrationSearch

    public init(kind: TransformKind = .affine, resolution: Double = 1) {
        search = RegistrationSearch(kind)
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
        let finest = max(resolution, min(moving.geometry.spacing.min(), fixed.geometry.spacing.min()))
        // A level needs some voxels along each axis to be an image of anything.
        let extents =
            fixed.geometry.spacing
            * SIMD3(Double(fixed.shape.width), Double(fixed.shape.height), Double(fixed.shape.depth))
        let coarsest = max(cbrt(extents.x * extents.y * extents.z) / 12, finest)
        var spacings = [8, 4, 2, 1].map { $0 * finest }.filter { $0 <= coarsest }
        // The first level knows rigid maps only.
        if spacings.count == 1 { spacings.append(finest) }
        let fixedLevels = try ImageLevels(fixed, spacings: spacings, workers: workers).images
        let movingLevels = try ImageLevels(moving, spacings: spacings, workers: workers).images
        var candidates: [Candidate] = []
        for (level, spacing) in spacings.enumerated() {
            let (still, image) = (fixedLevels[level], movingLevels[level])
            // Few points on the coarsest level: fewer bins, so that there are several in each.
            let bins = level == 0 ? min(binCount, 24) : binCount
            let metric = try MutualInformation(
                samples: try FixedSamples(
                    still, mask: mask, spacing: spacing, limits: 4000...(level == 0 ? 20_000 : max(sampleLimit, 4000)),
                    range: try still.contrastRange(),
                    binCount: bins),
                moving: image, range: try image.contrastRange(), binCount: bins, workers: workers)
            candidates =
                level == 0
                ? first(image, metric, spacing)
                : candidates.map {
                    climb(from: $0, kind, metric, spacing, probes: level == spacings.count - 1)
                }
            // Several places are followed until the images are clear enough to tell them apart.
            candidates = distinct(candidates, apart: spacing / 2, corners: corners(metric.samples))
            candidates = Array(candidates.prefix(level == 0 ? 16 : 1))
        }
        guard let found = candidates.first else {
            throw TransformError(
                .registrationFailed, "no place was found at which the image and the reference resemble each other")
        }
        guard found.hasConverged else {
            throw TransformError(.registrationFailed, "the search for the best alignment did not come to an end")
        }
        let result = found.result
        try limits.check(result, kind)
        return result
    }

    /// A place that is being followed from level to level.
    private struct Candidate {
        var result: Result
        var hasConverged: Bool
        var score: Double { RegistrationSearch.score((result.information, result.visible)) }
    }

    /// The believable ones, best first, each place once.
    private func distinct(_ candidates: [Candidate], apart: Double, corners: [SIMD3<Double>]) -> [Candidate] {
        var kept: [Candidate] = []
        for candidate in candidates.stablySorted(by: { $0.score > $1.score })
        where candidate.score > 0 && RegistrationLimits.isPlausible(candidate.result.transform)
            && kept.allSatisfy({
                $0.result.transform.meanDistance(to: candidate.result.transform, over: corners) > apart
            })
        { kept.append(candidate) }
        return kept
    }

    /// Where climbs on the coarsest level ended.
    private func first(_ moving: Volume, _ metric: MutualInformation, _ spacing: Double) -> [Candidate] {
        let center = metric.samples.center
        let bases = [
            AffineTransform.identity,
            AffineTransform(translation: moving.geometry.center(of: moving.shape) - center),
            AffineTransform(translation: moving.centerOfMass - center),
        ]
        let starts = search.starts(around: bases, corners: corners(metric.samples), metric)
        return starts.map { start in
            let none = Result(transform: start.transform, information: 0, visible: 0, iterations: [])
            return climb(from: Candidate(result: none, hasConverged: true), .rigid, metric, spacing)
        }
    }

    /// - Parameter probes: whether to look around where the climb ended, a sixteenth of a voxel along each parameter, and go
    ///   on from the best place: interpolation leaves dents in the measure in which a gradient is caught.
    private func climb(
        from start: Candidate, _ kind: TransformKind, _ metric: MutualInformation, _ spacing: Double,
        probes: Bool = false
    ) -> Candidate {
        let space = Parameterization(
            kind: kind, start: start.result.transform, center: metric.samples.center, radius: metric.samples.radius)
        let optimizer = QuasiNewton(
            firstStep: spacing / 4, longestStep: 2 * spacing, tolerance: spacing * 5e-4, iterationLimit: 80)
        func negative(_ point: [Double]) -> (value: Double, gradient: [Double]) {
            let value = metric(space(point))
            // Out of view there is nothing to follow: worse than anything seen.
            guard value.visible >= 0.2 else { return (0, [Double](repeating: 0, count: space.count)) }
            return (-value.information, space.gradient(at: point, value).map { -$0 })
        }
        var found = optimizer.minimize(from: [Double](repeating: 0, count: space.count), negative)
        for _ in 0..<(probes ? 8 : 0) {
            let around = space.neighbours(of: found.point, at: spacing / 16)
            let values = around.map { -metric.information(space($0)).information }
            guard let best = values.indices.min(by: { values[$0] < values[$1] }), values[best] < found.value else {
                break
            }
            var next = optimizer.minimize(from: around[best], negative)
            next.iterations += found.iterations
            found = next
        }
        let transform = space(found.point)
        return Candidate(
            result: Result(
                transform: transform, information: -found.value, visible: metric.information(transform).visible,
                iterations: start.result.iterations + [found.iterations]), hasConverged: found.hasConverged)
    }

    /// Eight points around the samples' centre, at the distance that they have on average.
    private func corners(_ samples: FixedSamples) -> [SIMD3<Double>] {
        (0..<8).map { corner in
            samples.center + samples.radius
                * SIMD3(corner & 1 == 0 ? -1 : 1, corner & 2 == 0 ? -1 : 1, corner & 4 == 0 ? -1 : 1)
        }
    }
}

extension Array {
    /// Equal elements stay in order: the standard library does not promise it.
    func stablySorted(by areInOrder: (Element, Element) -> Bool) -> [Element] {
        enumerated().sorted { left, right in
            areInOrder(left.element, right.element)
                || !areInOrder(right.element, left.element) && left.offset < right.offset
        }.map(\.element)
    }
}
