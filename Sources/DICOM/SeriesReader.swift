public import Volumes

/// DICOM files into volumes: `group` headers first, then `read` each series.
public enum SeriesReader {
    /// Size and place of the volume that `read` would make, from headers alone.
    public static func layout(
        _ series: Series
    ) throws(DICOMError) -> (shape: Shape, geometry: Geometry, warnings: [ReadWarning]) {
        let layout = try VolumeLayout(series)
        return (layout.shape, layout.geometry, layout.warnings)
    }

    /// Reads a series into one volume of stored values, `attributes.rescales` unapplied.
    ///
    /// Slices ascend along row x column of Image Orientation (Patient), so that the axes are right-handed. Files are
    /// read one after the other: memory is the volume and one frame. Colour gives channels red, green, blue.
    public static func read(_ series: Series) throws(DICOMError) -> (Volume, [ReadWarning]) {
        let layout = try VolumeLayout(series)
        var warnings = layout.warnings
        var failure: DICOMError?
        let shape = layout.shape
        let voxels = [Float](unsafeUninitializedCapacity: shape.count) { buffer, count in
            do throws(DICOMError) {
                try readVoxels(series, layout, into: buffer.baseAddress!)
                count = shape.count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        if series.headers[0].bitsStored > 24, voxels.contains(where: { abs($0) >= 16_777_216 }) {
            warnings.append(ReadWarning(.precisionLost, "values above 2^24 are rounded to 24 bits"))
        }
        let volume = Volume(
            voxels: voxels, shape: shape, geometry: layout.geometry, modality: series.modality,
            attributes: attributes(series, layout))
        return (volume, warnings)
    }

    /// Fills `[channels, depth, height, width]`; each file is opened once and closed before the next.
    private static func readVoxels(
        _ series: Series, _ layout: VolumeLayout, into voxels: UnsafeMutablePointer<Float>
    ) throws(DICOMError) {
        let shape = layout.shape
        var wanted: [Int: [(frame: Int, slice: Int)]] = [:]
        for (index, slice) in layout.slices.enumerated() {
            wanted[slice.file, default: []].append((slice.frame, index))
        }
        for (fileIndex, header) in series.headers.enumerated() {
            guard let frames = wanted[fileIndex]?.sorted(by: { $0.frame < $1.frame }) else { continue }
            let file = try OpenFile(path: header.path, headerOnly: false)
            guard try DICOMHeader(file: file, fileSize: header.fileSize).hasSamePixels(as: header) else {
                throw DICOMError(.malformed, path: header.path, "the file changed since its header was read")
            }
            var source = try FrameSource(file, header: header)
            for (frame, slice) in frames {
                let planes = (0..<shape.channels).map { channel in
                    voxels + (channel * shape.depth + slice) * shape.sliceCount
                }
                try source.read(frame, of: file, into: planes)
            }
        }
    }

    private static func attributes(_ series: Series, _ layout: VolumeLayout) -> Attributes {
        let slices = layout.slices
        // Windows differ from slice to slice in MR; the middle one shows most of the patient.
        let middle = series.headers[slices[slices.count / 2].file]
        var result = Attributes()
        result.rescales = layout.rescales
        result.modalityLUT = middle.modalityLUT
        if !layout.hasVaryingRealWorldValues { result.realWorldValues = middle.realWorldValues }
        result.unit = middle.unit
        result.windows = middle.windows
        result.bitsStored = middle.outputBits
        result.isSigned = middle.isSigned
        result.polarity = middle.photometricInterpretation == "MONOCHROME1" ? .brightIsLow : .brightIsHigh
        result.padding = middle.paddingRange
        result.seriesNumber = series.seriesNumber
        result.sliceSources = slices.map { slice in
            let header = series.headers[slice.file]
            return SliceSource(
                sopInstanceUID: header.sopInstanceUID, frame: header.frames > 1 ? slice.frame + 1 : nil)
        }
        return result
    }
}

extension DICOMHeader {
    /// Whether two readings of a file agree in all that decoding relies on.
    func hasSamePixels(as other: DICOMHeader) -> Bool {
        (rows, columns, frames, samplesPerPixel) == (other.rows, other.columns, other.frames, other.samplesPerPixel)
            && (bitsAllocated, bitsStored, highBit, isSigned)
                == (other.bitsAllocated, other.bitsStored, other.highBit, other.isSigned)
            && photometricInterpretation == other.photometricInterpretation
            && planarConfiguration == other.planarConfiguration && sopInstanceUID == other.sopInstanceUID
            && transferSyntax == other.transferSyntax && pixelElement == other.pixelElement
    }
}
