import Testing

@testable import Tensors

struct TensorTests {
    @Test func copiesShareMemoryUntilWritten() throws {
        let a = try Tensor([1, 2, 3, 4, 5, 6], [2, 3])
        var b = a
        b.withUnsafeMutableElements { $0[0] = 9 }
        #expect(a[0, 0] == 1)
        #expect(b[0, 0] == 9)
        #expect(a[1, 2] == 6)
    }

    @Test func memoryIsAlignedForVectors() {
        Tensor.zeros([3]).withUnsafeElements { #expect(Int(bitPattern: $0.baseAddress!) % 64 == 0) }
    }

    @Test func wrongCountsAreErrors() {
        #expect(throws: TensorError.self) { try Tensor([1, 2], [3]) }
        #expect(throws: TensorError.self) { try Tensor.zeros([4]).reshaped([5]) }
        #expect(throws: TensorError.self) { try Tensor.zeros([2, 3]).permuted([0, 0]) }
    }

    @Test func emptyTensorsAreTensors() throws {
        let empty = try Tensor([], [0, 3])
        #expect(try empty.permuted([1, 0]).shape == [3, 0])
        #expect(empty.elements.isEmpty)
    }

    @Test func permutingMovesElements() throws {
        let x = try Tensor((0..<24).map { Float($0) }, [2, 3, 4])
        let y = try x.permuted([2, 0, 1])
        #expect(y.shape == [4, 2, 3])
        for i in 0..<2 { for j in 0..<3 { for k in 0..<4 { #expect(y[k, i, j] == x[i, j, k]) } } }
    }
}
