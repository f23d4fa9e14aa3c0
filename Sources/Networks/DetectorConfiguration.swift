public import Tensors

/// `config.json` of a model: the network's extents and how its output is read.
public struct DetectorConfiguration: Sendable, Hashable {
    /// Which head's boxes are reported.
    public enum Readout: String, Sendable, CaseIterable, Decodable {
        /// One proposal a cell, thinned by non-maximum suppression.
        case dense
        /// One query an object; nothing is suppressed.
        case queries
    }

    /// `sigmoid(logit / temperature + bias)` is the chance that a box hits at IoU 0.5, fitted on held-out images.
    public struct Calibration: Sendable, Hashable, Decodable {
        public var temperature: Float
        public var bias: Float

        public init(temperature: Float, bias: Float) { (self.temperature, self.bias) = (temperature, bias) }
    }

    /// Percentiles of the whole image that become 0 and 1 before it is resized.
    public struct Normalization: Sendable, Hashable, Decodable {
        public var lowPercentile: Double
        public var highPercentile: Double

        /// Of every model: what training and the stage `normalize` do where nothing else is said.
        package static let percentiles = Normalization(lowPercentile: 1, highPercentile: 99.8)
    }

    public var name: String
    public var architecture: String
    /// Width and height of the square input in pixels.
    public var inputSize: Int
    public var classes: [String]
    public var readout: Readout
    public var normalization: Normalization
    /// A score that lets about one false box through in ten images of the held-out part of the training data.
    public var recommendedThreshold: Float
    /// Greatest overlap (IoU) of two boxes of the dense readout.
    public var suppressionIoU: Float
    /// What a quantised model is meant to be computed in; nil: the finest that the processor multiplies fast.
    public var precision: Precision?
    public var parameterCount = 0

    package var calibrations: [Readout: Calibration]
    package var extents: Extents

    /// Calibration of the readout that ships.
    public var calibration: Calibration { calibrations[readout] ?? Calibration(temperature: 1, bias: 0) }

    public var temperature: Float { calibration.temperature }

    /// Sizes of the network's parts.
    package struct Extents: Sendable, Hashable {
        package var stemChannels: Int
        package var stage1Channels: Int
        package var stage1Blocks: Int
        package var stage1Heads: Int
        package var window: Int
        package var stage2Channels: Int
        package var stage2Blocks: Int
        package var stage2Heads: Int
        package var mlpRatio: Int
        package var pyramidChannels: Int
        package var queries: Int
        package var decoderLayers: Int
        package var decoderHeads: Int
        package var boxFrequencies: Int
        package var abnormalityCells: Int
        /// 2: strides 8 and 16; 3: 32 as well.
        package var pyramidLevels = 2
        /// Nil: as stage 2.
        package var decoderChannels: Int?
        /// 0: no mask head.
        package var maskChannels = 0
        /// Nil: a stem and windowed blocks. Else the extents of these are 0.
        package var trunk: EfficientNetLite?

        /// Channels of the tokens of stride 8.
        package var fineChannels: Int { trunk.map(MobileTrunk.fineChannels) ?? stage1Channels }
    }
}
