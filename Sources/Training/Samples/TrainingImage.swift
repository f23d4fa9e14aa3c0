/// An image of a training set: prepared for one input size, in 8 bits, which is what the sources have.
package struct TrainingImage: Sendable, Hashable {
    /// Stable: its file's name within the data set. Random choices depend on it.
    package let name: String
    /// Pixels of each side.
    package let size: Int
    /// `size * size`, row by row; 255 is 1.
    package let pixels: [UInt8]
    /// In pixels of this size.
    package let boxes: [TargetBox]

    /// - Parameter image: `size * size` in [0, 1].
    package init(name: String, size: Int, image: [Float], boxes: [TargetBox]) {
        (self.name, self.size, self.boxes) = (name, size, boxes)
        pixels = image.map { UInt8((min(max($0, 0), 1) * 255).rounded()) }
    }

    var floats: [Float] { pixels.map { Float($0) / 255 } }
}
