/// One plane of one frame as `[height, width]` values of any range: what the detector looks at.
///
/// Bright and dark may be exchanged (MONOCHROME1), and no window need be applied: the detector looks at contrast with
/// the surroundings only. Values that are not finite count as 0.
public struct GrayPlane: Sendable {
    public let height: Int
    public let width: Int
    public let values: [Float]

    /// - Precondition: `values.count == height * width`.
    public init(_ values: [Float], height: Int, width: Int) {
        precondition(height >= 0 && width >= 0 && values.count == height * width, "a plane is height x width values")
        (self.values, self.height, self.width) = (values, height, width)
    }

    /// From 8-, 16- or 32-bit samples in memory.
    public init<Sample: FixedWidthInteger>(_ samples: some Collection<Sample>, height: Int, width: Int) {
        self.init(samples.map { Float($0) }, height: height, width: width)
    }

    /// The planes in which text of an RGB frame can be told from what lies around it.
    ///
    /// Gray text is in the luminance (Rec. 601). Coloured text may have its background's luminance: red on gray stands
    /// out in the greatest of the three channels, or in the least. Frames without colour give the luminance alone.
    ///
    /// - Parameter samples: red, green, blue of each pixel in turn, `[height, width, 3]`.
    public static func planes<Sample: FixedWidthInteger>(
        interleavedRGB samples: some Collection<Sample>, height: Int, width: Int
    ) -> [GrayPlane] {
        precondition(samples.count == 3 * height * width, "an RGB frame is height x width x 3 samples")
        var (luminance, greatest, least): ([Float], [Float], [Float]) = ([], [], [])
        luminance.reserveCapacity(height * width)
        greatest.reserveCapacity(height * width)
        least.reserveCapacity(height * width)
        var isGray = true
        var iterator = samples.makeIterator()
        while let red = iterator.next(), let green = iterator.next(), let blue = iterator.next() {
            luminance.append(0.299 * Float(red) + 0.587 * Float(green) + 0.114 * Float(blue))
            let (high, low) = (max(red, green, blue), min(red, green, blue))
            greatest.append(Float(high))
            least.append(Float(low))
            isGray = isGray && high == low
        }
        let all = isGray ? [luminance] : [luminance, greatest, least]
        return all.map { GrayPlane($0, height: height, width: width) }
    }

    /// Means of 2 x 2 pixels; an odd last row or column is left out.
    var halved: GrayPlane {
        let (rows, columns) = (height / 2, width / 2)
        let means = [Float](unsafeUninitializedCapacity: rows * columns) { means, count in
            values.withUnsafeBufferPointer { values in
                for y in 0..<rows {
                    let (upper, lower) = (2 * y * width, (2 * y + 1) * width)
                    for x in 0..<columns {
                        let sum = values[upper + 2 * x] + values[upper + 2 * x + 1]
                        means[y * columns + x] = (sum + values[lower + 2 * x] + values[lower + 2 * x + 1]) / 4
                    }
                }
            }
            count = rows * columns
        }
        return GrayPlane(means, height: rows, width: columns)
    }
}
