import PNG
import Pipelines
import Volumes

/// A PNG of 8 bits for each slice: three channels of colour in one, others one by one.
/// - Parameter volume: intensities in [0, 1]; what lies outside is clipped.
func pictures(of volume: Volume) throws(PNGError) -> [OutputFile] {
    let shape = volume.shape
    let isColor = volume.attributes.channelAxis == .color && shape.channels == 3
    var files: [OutputFile] = []
    for channel in 0..<(isColor ? 1 : shape.channels) {
        for slice in 0..<shape.depth {
            let planes = (isColor ? [0, 1, 2] : [channel]).map { volume.slice(slice, channel: $0).map(byte) }
            let bytes = isColor ? planes[0].indices.flatMap { index in planes.map { $0[index] } } : planes[0]
            var suffix = shape.depth == 1 ? "" : ".slice-\(slice + 1)"
            if !isColor && shape.channels > 1 { suffix = ".channel-\(channel + 1)" + suffix }
            files.append(
                OutputFile(
                    suffix: suffix + ".png",
                    bytes: try PNGFile.encode(
                        width: shape.width, height: shape.height, channels: planes.count, bytes: bytes)))
        }
    }
    return files
}

/// NaN, which no comparison holds for, is black.
private func byte(_ value: Float) -> UInt8 { value >= 1 ? 255 : value > 0 ? UInt8((value * 255).rounded()) : 0 }

extension Volume {
    /// "17 %" of the voxels are so far outside of [0, 1] that pictures do not show them; nil where none is.
    ///
    /// In whole numbers, so that variants that differ a little say the same.
    var shareClippedInPictures: String? {
        let range = Float(-0.5 / 255)...Float(255.5 / 255)
        let voxels = voxels
        let count = voxels.count { !range.contains($0) }
        let percent = (100 * Double(count) / Double(voxels.count)).rounded()
        return count == 0 ? nil : percent < 1 ? "less than 1 %" : "\(Int(percent)) %"
    }
}
