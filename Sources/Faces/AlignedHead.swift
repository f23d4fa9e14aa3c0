import Volumes

/// An image laid over the average head: on `HeadGrid`, with its own head and brain.
struct AlignedHead: Sendable {
    let pose: Pose
    let contrast: Contrast
    /// What the image covers.
    let visible: Region
    /// What is not air, the largest part, with everything enclosed by it.
    let head: Region
    /// The brain by the image's own intensities, held to the neighbourhood of the average one.
    let brain: Region
    /// Values on `HeadGrid`, NaN outside the image.
    private let values: [Float]
    private let tolerance: Float

    init(_ image: HeadImage, _ pose: Pose) throws(FaceError) {
        guard let index = AffineMap(image.geometry).inverse else {
            throw FaceError(.unsupportedImage, "the steps of the geometry are degenerate")
        }
        (self.pose, contrast) = (pose, image.contrast)
        tolerance = (image.bright - image.air) * 1e-4
        values = HeadGrid.sample(
            image.values, [image.shape.width, image.shape.height, image.shape.depth],
            index.after(pose.map).after(HeadGrid.indexToPosition))
        visible = HeadGrid.marked(values, -.infinity, .infinity)
        // Closed over nostrils, ears and dark skull, which would open the inside to the air.
        let tissue = HeadGrid.marked(values, image.air, .infinity).largestPart
        head = tissue.dilated(by: 6).filled.eroded(by: 6).union(tissue).intersection(visible)
        brain = Brain.mask(values, image.contrast, air: image.air, head: head, visible: visible)
    }

    /// Parts of the average head that say what an image shows.
    private enum Part {
        static let cranium = HeadGrid.block(z: -10 ... .infinity)
        static let face = HeadGrid.templateHead.intersection(
            HeadGrid.block(x: -45...45, y: -.infinity ... -45, z: -112 ... -24))
        static let aroundFace = face.dilated(by: 10)
        static let scalp = HeadGrid.templateHead.subtracting(HeadGrid.templateBrain.dilated(by: 8))
            .intersection(HeadGrid.block(z: 10 ... .infinity))
    }

    /// Adds what can be told from the masks.
    func measure(into measures: inout HeadMeasures) {
        measures.scales = pose.scales
        let cranium = Part.cranium.intersection(visible)
        measures.headOverlap = head.intersection(cranium).overlap(with: HeadGrid.templateHead.intersection(cranium))
        measures.brainOverlap = brain.overlap(with: HeadGrid.templateBrain.intersection(visible))
        measures.brainVolume = brain.milliliters * abs(pose.map.determinant)
        measures.brainVisible = HeadGrid.templateBrain.share(in: visible)
        measures.faceVisible = Part.aroundFace.share(in: visible)
        measures.faceTissue = Part.face.intersection(visible).share(in: head)
        measures.scalpTissue = Part.scalp.intersection(visible).share(in: head)
        measures.faceBlank = blankShare(of: Part.face.intersection(visible))
        measures.scalpBlank = blankShare(of: Part.scalp.intersection(visible))
    }

    /// Share of the most frequent value, as equal as interpolation leaves equal values.
    private func blankShare(of part: Region) -> Double {
        let inside = part.sorted(values)
        var (longest, start) = (0, 0)
        for index in inside.indices {
            if inside[index] - inside[start] > tolerance { start = index }
            longest = max(longest, index - start + 1)
        }
        return inside.isEmpty ? 0 : Double(longest) / Double(inside.count)
    }
}
