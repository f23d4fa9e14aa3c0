/// Weights by which samples along one axis depend on the control points of a uniform cubic B-spline, four each.
struct SplineAxis: Sendable {
    /// Control points: three more than spans.
    let controls: Int
    /// First control point of each sample.
    let first: [Int32]
    /// Four for each sample.
    let weights: [Float]

    var count: Int { first.count }

    /// - Parameters:
    ///   - places: of the samples, in [0, 1] from one end of the spline to the other.
    ///   - spans: pieces of the spline; at least 1.
    init(places: [Double], spans: Int) {
        controls = spans + 3
        var (first, weights): ([Int32], [Float]) = ([], [])
        for place in places {
            let position = min(max(place, 0), 1) * Double(spans)
            let span = min(Int(position), spans - 1)
            let t = position - Double(span)
            first.append(Int32(span))
            weights += [
                Float((1 - t) * (1 - t) * (1 - t) / 6), Float((3 * t * t * t - 6 * t * t + 4) / 6),
                Float((-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6), Float(t * t * t / 6),
            ]
        }
        (self.first, self.weights) = (first, weights)
    }

    /// Samples evenly from end to end.
    init(samples: Int, spans: Int) {
        self.init(places: (0..<samples).map { samples > 1 ? Double($0) / Double(samples - 1) : 0 }, spans: spans)
    }

    private init(controls: Int, first: [Int32], weights: [Float]) {
        (self.controls, self.first, self.weights) = (controls, first, weights)
    }

    /// The same with other weights.
    /// - Parameter change: from the four weights of a sample.
    func mapWeights(_ change: (ArraySlice<Float>) -> [Float]) -> SplineAxis {
        SplineAxis(
            controls: controls, first: first,
            weights: (0..<count).flatMap { change(weights[4 * $0..<4 * $0 + 4]) })
    }

    /// Control points of the same curve with twice as many spans, as samples of these control points (Lane and
    /// Riesenfeld, 1980): `(c[j] + c[j+1]) / 2` and `(c[j] + 6 c[j+1] + c[j+2]) / 8` in turn.
    static func refinement(controls: Int) -> SplineAxis {
        let spans = controls - 3
        var (first, weights): ([Int32], [Float]) = ([], [])
        for index in 0..<2 * spans + 3 {
            let (half, isOdd) = (index / 2, index % 2 == 1)
            let start = min(half, spans - 1)
            var four: [Float] = [0, 0, 0, 0]
            for (offset, weight) in zip(0..., isOdd ? [0.125, 0.75, 0.125] : [Float(0.5), 0.5]) {
                four[half - start + offset] = weight
            }
            first.append(Int32(start))
            weights += four
        }
        return SplineAxis(controls: controls, first: first, weights: weights)
    }
}
