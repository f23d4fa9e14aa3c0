extension DetectorConfiguration {
    /// The networks by name: their extents, and the input size in pixels that they are meant for.
    package static let presets: [String: (inputSize: Int, extents: Extents)] = [
        // 4.6 million parameters: tests and laptops.
        "hvit-ti": (
            192,
            Extents(
                stemChannels: 48, stage1Channels: 96, stage1Blocks: 2, stage1Heads: 3, window: 8, stage2Channels: 192,
                stage2Blocks: 6, stage2Heads: 3, mlpRatio: 4, pyramidChannels: 96, queries: 32, decoderLayers: 2,
                decoderHeads: 3, boxFrequencies: 8, abnormalityCells: 4)
        ),
        // 23.4 million parameters.
        "hvit-s": (
            512,
            Extents(
                stemChannels: 96, stage1Channels: 192, stage1Blocks: 2, stage1Heads: 3, window: 8, stage2Channels: 384,
                stage2Blocks: 10, stage2Heads: 6, mlpRatio: 4, pyramidChannels: 192, queries: 100, decoderLayers: 3,
                decoderHeads: 3, boxFrequencies: 8, abnormalityCells: 4, pyramidLevels: 3, decoderChannels: 192)
        ),
        // 7.2 million parameters, most of them learned on photographs before: what ships.
        "hvit-e": (
            384,
            Extents(
                stemChannels: 0, stage1Channels: 0, stage1Blocks: 0, stage1Heads: 0, window: 0, stage2Channels: 192,
                stage2Blocks: 2, stage2Heads: 3, mlpRatio: 4, pyramidChannels: 128, queries: 32, decoderLayers: 2,
                decoderHeads: 3, boxFrequencies: 8, abnormalityCells: 4, pyramidLevels: 3, trunk: .lite2)
        ),
    ]
}

extension DetectorConfiguration {
    /// Of a network that has learned nothing: scores are not calibrated.
    package static func untrained(
        name: String, architecture: String, inputSize: Int, classes: [String], extents: Extents
    ) -> DetectorConfiguration {
        let plain = Calibration(temperature: 1, bias: 0)
        return DetectorConfiguration(
            name: name, architecture: architecture, inputSize: inputSize, classes: classes, readout: .dense,
            normalization: .percentiles, recommendedThreshold: 0.5,
            suppressionIoU: 0.55, calibrations: [.dense: plain, .queries: plain], extents: extents)
    }
}

extension DetectorConfiguration.Extents {
    /// Width and height of an input are multiples of this: of the coarsest stride, and of the pixels of a window.
    package var inputMultiple: Int {
        // Stride 32 is in the trunk, whether there is a level of it or not.
        let (stride, window) = trunk == nil ? (8 << (pyramidLevels - 1), 8 * window) : (32, 32)
        return (1...window).lazy.map { $0 * stride }.first { $0 % window == 0 } ?? stride * window
    }
}
