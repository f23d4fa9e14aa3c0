@testable import Training

extension Recipe {
    /// A network small enough to be trained within a test.
    ///
    /// - Parameter rest: the recipe's other parts, as YAML.
    static func tiny(_ rest: String) throws -> Recipe {
        try parse(
            """
            name: tiny
            classes: [a, b]
            architecture:
              { preset: hvit-ti, stemChannels: 4, stage1Channels: 6, stage1Blocks: 1, window: 4, stage2Channels: 12,
                stage2Blocks: 2, mlpRatio: 2, pyramidChannels: 8, queries: 6, decoderLayers: 1, boxFrequencies: 2 }

            """ + rest, name: "tiny")
    }
}
