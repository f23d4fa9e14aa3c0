import Volumes

extension VolumeLayout {
    /// Voxels of a volume at most: 4 GiB as Float32.
    static let voxelLimit = 1 << 30

    func checkSize(path: String) throws(DICOMError) {
        guard max(shape.count, finishedShape.count) <= Self.voxelLimit else {
            throw DICOMError(
                .tooLarge, path: path, "\(finishedShape) voxels are more than the limit of \(Self.voxelLimit)")
        }
    }

    /// Slices of one volume must agree in what their pixels mean.
    static func checkUniform(_ headers: [DICOMHeader]) throws(DICOMError) {
        let first = headers[0]
        for header in headers.dropFirst() {
            guard header.isSigned == first.isSigned,
                header.photometricInterpretation == first.photometricInterpretation,
                header.paddingRange == first.paddingRange, header.unit == first.unit,
                header.modality == first.modality
            else {
                throw DICOMError(
                    .unsupportedLayout, path: header.path,
                    "pixels of this file mean something else than those of the rest of its series "
                        + "(sign, photometric interpretation, padding or unit)")
            }
        }
    }
}

extension DICOMHeader {
    /// Samples as channels: gray is 1, colour is 3.
    func shape(depth: Int) -> Shape { Shape(channels: samplesPerPixel, depth: depth, height: rows, width: columns) }

    /// Refuses by name what cannot become voxels, before any pixel is touched.
    func checkReadable() throws(DICOMError) {
        if isDICOMDIR {
            throw DICOMError(.directory, path: path, "a DICOMDIR only lists files; give the files or their folder")
        }
        guard hasPixelData else { throw DICOMError(.noPixelData, path: path, "holds no image") }
        guard transferSyntax.isSupported else {
            let name = transferSyntax.name
            let label = name.hasPrefix("unknown") ? "\(name) \(transferSyntaxUID)" : name
            throw DICOMError(
                .unsupportedTransferSyntax, path: path,
                "\(label) is not read yet; convert the file, for instance with gdcmconv --raw")
        }
        // In floating point, because damaged headers hold numbers whose product overflows.
        let samples = Double(rows) * Double(columns) * Double(frames) * Double(samplesPerPixel)
        guard samples <= Double(VolumeLayout.voxelLimit) else {
            throw DICOMError(
                .tooLarge, path: path,
                "\(rows) x \(columns) x \(frames) frames are more than the limit of \(VolumeLayout.voxelLimit) samples")
        }
        if isUncountedMosaic {
            throw DICOMError(
                .unsupportedLayout, path: path,
                "a mosaic without the private elements that tell how many slices it holds; export it without mosaic")
        }
        if hasModalityLUT {
            throw DICOMError(.unsupportedPixels, path: path, "a Modality LUT Sequence (0028,3000) is not applied yet")
        }
        guard [8, 16, 32].contains(bitsAllocated) else {
            throw DICOMError(.unsupportedPixels, path: path, "Bits Allocated \(bitsAllocated) is not read yet")
        }
        guard bitsStored >= 1, bitsStored <= bitsAllocated, highBit >= bitsStored - 1, highBit < bitsAllocated else {
            throw DICOMError(
                .malformed, path: path,
                "Bits Stored \(bitsStored) and High Bit \(highBit) contradict Bits Allocated \(bitsAllocated)")
        }
        try checkColor()
    }

    private func checkColor() throws(DICOMError) {
        switch (samplesPerPixel, photometricInterpretation) {
        case (1, "MONOCHROME1"), (1, "MONOCHROME2"): return
        case (1, "PALETTE COLOR"):
            throw DICOMError(.unsupportedPixels, path: path, "PALETTE COLOR is not read yet")
        case (3, "RGB"): return
        case (3, "YBR_FULL"), (3, "YBR_FULL_422"):
            guard bitsAllocated == 8, bitsStored == 8, !isSigned else {
                throw DICOMError(
                    .unsupportedPixels, path: path,
                    "\(photometricInterpretation) with \(bitsAllocated) bits is not read yet")
            }
        default:
            // The interpretation is not repeated: a damaged file may hold anything there.
            throw DICOMError(
                .unsupportedPixels, path: path,
                "\(samplesPerPixel) samples per pixel with this Photometric Interpretation (0028,0004) are not read")
        }
    }
}

extension Orientation {
    /// Writers round cosines: lengths and the right angle may be off by 1 %, and are made exact here.
    func normalized(
        path: String
    ) throws(DICOMError) -> (row: SIMD3<Double>, column: SIMD3<Double>, normal: SIMD3<Double>) {
        guard abs(row.length - 1) < 0.01, abs(column.length - 1) < 0.01, abs(row.dot(column)) < 0.01 else {
            throw DICOMError(
                .missingGeometry, path: path,
                "Image Orientation (0020,0037) does not hold two perpendicular unit vectors")
        }
        let (row, column) = (row / row.length, column / column.length)
        let normal = row.cross(column)
        return (row, column, normal / normal.length)
    }

    /// The same within 1e-4, as for the key of a series.
    func isClose(to other: Orientation) -> Bool {
        (row - other.row).length <= 2e-4 && (column - other.column).length <= 2e-4
    }
}
