import Parallel
import Tensors
import Testing

@testable import Networks

struct InferenceTests {
    private func image() throws -> [Float] {
        try Recorded(Recorded.small + "/expected.safetensors").elements("image")
    }

    /// How far outputs may lie from float32's, as a part of the greatest. Kernels that this processor lacks are plain C.
    @Test(arguments: [(Precision.bfloat16, Float(0.03)), (.int8, 0.08)])
    func shortNumbersStayClose(precision: Precision, tolerance: Float) throws {
        let image = try image()
        let exact = try Detector(directory: Recorded.small, backend: Backend(.float32)).cells(image).elements
        let short = try Detector(directory: Recorded.small, backend: Backend(precision)).cells(image).elements
        expectClose(short, exact, tolerance: tolerance * exact.map(abs).max()!)
        #expect(short != exact)
    }

    /// Ten runs, on one thread to four: one result, bit by bit, and one list of detections.
    @Test(arguments: Precision.allCases)
    func tenRunsGiveOneResult(precision: Precision) throws {
        let image = try image()
        let detector = try Detector(directory: Recorded.small, backend: Backend(precision))
        let cells = try detector.cells(image).elements
        let detections = try detector.detect(image, threshold: 0)
        for run in 0..<10 {
            let workers = Workers(count: 1 + run % 4)
            #expect(try detector.cells(image, workers: workers).elements == cells)
            #expect(try detector.detect(image, threshold: 0, workers: workers) == detections)
        }
    }

    /// Queries keep their seeds where the tape goes on from a plan of shorter numbers: each map explains its own query.
    @Test func explanationsFollowThePlan() throws {
        var configuration = try Detector(directory: Recorded.small).configuration
        configuration.readout = .queries
        let file = try WeightFile(path: Recorded.small + "/weights.safetensors")
        let detector = try Detector(
            configuration: configuration, network: DetectorNetwork(file, configuration), backend: Backend(.bfloat16))
        let image = try image()
        let detections = try detector.detect(image, threshold: 0)
        for method in ExplanationMethod.allCases {
            #expect(
                try detector.explain(image, detections: detections, method: method).count == detections.boxes.count)
        }
    }

    @Test func visionTransformerAgreesWithTheTape() throws {
        let c = VisionTransformer.Configuration(inputSize: 32, patch: 8, channels: 12, blocks: 2, heads: 3, ratio: 2)
        var state: Float = 0.3
        var tensors: [String: Tensor] = [:]
        for (name, shape) in VisionTransformer.parameters(c) {
            tensors[name] = Tensor(shape) { out in
                for index in out.indices {
                    state = (state * 97 + 0.123).truncatingRemainder(dividingBy: 1)
                    out[index] = state - 0.5
                }
            }
        }
        func file(_ tensors: [String: Tensor]) throws -> WeightFile {
            try WeightFile(bytes: safetensorsBytes(tensors), path: "test")
        }
        let network = try VisionTransformer(file(tensors), c)
        let image = (0..<1024).map { Float($0 % 37) / 37 }
        let found = try VisionTransformer.tokens(network.plan(Backend(.float32)), image, configuration: c)
        let embedded = try network.embedding(Variable(Tensor(image, [1, 32, 32, 1])))
        var x = try reshape(add(embedded, network.position), [1, 16, 12])
        for block in network.blocks { x = try block(x) }
        let expected = try network.norm(x).value.elements
        expectClose(found.elements, expected, tolerance: 2e-5)

        var missing = tensors
        missing["blocks.1.fc1.bias"] = nil
        #expect(
            throws: NetworkError.tensors(.weights(path: "test", tensor: "blocks.1.fc1.bias", .missing))
        ) { try VisionTransformer(file(missing), c) }
        var small = c
        small.inputSize = 7
        #expect(throws: NetworkError.imageSize(expected: 64, found: 49)) { try VisionTransformer(file(tensors), small) }
        let plan = try network.plan(Backend(.float32))
        #expect(throws: NetworkError.imageSize(expected: 1024, found: 5)) {
            try VisionTransformer.tokens(plan, [0, 0, 0, 0, 0], configuration: c)
        }
    }
}
