import Tensors

#if canImport(Glibc)
    import Glibc
#endif

/// Boxes as sines and cosines of centre x, centre y, width and height (as parts of the input) at pi, 2 pi, 4 pi, ..
///
/// - Returns: `[1, boxes, 8 * frequencies]`: all sines (four numbers times frequencies), then all cosines.
func boxWaves(_ boxes: [Box], inputSize: Int, frequencies: Int) -> Tensor {
    let size = Float(inputSize)
    let waves = (0..<frequencies).map { Float.pi * Float(1 << $0) }
    return Tensor([1, boxes.count, 8 * frequencies]) { out in
        for (index, box) in boxes.enumerated() {
            let numbers = [
                (box.x0 + box.x1) / 2 / size, (box.y0 + box.y1) / 2 / size, (box.x1 - box.x0) / size,
                (box.y1 - box.y0) / size,
            ]
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
