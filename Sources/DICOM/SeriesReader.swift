public import Parallel
public import Volumes

/// DICOM files into volumes: `group` headers first, then `read` each series.
public enum SeriesReader {
    /// Size and place of the volume that `read` would make, from headers alone.
    public static func layout(
        _ series: Series, options: SeriesOptions = SeriesOptions()
    ) throws(DICOMError) -> (shape: Shape, geometry: Geometry, warnings: [ReadWarning]) {
        let layout = try VolumeLayout(series, options: options)
        return (layout.finishedShape, layout.geometry, layout.warnings)
    }

    /// Reads a series into one volume of stored values, `attributes.rescales` unapplied unless values with different
    /// rescales had to be mixed.
    ///
    /// Slices ascend along row x column of Image Orientation (Patient), so that the axes are right-handed. Colour gives
    /// channels red, green, blue; points in time and diffusion weightings give one channel each
    /// (`attributes.channelAxis`). Memory is the volume and, for each worker, one frame.
    public static func read(
        _ series: Series, options: SeriesOptions = SeriesOptions(), workers: Workers = .single
    ) throws(DICOMError) -> (Volume, [ReadWarning]) {
        let layout = try VolumeLayout(series, options: options)
        try checkCopies(series)
        var warnings = layout.warnings
        let voxels = try VoxelReader(series, layout).read(workers)
        // 32-bit floats are what voxels are, too; NaN and infinity stay what they are.
        if series.headers[0].bitsStored > 24, series.headers[0].pixelElement != .floats,
            voxels.floats.contains(where: { abs($0) >= 16_777_216 && $0.isFinite })
        {
            warnings.append(ReadWarning(.precisionLost, "values above 2^24 are rounded to 24 bits"))
        }
        let volume = Volume(
            storage: voxels, shape: layout.shape, geometry: layout.geometry, modality: series.modality,
            attributes: attributes(series, layout))
        guard !layout.finishing.isEmpty else { return (volume, warnings) }
        return (layout.finishing.apply(volume, geometry: layout.geometry), warnings)
    }

    static func attributes(_ series: Series, _ layout: VolumeLayout) -> Attributes {
        let slices = layout.slices
        // Windows differ from slice to slice in MR; the middle one shows most of the patient.
        let middle = series.headers[slices[slices.count / 2].file]
        var result = Attributes()
        result.rescales = layout.rescales
        result.modalityLUT = middle.modalityLUT
        if !layout.hasVaryingRealWorldValues { result.realWorldValues = middle.realWorldValues }
        result.unit = middle.unit
        (result.windows, result.voiLUTs) = (middle.windows, middle.voiLUTs)
        result.hasVaryingWindows = slices.contains { slice in
            let header = series.headers[slice.file]
            return header.windows != middle.windows || header.voiLUTs != middle.voiLUTs
        }
        // Slices may need different numbers of bits.
        result.bitsStored = series.headers.compactMap(\.outputBits).max()
        result.isSigned = series.headers.contains(where: \.isSigned)
        result.polarity = middle.photometricInterpretation == "MONOCHROME1" ? .brightIsLow : .brightIsHigh
        result.padding = middle.paddingRange
        result.seriesNumber = series.seriesNumber
        result.channelAxis = series.channelAxis
        result.sliceSources = slices.map { slice in
            let header = series.headers[slice.file]
            return SliceSource(
                sopInstanceUID: header.sopInstanceUID, frame: header.frames > 1 ? slice.frame + 1 : nil)
        }
        return result
    }
}
