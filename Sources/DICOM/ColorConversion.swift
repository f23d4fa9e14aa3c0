/// Colour frames of 8-bit samples to red, green and blue planes.
enum ColorConversion {
    /// YCbCr to RGB as PS3.3 C.7.6.3.1.2 defines YBR_FULL: the planes hold Y, Cb, Cr and are changed in place.
    /// Results are rounded to whole numbers in 0...255.
    static func rgbFromYBR(
        _ red: UnsafeMutablePointer<Float>, _ green: UnsafeMutablePointer<Float>, _ blue: UnsafeMutablePointer<Float>,
        count: Int
    ) {
        for index in 0..<count {
            let (y, cb, cr) = (red[index], green[index] - 128, blue[index] - 128)
            red[index] = byte(y + 1.402 * cr)
            green[index] = byte(y - 0.344136 * cb - 0.714136 * cr)
            blue[index] = byte(y + 1.772 * cb)
        }
    }

    private static func byte(_ value: Float) -> Float { max(0, min(255, (value + 0.5).rounded(.down))) }

    /// YBR_FULL_422, uncompressed: Y Y Cb Cr for each pair of pixels of a row (PS3.3 C.7.6.3.1.2). The chroma of a
    /// pair holds for both pixels.
    static func unpack422(
        _ bytes: UnsafeRawBufferPointer, count: Int, _ y: UnsafeMutablePointer<Float>,
        _ cb: UnsafeMutablePointer<Float>, _ cr: UnsafeMutablePointer<Float>
    ) {
        for pair in 0..<count / 2 {
            let source = pair * 4
            (y[pair * 2], y[pair * 2 + 1]) = (Float(bytes[source]), Float(bytes[source + 1]))
            for pixel in [pair * 2, pair * 2 + 1] {
                (cb[pixel], cr[pixel]) = (Float(bytes[source + 2]), Float(bytes[source + 3]))
            }
        }
    }
}
