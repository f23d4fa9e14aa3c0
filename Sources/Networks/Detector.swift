public import Parallel
public import Tensors

/// A loaded model: finds lesions in a prepared image and says why, box by box.
public struct Detector: Sendable {
    public let configuration: DetectorConfiguration
    package let network: DetectorNetwork
    let plan: DetectorPlan

    init(
        configuration: DetectorConfiguration, network: DetectorNetwork, backend: Backend = .preferred()
    ) throws(NetworkError) {
        self.configuration = configuration
        self.network = network
        plan = try networkErrors { () throws(TensorError) in
            try DetectorPlan(network.viewed(as: configuration), backend)
        }
    }

    /// What computes detections.
    public var backend: Backend { plan.backend }

    /// Bytes of packed weights, and bytes that one image is computed in.
    public var memory: (weights: Int, arena: Int) { (plan.weightBytes, plan.arenaBytes) }

    /// Loads `config.json` and `weights.safetensors`.
    ///
    /// - Parameter backend: nil: in the precision that the configuration names, or the preferred one of this processor.
    /// - Throws: `NetworkError` for an unknown or missing key, and for a tensor that is missing, extra, mis-shaped or not
    ///   finite, by name.
    public init(directory: String, backend: Backend? = nil) throws(NetworkError) {
        try networkErrors { () throws(TensorError) in try loadMatrixLibrary() }
        var configuration = try DetectorConfiguration.read(path: directory + "/config.json")
        let file = try networkErrors { () throws(TensorError) in
            try WeightFile(path: directory + "/weights.safetensors")
        }
        configuration.parameterCount = file.parameterCount
        let network = try networkErrors { () throws(TensorError) in try DetectorNetwork(file, configuration) }
        try self.init(
            configuration: configuration, network: network, backend: backend ?? .preferred(configuration.precision))
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
        return try Detector(configuration: other, network: network.viewed(as: other), backend: backend)
    }

    /// Finds lesions.
    ///
    /// - Parameters:
    ///   - image: `inputSize * inputSize` pixels in [0, 1], row by row, normalised and letterboxed as the configuration says.
    ///   - threshold: the least score reported, in [0, 1]; see `configuration.recommendedThreshold`.
    ///   - workers: the threads that may be used; they change no bit of the result.
    /// - Throws: also where weights are so large that what they compute is no number.
    public func detect(
        _ image: [Float], threshold: Float, workers: Workers = .single
    ) throws(NetworkError) -> Detections {
        try check(image)
        let output = try networkErrors { () throws(TensorError) in
            try network.output(plan.runForExplanation(image, workers: workers))
        }
        return network.detections(output, threshold: threshold)
    }

    /// What all cells say, before any calibration: class logits, log distances and IoU logits, `[1, cells, classes + 5]`.
    package func cells(_ image: [Float], workers: Workers = .single) throws(NetworkError) -> Tensor {
        try check(image)
        return try networkErrors { () throws(TensorError) in
            let said = try plan.run(image, workers: workers).said
            guard said.firstNotFinite == nil else { throw .outputNotFinite }
            return said
        }
    }

    /// Says which parts of the image speak for each detection: one map a box, whose target is that box's own class logit;
    /// when there is none, one map whose target is the image's abnormality.
    ///
    /// - Parameters:
    ///   - detections: what `detect` returned for the same image, or a part of it.
    ///   - layer: where the CAM methods read; nil for the method's default. The others ignore it.
    public func explain(
        _ image: [Float], detections: Detections, method: ExplanationMethod, layer: ExplanationLayer? = nil,
        workers: Workers = .single
    ) throws(NetworkError) -> [HeatmapGrid] {
        try check(image)
        return try Explanation(network, plan: plan, image: image, method: method, layer: layer, workers: workers)
            .maps(detections)
    }

    func check(_ image: [Float]) throws(NetworkError) {
        let expected = configuration.inputSize * configuration.inputSize
        guard image.count == expected else { throw .imageSize(expected: expected, found: image.count) }
        if let index = image.firstIndex(where: { !$0.isFinite }) { throw .imageNotFinite(index: index) }
    }
}
