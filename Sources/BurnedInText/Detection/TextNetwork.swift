import CKernels

/// A convolutional network of 19,000 weights that says of every 2 x 2 pixels how likely text covers them.
///
/// Three strides of 2, six separable layers that look up to 110 pixels around at an eighth of the resolution, and back up
/// to a quarter; the last layer gives the four halves of each quarter. The twin of `training/burned-in-text/network.py`,
/// with the normalisation of its layers folded into the weights.
struct TextNetwork: Sendable {
    static let shared = TextNetwork()

    private static let dilations = [1, 2, 4, 1, 2, 4]

    private struct Layer {
        var weights: [Float]
        var bias: [Float]
    }

    private let stem, down1, mix, down2, up, head, out: Layer
    private let separable: [(depthwise: Layer, pointwise: Layer)]

    private init() {
        var layers: [String: Layer] = [:]
        for (name, weights, bias) in Self.stored {
            layers[name] = Layer(weights: Self.floats(weights), bias: Self.floats(bias))
        }
        /// The weights are part of the program: a wrong size is a mistake of the one who generated them.
        func layer(_ name: String, _ weights: Int, _ outputs: Int) -> Layer {
            guard let layer = layers[name], layer.weights.count == weights, layer.bias.count == outputs else {
                preconditionFailure("TextNetworkWeights.swift does not hold layer \(name) in its size")
            }
            return layer
        }
        stem = layer("stem", 16 * 8, 8)
        down1 = layer("down1", 9 * 8 * 16, 16)
        mix = layer("mix", 9 * 16 * 16, 16)
        down2 = layer("down2", 9 * 16 * 32, 32)
        separable = Self.dilations.indices.map {
            (layer("depthwise\($0)", 9 * 32, 32), layer("pointwise\($0)", 32 * 32, 32))
        }
        up = layer("up", 32 * 16, 16)
        head = layer("head", 9 * 16 * 16, 16)
        out = layer("out", 16 * 4, 4)
    }

    /// Bits of Float16, four hexadecimal digits each.
    private static func floats(_ text: String) -> [Float] {
        func digit(_ character: UInt8) -> UInt16 { UInt16(character < 58 ? character - 48 : character - 87) }
        let digits = Array(text.utf8)
        return stride(from: 0, to: digits.count, by: 4).map { at in
            half((0..<4).reduce(0) { $0 << 4 | digit(digits[at + $1]) })
        }
    }

    /// IEEE 754 binary16 to binary32; written out because `Float16` does not exist on every platform.
    private static func half(_ bits: UInt16) -> Float {
        let magnitude = Float(bitPattern: UInt32(bits & 0x7FFF) << 13) * 0x1p112
        return bits & 0x8000 == 0 ? magnitude : -magnitude
    }

    /// - Returns: logits `[height / 2, width / 2]`, row by row.
    func logits(_ contrast: LocalContrast) -> [Float] {
        let (height, width) = (contrast.height, contrast.width)
        var quarter = FeatureMap(height: height / 4, width: width / 4, channels: 16, border: 1)
        descend(contrast, into: &quarter)
        var fine = FeatureMap(height: height / 4, width: width / 4, channels: 16, border: 1)
        apply(mix, quarter, kernel: 3, stride: 1, into: &fine)
        var coarse = FeatureMap(height: height / 8, width: width / 8, channels: 32, border: 4)
        apply(down2, fine, kernel: 3, stride: 2, into: &coarse)

        var other = FeatureMap(height: height / 8, width: width / 8, channels: 32, border: 4)
        var line = [Float](repeating: 0, count: 32 * coarse.width)
        for (index, dilation) in Self.dilations.enumerated() {
            let (depthwise, pointwise) = separable[index]
            let (rowIn, rowOut) = (coarse.row, other.row)
            coarse.read { input in
                other.write { output in
                    text_separable(
                        input, rowIn, output, rowOut, coarse.height, coarse.width, dilation, depthwise.weights,
                        depthwise.bias, pointwise.weights, pointwise.bias, &line)
                }
            }
            swap(&coarse, &other)
        }
        let fineRow = fine.row
        coarse.read { input in
            fine.write {
                text_raise(input, coarse.row, $0, fineRow, coarse.height, coarse.width, up.weights, up.bias, &line)
            }
        }
        apply(head, fine, kernel: 3, stride: 1, into: &quarter)
        return [Float](unsafeUninitializedCapacity: height / 2 * (width / 2)) { logits, count in
            quarter.read {
                text_logits($0, quarter.row, quarter.height, quarter.width, out.weights, out.bias, logits.baseAddress!)
            }
            count = height / 2 * (width / 2)
        }
    }

    /// The two layers at full and half resolution, some rows at a time: a whole map at half resolution would not fit
    /// into a cache and took a third of the time.
    private func descend(_ contrast: LocalContrast, into quarter: inout FeatureMap) {
        let band = 16
        // A stem row needs contrast rows 2y - 1 ... 2y + 2; a quarter row needs stem rows 2y - 1 ... 2y + 1.
        var contrastBand = FeatureMap(height: 4 * band + 4, width: contrast.width, channels: 1, border: 1)
        var half = FeatureMap(height: 2 * band + 1, width: contrast.width / 2, channels: 8, border: 1)
        let (contrastRow, halfRow, row) = (contrastBand.row, half.row, quarter.row)
        for start in stride(from: 0, to: quarter.height, by: band) {
            let count = min(band, quarter.height - start)
            let stemRows = 2 * start - 1..<2 * (start + count)
            contrast.write(rows: 2 * stemRows.lowerBound - 1..<2 * stemRows.upperBound + 1, to: &contrastBand)
            let (halfHeight, halfWidth) = (stemRows.count, half.width)
            contrastBand.read { input in
                half.write { output in
                    text_convolution(
                        input - 1, contrastRow, 1, output, halfRow, 8, halfHeight, halfWidth, 4, 2, stem.weights,
                        stem.bias, 1)
                    // Above the frame there is nothing, not what the layer makes of nothing.
                    if start == 0 { output.update(repeating: 0, count: 8 * halfWidth) }
                }
            }
            let width = quarter.width
            half.read { input in
                quarter.write { output in
                    text_convolution(
                        input - 8, halfRow, 8, output + start * row, row, 16, count, width, 3, 2, down1.weights,
                        down1.bias, 1)
                }
            }
        }
    }

    private func apply(_ layer: Layer, _ input: FeatureMap, kernel: Int, stride: Int, into output: inout FeatureMap) {
        let (height, width, channels, row) = (output.height, output.width, output.channels, output.row)
        input.read(up: 1) { from in
            output.write { to in
                text_convolution(
                    from, input.row, input.channels, to, row, channels, height, width, kernel, stride, layer.weights,
                    layer.bias, 1)
            }
        }
    }
}
