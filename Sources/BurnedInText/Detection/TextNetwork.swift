import CKernels

/// A convolutional network of 21,000 weights that says of every 2 x 2 pixels how likely text covers them.
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

    /// - Parameter contrast: `[height, width]`, sides multiples of 8 and at least 64, border 1.
    /// - Returns: logits `[height / 2, width / 2]`, row by row.
    func logits(_ contrast: FeatureMap) -> [Float] {
        let (height, width) = (contrast.height, contrast.width)
        var half = FeatureMap(height: height / 2, width: width / 2, channels: 8, border: 1)
        apply(stem, contrast, kernel: 4, stride: 2, into: &half)
        var quarter = FeatureMap(height: height / 4, width: width / 4, channels: 16, border: 1)
        apply(down1, half, kernel: 3, stride: 2, into: &quarter)
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
            fine.write { text_raise(input, coarse.row, $0, fineRow, coarse.height, coarse.width, up.weights, up.bias, &line) }
        }
        apply(head, fine, kernel: 3, stride: 1, into: &quarter)
        return [Float](unsafeUninitializedCapacity: height / 2 * (width / 2)) { logits, count in
            quarter.read {
                text_logits($0, quarter.row, quarter.height, quarter.width, out.weights, out.bias, logits.baseAddress!)
            }
            count = height / 2 * (width / 2)
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
