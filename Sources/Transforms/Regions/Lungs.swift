import Volumes

extension Volume {
    /// Air inside the body: connected parts of values up to -500 HU that do not reach the border of the slices, lie in the
    /// body's filled outline, have at least 30 mL, and a mean of inflated lung, -950 to -500 HU. Bowel gas, hollow tables
    /// and airways alone are nearer to -1000. Slices at the ends may cut through lungs.
    ///
    /// A region to crop or to look at, no segmentation of lungs: vessels, consolidations and nodules at the pleura are
    /// outside it.
    func lungs() throws(TransformError) -> FoundRegion {
        guard modality == .ct else {
            throw TransformError(.invalidOption, "lungs are found by HU, and the image is \(modality), not CT")
        }
        guard geometry.isPhysical else {
            throw TransformError(.missingInformation, "lungs are found by their size, and voxels have none in mm")
        }
        let tissue = try mask(within: Float(-500).nextUp ... .infinity)
        let body = tissue.largestPart().filled(inSlices: true)
        let air = Components(tissue, .faces, ofBackground: true)
        let (touches, inside) = (air.touchesBorder(along: [.x, .y]), air.overlaps(with: body))
        let means = air.means(of: firstChannel)
        let steps = geometry.steps
        let voxel = abs(steps[0].dot(steps[1].cross(steps[2]))) / 1000
        let found = air.mask { part in
            !touches[part] && 2 * inside[part] > air.sizes[part] && Double(air.sizes[part]) * voxel >= 30
                && (-950 ... -500).contains(means[part])
        }
        let volume = found.milliliters ?? 0
        guard volume > 0 else {
            return FoundRegion(
                mask: found,
                doubt: "no lungs found: no air in the body of at least 30 mL with a mean of -950 to -500 HU")
        }
        return FoundRegion(mask: found, doubt: nil)
    }
}
