import Foundation
import TestSupport
import Testing

@testable import Tensors

struct SafetensorsTests {
    private func file(_ header: String, payload: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
            + [UInt8](repeating: 0, count: payload)
    }

    private func fault(_ bytes: [UInt8]) -> (tensor: String?, fault: WeightFault)? {
        do {
            _ = try WeightFile(bytes: bytes, path: "w")
            return nil
        } catch {
            guard case .weights(_, let tensor, let fault) = error else { return nil }
            return (tensor, fault)
        }
    }

    @Test func whatIsWrittenIsRead() throws {
        let tensors = [
            "b": try Tensor([1, 2, 3, 4, 5, 6], [2, 3]), "a": try Tensor([7], []), "e": Tensor.zeros([0, 4]),
        ]
        let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).safetensors"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try writeSafetensors(tensors, metadata: ["of \"note\"": "line\nbreak"], to: path)
        var file = try WeightFile(path: path)
        #expect(file.names == ["a", "b", "e"])
        #expect(file.parameterCount == 7)
        #expect(try file.take("b", [2, 3]).elements == [1, 2, 3, 4, 5, 6])
        #expect(try file.take("a", []).elements == [7])
        #expect(throws: TensorError.weights(path: path, tensor: "a", .missing)) { try file.take("a", []) }
        #expect(throws: TensorError.weights(path: path, tensor: "e", .unexpected)) { try file.finish() }
        #expect(throws: TensorError.weights(path: path, tensor: "e", .wrongShape(expected: [4], found: [0, 4]))) {
            try file.take("e", [4])
        }
    }

    @Test func everyFaultIsNamed() throws {
        let one = #""a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#
        #expect(fault(file("{\(one)}", payload: 8)) == nil)
        #expect(fault([1, 2])?.fault == .truncated(needed: 8, found: 2))
        #expect(fault(file("{\(one)}", payload: 4))?.fault == .rangeOutside(begin: 0, end: 8, available: 4))
        #expect(fault(file("{\(one)}", payload: 4))?.tensor == "a")
        #expect(fault(file("{\(one)}", payload: 12))?.fault == .rangesNotContiguous(expected: 8, found: 12))
        let overlapping = #"{\#(one),"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#
        #expect(fault(file(overlapping, payload: 8))?.tensor == "b")
        #expect(fault(file(overlapping, payload: 8))?.fault == .rangesNotContiguous(expected: 8, found: 4))
        let half = #"{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#
        #expect(fault(file(half, payload: 4))?.fault == .unsupportedType("F16"))
        let misfit = #"{"m":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#
        #expect(fault(file(misfit, payload: 8))?.fault == .rangeDoesNotFitShape(bytes: 8, shape: [3]))
        let huge = #"{"m":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#
        #expect(fault(file(huge, payload: 8))?.tensor == "m")
        #expect(fault([UInt8](repeating: 255, count: 16))?.fault == .headerTooLarge(bytes: .max, limit: 100_000_000))
        var nan = file("{\(one)}", payload: 8)
        nan.replaceSubrange((nan.count - 4)..., with: withUnsafeBytes(of: Float.nan) { Array($0) })
        #expect(fault(nan)?.fault == .notFinite(index: 1))
        #expect(throws: TensorError.self) { try WeightFile(path: "/does/not/exist") }
    }

    /// Whatever happens to a file, reading it ends in a value or an error, and never outside its bytes.
    @Test func mutatedFilesNeverCrash() throws {
        let whole = safetensorsBytes([
            "first.weight": try Tensor([1, 2, 3, 4], [2, 2]), "second": try Tensor([5, 6], [2]),
        ])
        var numbers = SeededGenerator(seed: 21)
        let digits = Array("0123456789-\"[]{},:eF".utf8)
        for _ in 0..<3000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                let place = Int.random(in: 0..<bytes.count, using: &numbers)
                switch Int.random(in: 0..<4, using: &numbers) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
                case 1: bytes[place] = digits.randomElement(using: &numbers)!
                case 2: bytes.remove(at: place)
                default: bytes = Array(bytes[...place])
                }
                if bytes.isEmpty { break }
            }
            if let file = try? WeightFile(bytes: bytes, path: "fuzz") {
                #expect(file.parameterCount <= bytes.count / 4)
            }
        }
    }
}
