import Foundation
import Tensors
import Testing

@testable import Networks

struct LoadingTests {
    /// A copy of the small model, changed.
    private func load(
        config: (String) -> String = { $0 }, weights: (inout [String: Tensor]) throws -> Void = { _ in }
    ) throws -> Result<Detector, NetworkError> {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = try String(contentsOfFile: Recorded.small + "/config.json", encoding: .utf8)
        try config(text).write(to: folder.appendingPathComponent("config.json"), atomically: true, encoding: .utf8)
        var file = try WeightFile(path: Recorded.small + "/weights.safetensors")
        var tensors: [String: Tensor] = [:]
        for name in file.names { tensors[name] = try file.take(name) }
        try weights(&tensors)
        try writeSafetensors(tensors, to: folder.path + "/weights.safetensors")
        do { return .success(try Detector(directory: folder.path)) } catch { return .failure(error) }
    }

    private func fault(_ result: Result<Detector, NetworkError>) -> (String?, WeightFault)? {
        guard case .failure(.tensors(.weights(_, let tensor, let fault))) = result else { return nil }
        return (tensor, fault)
    }

    private func message(_ result: Result<Detector, NetworkError>) -> String {
        guard case .failure(let error) = result else { return "" }
        return error.description
    }

    @Test func untouchedModelsLoad() throws {
        let detector = try load().get()
        #expect(detector.configuration.classes == ["a", "b"])
        #expect(detector.configuration.temperature == 1.3)
        #expect(detector.configuration.parameterCount > 40_000)
    }

    @Test func everyTensorIsNeededAndNoOther() throws {
        let missing = fault(try load(weights: { $0["stage2.blocks.1.qkv.bias"] = nil }))
        #expect(missing?.0 == "stage2.blocks.1.qkv.bias" && missing?.1 == .missing)
        let extra = fault(try load(weights: { $0["stage3.position"] = .zeros([2]) }))
        #expect(extra?.0 == "stage3.position" && extra?.1 == .unexpected)
        let wrong = fault(try load(weights: { $0["dense.output.bias"] = .zeros([6]) }))
        #expect(wrong?.0 == "dense.output.bias" && wrong?.1 == .wrongShape(expected: [7], found: [6]))
    }

    /// Finite weights whose output is not.
    @Test(arguments: ["dense.output.weight", "queries.classify.weight", "queries.refine2.weight"])
    func outputsThatAreNoNumbersAreErrors(name: String) throws {
        let queries = name.hasPrefix("queries.")
        let detector = try load(
            config: { queries ? $0.replacing("\"dense\",", with: "\"queries\",") : $0 },
            weights: { $0[name] = Tensor(repeating: 3e38, $0[name]!.shape) }
        ).get()
        let image = try Recorded(Recorded.small + "/expected.safetensors").elements("image")
        #expect(throws: NetworkError.tensors(.outputNotFinite)) { try detector.detect(image, threshold: 0.5) }
        if !queries { #expect(throws: NetworkError.tensors(.outputNotFinite)) { try detector.cells(image) } }
    }

    @Test func everyKeyIsNeededAndNoOther() throws {
        let typo = try load(config: { $0.replacing("\"stage2Heads\"", with: "\"stage2Head\"") })
        #expect(message(typo).contains("stage2Head") && message(typo).contains("no such key"))
        let missing = try load(config: { $0.replacing("\"stage2Heads\": 3,", with: "") })
        #expect(message(missing).contains("\"stage2Heads\" is missing"))
        let heads = try load(config: { $0.replacing("\"stage2Heads\": 3", with: "\"stage2Heads\": 5") })
        #expect(message(heads).contains("must divide the 24 channels, found 5"))
        let blank = try load(config: { $0.replacing("\"b\"", with: "\" \"") })
        #expect(message(blank).contains("classes"))
        let readout = try load(config: { $0.replacing("\"dense\",", with: "\"sparse\",") })
        #expect(message(readout).contains("readout"))
        #expect(message(try load(config: { _ in "{" })).contains("config.json"))
        let size = try load(config: { $0.replacing("\"inputSize\": 64", with: "\"inputSize\": 72") })
        #expect(message(size).contains("inputSize"))
        for (number, reason) in [("1e39", "temperature\" must be above 0 and within float32"), ("-1", "above 0")] {
            let far = try load(config: { $0.replacing("\"temperature\": 1.3", with: "\"temperature\": \(number)") })
            #expect(message(far).contains(reason), "\(message(far))")
        }
        // No pipeline would prepare images so.
        let percentile = try load(config: { $0.replacing("\"highPercentile\": 99.8", with: "\"highPercentile\": 99") })
        #expect(message(percentile).contains("\"normalization\" must be 1 and 99.8"))
        #expect(throws: NetworkError.self) { try Detector(directory: "/does/not/exist") }
    }
}
