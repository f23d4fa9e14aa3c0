import Tensors

#if canImport(Glibc)
    import Glibc
#endif

/// Boxes as sines and cosines of centre x, centre y, width and height (as parts of the input) at pi, 2 pi, 4 pi, ..
///
/// - Parameter boxes: `[batch, n, 4]`, corners in pixels.
/// - Returns: `[batch, n, 8 * frequencies]`: all sines (four numbers times frequencies), then all cosines.
func boxWaves(_ boxes: Tensor, inputSize: Int, frequencies: Int) -> Tensor {
    let size = Float(inputSize)
    let waves = (0..<frequencies).map { Float.pi * Float(1 << $0) }
    return Tensor([boxes.shape[0], boxes.shape[1], 8 * frequencies]) { out in
        boxes.withUnsafeElements { boxes in
            for index in 0..<boxes.count / 4 {
                let (x0, y0, x1, y1) = (
                    boxes[4 * index], boxes[4 * index + 1], boxes[4 * index + 2], boxes[4 * index + 3]
                )
                let numbers = [(x0 + x1) / 2 / size, (y0 + y1) / 2 / size, (x1 - x0) / size, (y1 - y0) / size]
                let row = out.baseAddress! + index * 8 * frequencies
                for (n, number) in numbers.enumerated() {
                    for (f, wave) in waves.enumerated() {
                        row[n * frequencies + f] = sin(number * wave)
                        row[(4 + n) * frequencies + f] = cos(number * wave)
                    }
                }
            }
        }
    }
}
