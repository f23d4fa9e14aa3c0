import TestSupport
import Testing

@testable import Tensors

struct StoredTypeTests {
    private func fault(_ tensors: [String: Tensor], types: [String: StoredType]) -> TensorError? {
        do {
            _ = try WeightFile(bytes: safetensorsBytes(tensors, types: types), path: "f")
            return nil
        } catch { return error }
    }

    @Test func shortTensorsComeBackRounded() throws {
        var numbers = SeededGenerator(seed: 1)
        let tensor = numbers.tensor([5, 7])
        var file = try WeightFile(
            bytes: safetensorsBytes(
                ["a": tensor, "b": tensor, "c": tensor], types: ["a": .bfloat16, "b": .int8]), path: "f")
        #expect(file.names == ["a", "b", "c"])
        #expect(try file.take("c").elements == tensor.elements)
        #expect(try file.take("a").elements == tensor.elements.map(Reference.bfloat16))
        let bytes = try file.take("b").elements
        for row in 0..<5 {
            let (values, scale) = Reference.bytes(Array(tensor.elements[row * 7..<row * 7 + 7]))
            #expect(Array(bytes[row * 7..<row * 7 + 7]) == values.map { $0 * scale })
        }
    }

    /// What was stored as bytes is packed as the same bytes: quantising twice changes nothing.
    @Test func bytesAreStable() throws {
        var numbers = SeededGenerator(seed: 2)
        let tensor = numbers.tensor([6, 40])
        func stored(_ tensor: Tensor) throws -> Tensor {
            var file = try WeightFile(bytes: safetensorsBytes(["w": tensor], types: ["w": .int8]), path: "f")
            return try file.take("w")
        }
        let once = try stored(tensor)
        expectClose(try stored(once).elements, once.elements, tolerance: 1e-7)
    }

    /// 127 over the greatest value of the row would be infinite.
    @Test func rowsOfTinyValuesAreZero() throws {
        let tensor = Tensor([2, 2]) { _ = $0.initialize(from: [1e-38, 0, 1, -0.5]) }
        var file = try WeightFile(bytes: safetensorsBytes(["w": tensor], types: ["w": .int8]), path: "f")
        let found = try file.take("w").elements
        #expect(found.prefix(2) == [0, 0] && found[2] == 1)
    }

    @Test func scalesAreNeededAndOfTheirShape() {
        let header = #"{"w":{"dtype":"I8","shape":[2],"data_offsets":[0,2]}}"#
        var bytes = [UInt8](repeating: 0, count: 8)
        bytes[0] = UInt8(header.utf8.count)
        bytes += Array(header.utf8) + [1, 2]
        #expect(throws: TensorError.weights(path: "f", tensor: "w.scale", .missing)) {
            try WeightFile(bytes: bytes, path: "f")
        }
        let wrong =
            #"{"w":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},"w.scale":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#
        bytes = [UInt8](repeating: 0, count: 8)
        bytes[0] = UInt8(wrong.utf8.count)
        bytes += Array(wrong.utf8) + [1, 2, 0, 0, 0, 0]
        #expect(throws: TensorError.weights(path: "f", tensor: "w.scale", .wrongShape(expected: [2], found: [1]))) {
            try WeightFile(bytes: bytes, path: "f")
        }
        // Finite numbers whose product is not.
        bytes.replaceSubrange(0..., with: [UInt8](repeating: 0, count: 8))
        let large = wrong.replacing("[1],\"data_offsets\":[2,6]", with: "[2],\"data_offsets\":[2,10]")
        bytes[0] = UInt8(large.utf8.count)
        bytes += Array(large.utf8) + [1, 127] + [0, 0, 0, 0, 0xFF, 0xFF, 0x7F, 0x7F]
        #expect(throws: TensorError.weights(path: "f", tensor: "w", .notFinite(index: 1))) {
            try WeightFile(bytes: bytes, path: "f")
        }
        #expect(fault(["w": Tensor(repeating: .nan, [2, 2])], types: ["w": .bfloat16]) != nil)
    }
}
