import Foundation
import Tensors
import Testing

@testable import Networks

/// What stands in a written file; what it computes, `Tests/Peers/compare_onnx.py` compares.
struct ONNXModelTests {
    private struct Model {
        let bytes: [UInt8]
        let model: ProtobufFields
        let graph: ProtobufFields

        /// - Parameters: what is changed of that which the folder has.
        init(
            _ folder: String, _ configure: (inout DetectorConfiguration) -> Void = { _ in },
            weights change: (inout [String: Tensor]) -> Void = { _ in }
        ) throws {
            var file = try WeightFile(path: folder + "/weights.safetensors")
            var weights: [String: Tensor] = [:]
            for name in file.names { weights[name] = try file.take(name) }
            change(&weights)
            var configuration = try DetectorConfiguration.read(path: folder + "/config.json")
            configure(&configuration)
            bytes = try configuration.onnxModel(weights, version: "1", origin: [("sha256", "abc")])
            model = try #require(ProtobufFields(bytes))
            graph = try #require(model.messages(7).first)
        }

        /// Names and shapes of inputs (field 11) or outputs (field 12).
        func values(_ field: Int) -> [String: [Int]] {
            Dictionary(
                uniqueKeysWithValues: graph.messages(field).map { value in
                    let tensor = value.messages(2)[0].messages(1)[0]
                    #expect(tensor.integers(1) == [1])
                    return (value.text(1), tensor.messages(2)[0].messages(1).flatMap { $0.integers(1) })
                })
        }

        var initializers: [ProtobufFields] { graph.messages(5) }
        var nodes: [ProtobufFields] { graph.messages(1) }
        var metadata: [String: String] {
            Dictionary(uniqueKeysWithValues: model.messages(14).map { ($0.text(1), $0.text(2)) })
        }
    }

    private static let shipped = Recorded.root.path + "/models/brain-mri-tumour"

    @Test func inputAndOutputsHaveTheirShapes() throws {
        let small = try Model(Recorded.small)
        #expect(small.model.integers(1) == [8])
        #expect(small.model.messages(8).map { $0.integers(2) } == [[17]])
        #expect(small.values(11) == ["image": [1, 1, 64, 64]])
        #expect(small.values(12) == ["boxes": [1, 80, 4], "scores": [1, 80, 2], "abnormality": [1]])
        let queries = try Model(Recorded.small) { $0.readout = .queries }
        #expect(queries.values(12) == ["boxes": [1, 7, 4], "scores": [1, 7, 2], "abnormality": [1]])
        let shipped = try Model(Self.shipped)
        #expect(shipped.values(11) == ["image": [1, 1, 384, 384]])
        #expect(shipped.values(12) == ["boxes": [1, 3024, 4], "scores": [1, 3024, 3], "abnormality": [1]])
    }

    @Test(arguments: DetectorConfiguration.Readout.allCases, [Recorded.small, shipped])
    func everyInputIsThereBeforeItIsUsed(readout: DetectorConfiguration.Readout, folder: String) throws {
        let model = try Model(folder) { $0.readout = readout }
        var known = Set(model.values(11).keys)
        for initializer in model.initializers {
            let (name, shape) = (initializer.text(8), initializer.integers(1))
            #expect(known.insert(name).inserted, "\(name)")
            let raw = initializer.bytes(9)[0]
            let isFloat = initializer.integers(2) == [1]
            #expect(raw.count == shape.reduce(isFloat ? 4 : 8, *), "\(name)")
            guard isFloat else { continue }
            let isFinite = raw.withUnsafeBytes { $0.bindMemory(to: Float.self).allSatisfy { $0.isFinite } }
            #expect(isFinite, "\(name)")
        }
        var used: Set<String> = []
        for node in model.nodes {
            #expect(!node.text(3).isEmpty && !node.text(4).isEmpty)
            for input in node.texts(1) { #expect(known.contains(input), "\(node.text(3)) needs \(input)") }
            used.formUnion(node.texts(1))
            for output in node.texts(2) { #expect(known.insert(output).inserted, "\(output)") }
        }
        #expect(Set(model.values(12).keys).isSubset(of: known))
        #expect(used.isSuperset(of: model.initializers.map { $0.text(8) }))
    }

    /// Every tensor of the network but those of parts that are not read out.
    @Test func weightsAreThoseOfTheNetwork() throws {
        var file = try WeightFile(path: Recorded.small + "/weights.safetensors")
        let names = Set(file.names)
        let model = try Model(Recorded.small)
        let written = Set(model.initializers.map { $0.text(8) })
        #expect(names.subtracting(written).allSatisfy { $0.hasPrefix("queries.") })
        let qkv = try #require(model.initializers.first { $0.text(8) == "stage2.blocks.1.qkv.weight" })
        let expected = try file.take("stage2.blocks.1.qkv.weight")
        #expect(qkv.integers(1) == expected.shape.extents)
        #expect(qkv.bytes(9)[0] == expected.elements.withUnsafeBytes { Array($0) })
        let queries = try Model(Recorded.small) { $0.readout = .queries }
        #expect(Set(queries.initializers.map { $0.text(8) }).isSuperset(of: names))
    }

    @Test func twiceTheSameBytes() throws {
        let first = try Model(Self.shipped)
        #expect(try Model(Self.shipped).bytes == first.bytes)
        #expect(try Model(Self.shipped) { $0.recommendedThreshold = 0.25 }.bytes != first.bytes)
    }

    /// Commas keep the names apart in the metadata.
    @Test func classesWithCommasAreRefused() throws {
        let error = #expect(throws: NetworkError.self) {
            try Model(Recorded.small) { $0.classes = ["mass, benign", "other"] }
        }
        #expect(error?.description.contains("\"mass, benign\"") == true, "\(String(describing: error))")
    }

    @Test func metadataSayWhatACallerNeeds() throws {
        let shipped = try Model(Self.shipped).metadata
        #expect(shipped["name"] == "brain-mri-tumour" && shipped["classes"] == "glioma,meningioma,pituitary")
        #expect(shipped["recommendedThreshold"] == "0.388" && shipped["suppressionIoU"] == "0.55")
        #expect(shipped["sha256"] == "abc" && shipped["notice"] == "Research software. Not for clinical use.")
        #expect(try Model(Recorded.small) { $0.readout = .queries }.metadata["suppressionIoU"] == "none")
    }

    @Test func aMissingTensorIsNamed() throws {
        #expect(
            throws: NetworkError.tensors(
                .weights(path: "parameters", tensor: "stage2.blocks.1.qkv.bias", .missing))
        ) { try Model(Recorded.small, weights: { $0["stage2.blocks.1.qkv.bias"] = nil }) }
    }
}
