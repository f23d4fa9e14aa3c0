public import Tensors

/// What can go wrong with a model or its input.
public enum NetworkError: Error, Hashable, Sendable {
    /// `config.json` is missing or not JSON of the expected form.
    case configuration(path: String, reason: String)
    /// A value of `config.json` has no meaning.
    case value(path: String, key: String, reason: String)
    /// Weights that do not fit the configuration, or shapes that do not fit each other.
    case tensors(TensorError)
    /// The image has the wrong number of pixels.
    case imageSize(expected: Int, found: Int)
    /// The image holds NaN or infinity.
    case imageNotFinite(index: Int)
    /// Detections that this model did not make for this image.
    case foreignDetection(index: Int)
}

extension NetworkError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .configuration(let path, let reason): "\(path): \(reason)"
        case .value(let path, let key, let reason): "\(path): \"\(key)\" \(reason)"
        case .tensors(let error): error.description
        case .imageSize(let expected, let found): "the image has \(found) pixels; the network needs \(expected)"
        case .imageNotFinite(let index): "the image holds NaN or infinity at pixel \(index)"
        case .foreignDetection(let index): "detection \(index) names a source that this network does not have"
        }
    }
}

/// Runs a body that fails with tensor errors and reports them as this module's.
func networkErrors<Result>(
    _ body: () throws(TensorError) -> Result
) throws(NetworkError) -> Result {
    do { return try body() } catch { throw .tensors(error) }
}
