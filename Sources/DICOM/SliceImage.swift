public import Volumes

/// The image, or the frame of one, that a slice of a volume is.
public struct SliceImage: Sendable {
    public var header: DICOMHeader
    /// From 0.
    public var frame: Int
    /// LPS mm of the centre of its first pixel, where it says.
    public var position: SIMD3<Double>? { header.position(ofFrame: frame) }
    /// Stored value to output unit; nil where the header tells none, or a table.
    public var rescale: Rescale?
}

extension SeriesReader {
    /// The images that the slices of `read` are, of the first channel.
    ///
    /// - Returns: nil where slices are no images of the series: interpolated ones, and tiles of a mosaic.
    public static func images(
        of series: Series, options: SeriesOptions = SeriesOptions()
    ) throws(DICOMError) -> [SliceImage]? {
        let layout = try VolumeLayout(series, options: options)
        guard layout.finishing.mosaic == nil, layout.finishing.regrid == nil else { return nil }
        let rescales = layout.finishing.rescales.isEmpty ? layout.rescales : layout.finishing.rescales
        return layout.slices.prefix(layout.shape.depth).enumerated().map { place, slice in
            SliceImage(
                header: series.headers[slice.file], frame: slice.frame,
                rescale: rescales.count > 1 ? rescales[place] : rescales.first)
        }
    }
}
