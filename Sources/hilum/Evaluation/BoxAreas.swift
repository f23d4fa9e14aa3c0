import Training

/// How the area in found boxes fits that in true boxes, in pixels of the file.
struct BoxAreas {
    /// Nil when there are neither.
    let dice: Double?
    /// Nil unless there are both.
    let hausdorff: Double?

    init(_ image: EvaluatedImage, threshold: Float) {
        let found = image.result.found.filter { $0.score >= threshold }.map(\.box)
        guard !(found.isEmpty && image.result.truth.isEmpty) else {
            (dice, hausdorff) = (nil, nil)
            return
        }
        // Only of images without a true box the data set may not know the size; a found one must not stand in.
        guard let extent = image.image.extent else {
            (dice, hausdorff) = (0, nil)
            return
        }
        let (a, b) = (mask(found, extent), mask(image.result.truth, extent))
        dice = Training.dice(a, b)
        hausdorff = hausdorffDistance95(a, b, shape: (1, extent.height, extent.width))
    }
}
