import CKernels
public import Parallel
public import Volumes

/// Removal of faces from head CT and MR, never of brain.
///
/// An average head with a face region is aligned to the image (mutual information, twelve parameters), the image's own
/// brain is found beside it, and the region is cut away where it is farther than a margin from both brains. Whatever is
/// uncertain throws, and the caller holds the series back. Method in README.md.
public enum Defacing {
    public struct Options: Sendable {
        /// mm around the brain that stay untouched.
        public var margin = 5.0
        public var removesEars = true

        public init() {}
    }

    /// Thresholds of what counts as done.
    private enum Limit {
        /// Share of the face's surface that has to go.
        static let surface = 0.95
        /// Dice coefficient of the outlines, and share of tissue in the face, from which on the image's own outline is the
        /// skin.
        static let seenOutline = 0.9
        static let seenFace = 0.5
        /// mL of brain found between nose and mouth before it is no brain.
        static let brainInFace = 1.0
    }

    /// - Parameters:
    ///   - volume: a head `[channels, depth, height, width]` of any orientation; every channel loses the same voxels.
    ///     Stored values stay stored values.
    ///   - examination: of this very volume, when there is one already; it takes most of the time.
    /// - Throws: `FaceError` when the series has to be held, `.noFace` when there is nothing to remove.
    public static func deface(
        _ volume: Volume, examination: HeadExamination? = nil, hints: HeadHints = .init(), options: Options = .init(),
        workers: Workers = .single
    ) throws(FaceError) -> DefacedVolume {
        let examined = examination ?? HeadCheck.examine(volume, hints: hints, workers: workers)
        let head = try examined.headWithFace()
        let kept = try keptBrain(head, margin: options.margin, examined.measures)
        let region = FaceRegion(removesEars: options.removesEars)
        let removed = try removedSurface(head, region, kept, examined.measures)

        guard let toTemplate = head.pose.map.inverse?.after(AffineMap(volume.geometry)) else {
            throw FaceError(.unsupportedImage, "the steps of the geometry are degenerate", examined.measures)
        }
        let shape = Shape(depth: volume.shape.depth, height: volume.shape.height, width: volume.shape.width)
        let labels = labels(of: region, kept, shape, toTemplate, workers)
        let air = try Air(around: head, in: volume)
        let verdict = DefacingVerdict(
            measures: examined.measures, changedVoxels: labels.count - hk_count_zero(labels, labels.count),
            faceSurfaceRemoved: removed, margin: options.margin, fill: air.output)
        return DefacedVolume(
            volume: air.filling(labels, in: volume),
            changed: Mask(labels: labels, shape: shape, geometry: volume.geometry), verdict: verdict)
    }

    /// Both brains with the margin, on `HeadGrid`.
    private static func keptBrain(
        _ head: AlignedHead, margin: Double, _ measures: HeadMeasures
    ) throws(FaceError) -> Region {
        let between = HeadGrid.block(x: -30...30, y: -.infinity ... -55, z: -.infinity ... -48)
        guard head.brain.intersection(between).milliliters <= Limit.brainInFace else {
            throw FaceError(
                .brainInFace, "what looks like brain reaches between nose and mouth; deface by hand", measures)
        }
        // The grid is the average head's: a mm of the patient may be longer there.
        let stretch = head.pose.map.inverse?.largestStretch ?? 1
        return head.brain.union(HeadGrid.templateBrain).union(HeadGrid.olfactory).dilated(by: margin * stretch)
    }

    /// Share of the head's surface between brows and chin that lies in the region and is not kept.
    private static func removedSurface(
        _ head: AlignedHead, _ region: FaceRegion, _ kept: Region, _ measures: HeadMeasures
    ) throws(FaceError) -> Double {
        let size = HeadGrid.size
        var cut = [UInt8](repeating: 0, count: size.x * size.y * size.z)
        cut.withUnsafeMutableBufferPointer { cut in
            for row in 0..<size.y * size.z {
                region.mark(
                    y: row % size.y, z: row / size.y, width: size.x, map: HeadGrid.indexToPosition, kept: kept,
                    into: cut.baseAddress! + row * size.x)
            }
        }
        let front = HeadGrid.block(x: -50...50, y: -.infinity ... -48, z: -115 ... -20)
        // Where scalp or face are too dark to be seen, the average head says where the skin is.
        let isSeen = measures.headOverlap >= Limit.seenOutline && measures.faceTissue >= Limit.seenFace
        let outline = isSeen ? head.head : head.head.union(HeadGrid.templateHead.intersection(head.visible))
        let skin = outline.intersection(head.visible.subtracting(outline).dilated(by: 4)).intersection(front)
        guard skin.count > 0 else { return 1 }
        let removed = skin.share(in: Region(bits: cut.map { min($0, 1) }, size: size, spacing: HeadGrid.spacing))
        guard removed >= Limit.surface else {
            throw FaceError(
                .faceRemains, "\(Int(removed * 100)) % of the face's surface could be removed; deface by hand", measures
            )
        }
        return removed
    }

    /// Labels on the volume's own grid.
    private static func labels(
        of region: FaceRegion, _ kept: Region, _ shape: Shape, _ toTemplate: AffineMap, _ workers: Workers
    ) -> [UInt8] {
        var labels = [UInt8](repeating: 0, count: shape.voxelCount)
        labels.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            let target = Destination(start: start)
            workers.forEach(shape.depth) { z in
                for y in 0..<shape.height {
                    region.mark(
                        y: y, z: z, width: shape.width, map: toTemplate, kept: kept,
                        into: target.start + (z * shape.height + y) * shape.width)
                }
            }
        }
        return labels
    }
}
