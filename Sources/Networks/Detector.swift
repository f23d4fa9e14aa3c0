import Tensors

/// A loaded model: finds lesions in a prepared image and says why, box by box.
public struct Detector: Sendable {
    public let configuration: DetectorConfiguration
    package let network: DetectorNetwork

    init(configuration: DetectorConfiguration, network: DetectorNetwork) {
        self.configuration = configuration
        self.network = network
    }

    /// Loads `config.json` and `weights.safetensors`.
    ///
    /// - Throws: `NetworkError` for an unknown or missing key, and for a tensor that is missing, extra, mis-shaped or not
    ///   finite, by name.
    public init(directory: String) throws(NetworkError) {
        try networkErrors { () throws(TensorError) in try loadMatrixLibrary() }
        var configuration = try DetectorConfiguration.read(path: directory + "/config.json")
        let file = try networkErrors { () throws(TensorError) in
            try WeightFile(path: directory + "/weights.safetensors")
        }
        configuration.parameterCount = file.parameterCount
        let network = try networkErrors { () throws(TensorError) in try DetectorNetwork(file, configuration) }
        self.init(configuration: configuration, network: network)
    }

    /// The same network for images of another size: learned positions are resized. Calibration and threshold stay; how
    /// well they hold at that size must be measured.
    ///
    /// - Throws: `NetworkError.value` for a size that is no multiple of the coarsest stride and the windows.
    public func resized(to inputSize: Int) throws(NetworkError) -> Detector {
        let multiple = configuration.extents.inputMultiple
        guard inputSize > 0, inputSize % multiple == 0, inputSize <= 4096 else {
            throw .value(
                path: configuration.name, key: "inputSize",
                reason: "must be a multiple of \(multiple) up to 4096, found \(inputSize)")
        }
        var other = configuration
        other.inputSize = inputSize
        return Detector(configuration: other, network: network.viewed(as: other))
    }

    /// Finds lesions.
    ///
    /// - Parameters:
    ///   - image: `inputSize * inputSize` pixels in [0, 1], row by row, normalised and letterboxed as the configuration says.
    ///   - threshold: the least score reported, in [0, 1]; see `configuration.recommendedThreshold`.
    public func detect(_ image: [Float], threshold: Float) throws(NetworkError) -> Detections {
        try check(image)
        let output = try networkErrors { () throws(TensorError) in
            try network.forward(image, readout: configuration.readout)
        }
        return network.detections(output, threshold: threshold)
    }

    /// Says which parts of the image speak for each detection: one map a box, whose target is that box's own class logit;
    /// when there is none, one map whose target is the image's abnormality.
    ///
    /// - Parameters:
    ///   - detections: what `detect` returned for the same image, or a part of it.
    ///   - layer: where the CAM methods read; nil for the method's default. The others ignore it.
    public func explain(
        _ image: [Float], detections: Detections, method: ExplanationMethod, layer: ExplanationLayer? = nil
    ) throws(NetworkError) -> [HeatmapGrid] {
        try check(image)
        return try Explanation(network, image: image, method: method, layer: layer).maps(detections)
    }

    func check(_ image: [Float]) throws(NetworkError) {
        let expected = configuration.inputSize * configuration.inputSize
        guard image.count == expected else { throw .imageSize(expected: expected, found: image.count) }
        if let index = image.firstIndex(where: { !$0.isFinite }) { throw .imageNotFinite(index: index) }
    }
}
