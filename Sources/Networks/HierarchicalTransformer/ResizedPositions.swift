package import Tensors

/// The weights of a network for images of another size: its learned positions are resized, as they are within the network when
/// it sees such an image; all else stays.
///
/// - Parameters:
///   - size: side of the images that the weights are for.
///   - other: side of the images that the result is for.
package func resizedPositions(
    _ weights: [String: Tensor], from size: Int, to other: Int
) throws(TensorError) -> [String: Tensor] {
    guard size != other else { return weights }
    var result = weights
    for (name, position) in weights where name.hasSuffix(".position") && position.shape.rank == 3 {
        result[name] =
            try resizeBicubic(
                Variable(position), height: position.shape[0] * other / size, width: position.shape[1] * other / size
            ).value
    }
    return result
}
