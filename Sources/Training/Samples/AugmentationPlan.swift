import Transforms

#if canImport(Glibc)
    import Glibc
#endif

/// Everything that is drawn for one image of one epoch, and the boxes that come of it.
///
/// Drawn before any pixel is made, because a batch's loss needs its boxes first; made into an image by `AugmentedImage`. All of it
/// depends on seed, image and epoch alone.
package struct AugmentationPlan: Sendable {
    /// A lesion of another image, blended in through a soft ellipse.
    struct Pasting: Sendable {
        /// The other image, by its place in the training set.
        var donor: Int
        /// Pixels cut out of it.
        var columns: Range<Int>
        var rows: Range<Int>
        /// Where they go.
        var left: Int
        var top: Int
        var gain: Float
        /// The lesion's box in the donor.
        var box: TargetBox

        /// The lesion's box where it goes.
        var target: TargetBox {
            let (dx, dy) = (Float(left - columns.lowerBound), Float(top - rows.lowerBound))
            return TargetBox(
                x0: box.x0 + dx, y0: box.y0 + dy, x1: box.x1 + dx, y1: box.y1 + dy, label: box.label)
        }
    }

    /// A curve of intensities: a power, or straight lines between knots.
    enum Curve: Sendable {
        case none
        case power(Double)
        case knots(x: [Float], y: [Float])
    }

    /// By its place in the training set.
    package private(set) var image: Int
    var pasting: Pasting?
    var curve = Curve.none
    var contrast: Float = 1
    var brightness: Float = 0
    var isFlippedAcross = false
    var isFlippedDown = false
    var warp = AffineWarp()
    /// Pixels; 0: none.
    var blur = 0.0
    var noise = 0.0
    private(set) var random: Philox
    /// In pixels of the augmented image.
    package private(set) var boxes: [TargetBox] = []

    /// The image as it is, for a training that shall learn a few by heart.
    package init(unchanged image: Int, in images: [TrainingImage]) {
        self.image = image
        random = Philox(seed: 0, item: "", stage: 0)
        boxes = images[image].boxes
    }

    /// - Parameters:
    ///   - others: images of the same batch, whose lesions may be pasted.
    ///   - strength: of the geometry; what changes intensities stays, for it stands for other scanners.
    package init(
        _ image: Int, in images: [TrainingImage], others: [Int], options: Recipe.Augmentation, strength: Double,
        seed: UInt64, epoch: Int
    ) {
        self.image = image
        let source = images[image]
        random = Philox(seed: seed, item: source.name, stage: epoch)
        var random = random
        var boxes = source.boxes
        let chance = boxes.isEmpty ? options.pasted : options.pastedBeside
        if chance > 0, random.uniform() < chance, !others.isEmpty {
            let donor = others[random.index(below: others.count)]
            if donor != image, let drawn = Pasting(from: donor, images[donor], into: source, &random) {
                pasting = drawn
                boxes.append(drawn.target)
            }
        }
        self.boxes = boxes
        for _ in 0..<20 {
            var candidate = self
            candidate.drawGeometry(options, strength, size: source.size, &random)
            guard let moved = candidate.moved(boxes, size: Float(source.size)) else { continue }
            self = candidate
            self.boxes = moved
            break
        }
        if random.uniform() < options.intensity { drawIntensities(&random) }
        if random.uniform() < options.blur { blur = random.uniform(in: 0.3...1) }
        noise = random.uniform(in: 0...max(options.noise, 1e-9))
    }

    private mutating func drawGeometry(
        _ options: Recipe.Augmentation, _ strength: Double, size: Int, _ random: inout Philox
    ) {
        isFlippedAcross = random.uniform() < options.flipHorizontal
        isFlippedDown = random.uniform() < options.flipVertical * strength
        warp.degrees.z = random.uniform(in: -1...1) * options.rotation * strength
        let zoom = exp(random.uniform(in: log(options.smallest)...log(options.largest)) * strength)
        let stretch = exp(random.uniform(in: -1...1) * options.stretch * strength)
        warp.scale = [zoom * stretch, zoom / stretch, 1]
        for axis in 0..<2 {
            warp.translation[axis] = random.uniform(in: -1...1) * options.shift * strength * Double(size)
        }
    }

    private mutating func drawIntensities(_ random: inout Philox) {
        if random.uniform() < 0.5 {
            curve = .power(exp(random.uniform(in: -0.6...0.6)))
        } else if random.uniform() < 0.6 {
            let inner = (0..<3).map { _ in Float(random.uniform()) }.sorted()
            let x = [0, 0.25, 0.5, 0.75, 1].map { Float($0) }
            let moved = x.enumerated().map { index, x in
                (1...3).contains(index) ? x + Float(random.uniform(in: -0.1...0.1)) : x
            }
            let y = zip([0] + inner + [1], x).map { 0.6 * $0 + 0.4 * $1 }
            curve = .knots(x: moved, y: y)
        }
        contrast = Float(random.uniform(in: 0.75...1.3))
        brightness = Float(random.uniform(in: -0.1...0.1))
    }

    /// The boxes of turned ellipses after flips and warp, cut at the image's edges; nil when less than three fifths of one would
    /// be left.
    private func moved(_ boxes: [TargetBox], size: Float) -> [TargetBox]? {
        let angle = Float(warp.degrees.z * .pi / 180)
        let (c, s) = (cos(angle), sin(angle))
        let (sx, sy) = (
            Float(warp.scale.x) * (isFlippedAcross ? -1 : 1), Float(warp.scale.y) * (isFlippedDown ? -1 : 1)
        )
        let middle = size / 2
        var result: [TargetBox] = []
        for box in boxes {
            let (x, y) = ((box.x0 + box.x1) / 2 - middle, (box.y0 + box.y1) / 2 - middle)
            let (u, v) = ((box.x1 - box.x0) / 2 * sx, (box.y1 - box.y0) / 2 * sy)
            let cx = c * sx * x - s * sy * y + Float(warp.translation.x) + middle
            let cy = s * sx * x + c * sy * y + Float(warp.translation.y) + middle
            let halfWidth = (c * c * u * u + s * s * v * v).squareRoot()
            let halfHeight = (s * s * u * u + c * c * v * v).squareRoot()
            let kept = TargetBox(
                x0: max(cx - halfWidth, 0), y0: max(cy - halfHeight, 0), x1: min(cx + halfWidth, size),
                y1: min(cy + halfHeight, size), label: box.label)
            guard kept.area >= 0.6 * 4 * halfWidth * halfHeight else { return nil }
            result.append(kept)
        }
        return result
    }
}

extension AugmentationPlan.Pasting {
    /// Where a lesion of the donor can go: inside bright tissue, away from the border and from other lesions; nil when no place
    /// was found.
    fileprivate init?(from donor: Int, _ source: TrainingImage, into target: TrainingImage, _ random: inout Philox) {
        guard let box = source.boxes.first, source.size == target.size else { return nil }
        let size = target.size
        let margin = 0.15 * box.longerSide
        func pixel(_ edge: Float) -> Int { Int(edge.rounded()) }
        let (a, b, c, d) = (
            pixel(box.x0 - margin), pixel(box.y0 - margin), pixel(box.x1 + margin), pixel(box.y1 + margin)
        )
        guard a >= 0, b >= 0, c <= size, d <= size, c - a >= 8, d - b >= 8 else { return nil }
        let border = size * 5 / 32
        let (free, below) = (size - 2 * border - (c - a), size - 2 * border - (d - b))
        guard free > 0, below > 0 else { return nil }
        for _ in 0..<10 {
            let (left, top) = (border + random.index(below: free), border + random.index(below: below))
            var bright = 0
            for row in top..<top + d - b {
                for column in left..<left + c - a where target.pixels[row * size + column] > 30 { bright += 1 }
            }
            guard bright * 5 > 4 * (c - a) * (d - b) else { continue }
            self.init(
                donor: donor, columns: a..<c, rows: b..<d, left: left, top: top,
                gain: Float(random.uniform(in: 0.85...1.15)), box: box)
            if target.boxes.allSatisfy({ !$0.touches(self.target) }) { return }
        }
        return nil
    }
}
