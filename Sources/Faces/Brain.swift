/// The brain of an aligned head by intensity and shape, without a network: what looks like the brain's core, cut free of
/// thin bridges, held to the neighbourhood of the average brain.
enum Brain {
    /// - Parameters:
    ///   - values: on `HeadGrid`, HU for CT, NaN outside the image.
    ///   - air: values up to this are air.
    static func mask(_ values: [Float], _ contrast: Contrast, air: Float, head: Region, visible: Region) -> Region {
        let average = HeadGrid.templateBrain
        let core = average.eroded(by: 10).intersection(visible)
        let reach = average.dilated(by: 14)
        var even = values
        let range: ClosedRange<Float>
        switch contrast {
        case .ct:
            // Fat ends below -20 HU; fresh blood reaches 90; bone begins above 120 even where it shares voxels.
            range = -15...110
        case .mr:
            even = CoilField.removed(from: values, in: average.eroded(by: 6).intersection(visible), floor: air)
            guard let found = tissue(even, in: core) else { return core }
            range = found
        }
        let candidates = HeadGrid.marked(even, range.lowerBound, range.upperBound).intersection(head)
        // Bridges to other tissue (vessels, nerves, dura, marrow) are of unknown width: the erosion that leads to the
        // best agreement with the average brain, or the first that agrees well.
        var best = (overlap: -1.0, mask: core)
        for erosion in [3.0, 4.5, 6, 7.5] {
            let body = candidates.eroded(by: erosion).part(mostIn: core)
            // Grown back, with ventricles and sulci, which may be darker or brighter than tissue.
            let grown = body.dilated(by: erosion + 1).intersection(candidates).dilated(by: 6).eroded(by: 6).filled
            let mask = grown.intersection(reach).intersection(visible)
            let overlap = mask.overlap(with: average.intersection(visible))
            if overlap > best.overlap { best = (overlap, mask) }
            if overlap > 0.93 { break }
        }
        return best.mask
    }

    /// The range of the brain's intensities, whatever the weighting.
    private static func tissue(_ values: [Float], in core: Region) -> ClosedRange<Float>? {
        let inside = core.sorted(values)
        guard inside.count > 100 else { return nil }
        func percentile(_ percent: Int) -> Float { inside[(inside.count - 1) * percent / 100] }
        let (low, high) = (percentile(10), percentile(95))
        return low * 0.7...high + (high - low) * 0.3
    }
}
