extension Attributes {
    /// The sources follow the slices onto another grid, in each run of them: channels such as time points have one each.
    ///
    /// - Parameters:
    ///   - slices: of each slice of the result, the slice behind it, or the nearest; nil for a slice that was added.
    ///   - depth: of the volume before.
    public mutating func takeSources(ofSlices slices: [Int?], from depth: Int) {
        guard slices != Array(0..<depth) else { return }
        let sources = sliceSources
        sliceSources = stride(from: 0, to: sources.count, by: max(depth, 1)).flatMap { start in
            slices.map { slice in
                guard let slice, sources.indices.contains(start + slice) else { return SliceSource.none }
                return sources[start + slice]
            }
        }
    }
}
