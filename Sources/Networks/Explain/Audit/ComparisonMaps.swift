import Tensors

#if canImport(Glibc)
    import Glibc
#endif

/// Maps that explain nothing, or cost nothing: what an explanation must beat to be worth its name.
extension HeatmapGrid {
    /// Noise, the same for the same seed.
    public static func random(side: Int, seed: UInt64) -> HeatmapGrid {
        var numbers = SplitMix64(state: seed)
        return HeatmapGrid(
            height: side, width: side, raw: (0..<side * side).map { _ in Float.random(in: 0..<1, using: &numbers) })
    }

    /// A Gaussian in the middle of the image, its standard deviation a quarter of the side: photographers and radiographers
    /// put what matters there.
    public static func centredBlob(side: Int) -> HeatmapGrid {
        let raw = (0..<side * side).map { (index: Int) -> Float in
            let x = (Float(index % side) + 0.5) / Float(side) - 0.5
            let y = (Float(index / side) + 0.5) / Float(side) - 0.5
            return exp(-(x * x + y * y) / (2 * 0.0625))
        }
        return HeatmapGrid(height: side, width: side, raw: raw)
    }
}

extension Detector {
    /// The dense head's own scores: in each cell of stride 8 the greatest class probability there, of the cells of any
    /// stride. It needs no gradient, and says where the network *sees* something rather than why.
    public func objectness(_ image: [Float]) throws(NetworkError) -> HeatmapGrid {
        try check(image)
        let logits = try networkErrors { () throws(TensorError) in
            try network.forward(image, readout: .dense).proposals.logits.value
        }
        let side = configuration.inputSize / 8
        let scores = cellScores(logits, of: 0..<logits.shape[2], side: side)
        return HeatmapGrid(height: side, width: side, raw: scores)
    }
}
