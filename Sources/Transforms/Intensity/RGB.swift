public import Volumes

/// How intensities in [0, 1] become the three channels of a network that was trained on photographs.
public enum RGBScaling: String, Sendable, CaseIterable {
    /// As they are.
    case unit
    /// `2 x - 1`: [-1, 1].
    case symmetric
    /// `(x - mean) / deviation` with the statistics of ImageNet for red, green and blue, as torchvision has them.
    case imagenet

    /// Red, green, blue.
    public static let imagenetMean = [0.485, 0.456, 0.406]
    public static let imagenetDeviation = [0.229, 0.224, 0.225]
}

extension Volume {
    /// Three channels, red, green and blue: colour images keep theirs, one channel is repeated.
    ///
    /// - Throws: `TransformError` when the volume has neither one channel nor three of colour, or when a value is not in
    ///   [0, 1].
    public func rgb(_ scaling: RGBScaling) throws(TransformError) -> Volume {
        guard shape.channels == 1 || (shape.channels == 3 && attributes.channelAxis == .color) else {
            throw TransformError(
                .invalidOption, "RGB is made of one channel or of three of colour, and the image has \(shape.channels)")
        }
        let sample = try Sample(storage)
        guard sample.least >= 0, sample.greatest <= 1 else {
            throw TransformError(
                .invalidOption,
                "RGB is made of values in [0, 1], found \(sample.least) to \(sample.greatest); put normalize or window before it"
            )
        }
        let target = Shape(channels: 3, depth: shape.depth, height: shape.height, width: shape.width)
        let values = storage.floats
        let count = shape.voxelCount
        let result = [Float](unsafeUninitializedCapacity: 3 * count) { buffer, filled in
            for channel in 0..<3 {
                let first = shape.channels == 1 ? 0 : channel * count
                let (offset, scale) = scaling.line(channel)
                for index in 0..<count {
                    buffer[channel * count + index] = Float((Double(values[first + index]) - offset) * scale)
                }
            }
            filled = 3 * count
        }
        var volume = with(voxels: result, shape: target, geometry: geometry)
        volume.attributes.channelAxis = .color
        // What the header says of stored values does not hold for these.
        volume.attributes.bitsStored = nil
        return volume
    }
}

extension RGBScaling {
    /// `(x - offset) * scale`.
    fileprivate func line(_ channel: Int) -> (offset: Double, scale: Double) {
        switch self {
        case .unit: (0, 1)
        case .symmetric: (0.5, 2)
        case .imagenet: (Self.imagenetMean[channel], 1 / Self.imagenetDeviation[channel])
        }
    }
}
