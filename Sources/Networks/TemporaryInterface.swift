public struct Detector: Sendable {
    public init(directory: String) throws(NetworkError) { throw NetworkError(description: "") }
    public let configuration: DetectorConfiguration
    public func detect(_ image: [Float], threshold: Float) throws(NetworkError) -> Detections { throw NetworkError(description: "") }
    public func explain(_ image: [Float], detections: Detections, method: ExplanationMethod) throws(NetworkError) -> [HeatmapGrid] { [] }
}
public struct NetworkError: Error, CustomStringConvertible { public var description: String }
public struct DetectorConfiguration: Sendable { public var name: String; public var inputSize: Int; public var classes: [String]; public var recommendedThreshold: Float; public var parameterCount: Int }
public struct HeatmapGrid: Sendable { public var height: Int; public var width: Int; public var values: [Float] }
public struct Detection: Sendable { public var x0, y0, x1, y1: Float; public var classIndex: Int; public var score: Float; public var probabilities: [Float] }
public struct Detections: Sendable { public var boxes: [Detection]; public var abnormality: Float; public init(boxes: [Detection], abnormality: Float) { self.boxes = boxes; self.abnormality = abnormality } }
public enum ExplanationMethod: String, CaseIterable, Sendable { case gradCAM = "grad-cam", gradCAMPlusPlus = "grad-cam++", hiResCAM = "hirescam", attentionRollout = "attention-rollout", relevance = "relevance" }
