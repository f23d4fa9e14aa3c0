/// Colour frames to red, green and blue planes.
enum ColorConversion {
    /// YCbCr to RGB as PS3.3 C.7.6.3.1.2 defines YBR_FULL: the planes hold whole numbers Y, Cb, Cr of `bits` bits and
    /// are changed in place. Results are rounded to whole numbers in 0...2^bits - 1.
    ///
    /// The exact inverse of the standard's equations, in whole numbers: with 0.299, 0.587 and 0.114 for the share of
    /// red, green and blue in Y, green is Y - (0.114 * 1.772 Cb + 0.299 * 1.402 Cr) / 0.587. Halves are rounded up.
    static func rgbFromYBR(
        _ red: UnsafeMutablePointer<Float>, _ green: UnsafeMutablePointer<Float>, _ blue: UnsafeMutablePointer<Float>,
        count: Int, bits: Int
    ) {
        let (half, most) = (1 << (bits - 1), 1 << bits - 1)
        for index in 0..<count {
            let (y, cb, cr) = (Int(red[index]), Int(green[index]) - half, Int(blue[index]) - half)
            red[index] = Float(min(max(floored(1000 * y + 1402 * cr + 500, 1000), 0), most))
            green[index] = Float(
                min(max(floored(587_000 * y - 202_008 * cb - 419_198 * cr + 293_500, 587_000), 0), most))
            blue[index] = Float(min(max(floored(1000 * y + 1772 * cb + 500, 1000), 0), most))
        }
    }

    /// Quotient rounded down, also below zero, where the result is clamped anyway.
    @inline(__always) private static func floored(_ value: Int, _ divisor: Int) -> Int {
        value < 0 ? -1 : value / divisor
    }

    /// YBR_FULL_422, uncompressed: Y Y Cb Cr for each pair of pixels of a row (PS3.3 C.7.6.3.1.2). The chroma of a
    /// pair holds for both pixels.
    ///
    /// - Parameter samples: two for each pixel, as they lie in the frame.
    static func unpack422(
        _ samples: UnsafePointer<Float>, count: Int, _ y: UnsafeMutablePointer<Float>,
        _ cb: UnsafeMutablePointer<Float>, _ cr: UnsafeMutablePointer<Float>
    ) {
        for pair in 0..<count / 2 {
            let (source, first, second) = (pair * 4, pair * 2, pair * 2 + 1)
            (y[first], y[second]) = (samples[source], samples[source + 1])
            (cb[first], cb[second]) = (samples[source + 2], samples[source + 2])
            (cr[first], cr[second]) = (samples[source + 3], samples[source + 3])
        }
    }
}
