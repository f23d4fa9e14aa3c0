import Transforms
import Volumes

#if canImport(Glibc)
    import Glibc
#endif

extension AugmentationPlan {
    /// Makes the image: lesion, intensities, geometry, blur and noise, in this order.
    ///
    /// - Returns: `size * size` in [0, 1], row by row.
    package func image(from images: [TrainingImage]) throws(TrainingError) -> [Float] {
        let source = images[image]
        var pixels = source.floats
        if let pasting { pasting.paste(images[pasting.donor], into: &pixels, size: source.size) }
        var volume = Volume(
            voxels: pixels, shape: Shape(depth: 1, height: source.size, width: source.size),
            geometry: Geometry(spacing: .one, isPhysical: false))
        do throws(TransformError) {
            try changeIntensities(&volume)
            if isFlippedAcross { volume = volume.flipped(.x) }
            if isFlippedDown { volume = volume.flipped(.y) }
            volume.geometry = Geometry(spacing: .one, isPhysical: false)
            if !warp.isIdentity { volume = try volume.warped(by: warp) }
            if blur > 0 { try volume.blur(sigma: [blur, blur, 0], truncate: 2 / blur) }
            if noise > 0 { try volume.addNoise(deviation: noise, field: random.field(1)) }
        } catch { throw .data(reason: "\(source.name): \(error)") }
        return volume.voxels.map { min(max($0, 0), 1) }
    }

    private func changeIntensities(_ volume: inout Volume) throws(TransformError) {
        switch curve {
        case .none: break
        case .power(let exponent): _ = try volume.applyGamma(exponent)
        case .knots(let x, let y):
            volume.withMutableVoxels { voxels in
                for index in voxels.indices { voxels[index] = between(x, y, at: voxels[index]) }
            }
        }
        guard contrast != 1 || brightness != 0 else { return }
        let mean = Float(try volume.mean())
        let (contrast, brightness) = (contrast, brightness)
        volume.withMutableVoxels { voxels in
            for index in voxels.indices {
                voxels[index] = min(max((voxels[index] - mean) * contrast + mean + brightness, 0), 1)
            }
        }
    }

    /// A straight line between the neighbouring knots.
    private func between(_ x: [Float], _ y: [Float], at value: Float) -> Float {
        let next = min(max(x.firstIndex { $0 > value } ?? x.count - 1, 1), x.count - 1)
        let part = (value - x[next - 1]) / (x[next] - x[next - 1])
        return y[next - 1] + (y[next] - y[next - 1]) * min(max(part, 0), 1)
    }
}

extension AugmentationPlan.Pasting {
    fileprivate func paste(_ donor: TrainingImage, into pixels: inout [Float], size: Int) {
        let (width, height) = (Float(columns.count), Float(rows.count))
        for (y, row) in rows.enumerated() {
            for (x, column) in columns.enumerated() {
                let across = (Float(x) - (width - 1) / 2) / ((box.x1 - box.x0) / 2)
                let down = (Float(y) - (height - 1) / 2) / ((box.y1 - box.y0) / 2)
                let opacity = min(max((1.15 - (across * across + down * down).squareRoot()) / 0.25, 0), 1)
                let place = (top + y) * size + left + x
                let lesion = min(Float(donor.pixels[row * size + column]) / 255 * gain, 1)
                pixels[place] += opacity * (lesion - pixels[place])
            }
        }
    }
}
