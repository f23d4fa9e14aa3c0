import Volumes

extension VolumeLayout {
    func checkSize(path: String) throws(DICOMError) {
        guard max(shape.count, finishedShape.count) <= ReadingLimits.voxels else {
            throw DICOMError(
                .tooLarge, path: path, "\(finishedShape) voxels are more than the limit of \(ReadingLimits.voxels)")
        }
    }

    /// Slices of one volume must agree in what their pixels mean.
    static func checkUniform(_ headers: [DICOMHeader]) throws(DICOMError) {
        let first = headers[0]
        let patients = Set(headers.map(\.patientKey)).subtracting([""])
        if patients.count > 1, let other = headers.first(where: { ![first.patientKey, ""].contains($0.patientKey) }) {
            throw DICOMError(
                .unsupportedLayout, path: other.path,
                "files of one series have \(patients.count) different Patient IDs (0010,0020); give each patient a series "
                    + "of their own")
        }
        for header in headers.dropFirst() {
            guard header.photometricInterpretation == first.photometricInterpretation,
                header.paddingRange == first.paddingRange, header.unit == first.unit,
                header.modalityLUT == first.modalityLUT, header.pixelElement == first.pixelElement,
                header.modality == first.modality
            else {
                throw DICOMError(
                    .unsupportedLayout, path: header.path,
                    "pixels of this file mean something else than those of the rest of its series "
                        + "(photometric interpretation, Modality LUT, padding or unit)")
            }
        }
    }

    /// Negative b-values, and those beyond any gradient system, are damage; volumes cannot be told apart by them.
    static func checkWeightings(_ series: Series) throws(DICOMError) {
        guard case .diffusion = series.channelAxis else { return }
        for plane in series.parts.joined() where !(0...1e6).contains(plane.moment.bValue ?? 0) {
            throw DICOMError(
                .malformed, path: series.headers[plane.file].path,
                "a diffusion b-value (0018,9087) is not within 0 to 1000000 s/mm2; export the series again")
        }
    }

    /// Even gaps do not show that every second slice is lost. Spacing Between Slices may be wrong, but seldom by the factor
    /// that instance numbers skip by.
    mutating func warnOfSkippedSlices(_ planes: [Plane], _ stack: SliceStack, _ series: Series) {
        guard series.parts.count == 1, let step = stack.step, stack.irregularity == nil,
            let stated = series.headers[planes[0].file].spacingBetweenSlices.map(abs), stated > 0
        else { return }
        let times = step.length / stated
        guard times < 1e6, times.rounded() >= 2, abs(times - times.rounded()) < 0.02 * times else { return }
        let numbers = planes.map { Double($0.order.x) }
        guard zip(numbers.dropFirst(), numbers).allSatisfy({ abs($0 - $1) == times.rounded() }) else { return }
        warnings.append(
            ReadWarning(
                .slicesSkipped,
                "slices lie \(Int(times.rounded())) times as far apart as Spacing Between Slices says, and their instance "
                    + "numbers skip alike: files may be missing"))
    }

    mutating func warnOfMissingRescales(_ planes: [Plane]) {
        let bare = planes.count { $0.rescale == nil }
        guard bare > 0, !rescales.isEmpty else { return }
        warnings.append(
            ReadWarning(
                .rescaleMissing,
                "\(bare) of \(planes.count) slices have no rescale slope: their values are taken as they are stored"))
    }
}

extension DICOMHeader {
    /// Samples as channels: gray is 1, colour is 3.
    func shape(depth: Int) -> Shape { Shape(channels: channels, depth: depth, height: rows, width: columns) }

    /// Refuses by name what cannot become voxels, before any pixel is touched.
    func checkReadable() throws(DICOMError) {
        if isDICOMDIR {
            throw DICOMError(.directory, path: path, "a DICOMDIR only lists files; give the files or their folder")
        }
        guard hasPixelData else { throw DICOMError(.noPixelData, path: path, "holds no image") }
        guard transferSyntax.isSupported else {
            let name = transferSyntax.name
            // What is no UID may be anything, a name too.
            let isUID = transferSyntaxUID.allSatisfy { $0.isNumber && $0.isASCII || $0 == "." }
            let label = name.hasPrefix("unknown") && isUID ? "\(name) \(transferSyntaxUID)" : name
            throw DICOMError(
                .unsupportedTransferSyntax, path: path,
                "\(label) is not read yet; have its archive export it in another transfer syntax, such as explicit little endian"
            )
        }
        // In floating point, because damaged headers hold numbers whose product overflows.
        let samples = Double(rows) * Double(columns) * Double(frames) * Double(channels)
        guard samples <= Double(ReadingLimits.voxels) else {
            throw DICOMError(
                .tooLarge, path: path,
                "\(rows) x \(columns) x \(frames) frames are more than the limit of \(ReadingLimits.voxels) samples")
        }
        if isUncountedMosaic {
            throw DICOMError(
                .unsupportedLayout, path: path,
                "a mosaic without the private elements that tell how many slices it holds; export it without mosaic")
        }
        if let bits = pixelElement.floatingBits {
            try checkFloats(bits: bits)
            return
        }
        guard [1, 8, 16, 32].contains(bitsAllocated) else {
            throw DICOMError(.unsupportedPixels, path: path, "Bits Allocated \(bitsAllocated) is not read")
        }
        guard bitsStored >= 1, bitsStored <= bitsAllocated, highBit >= bitsStored - 1, highBit < bitsAllocated else {
            throw DICOMError(
                .malformed, path: path,
                "Bits Stored \(bitsStored) and High Bit \(highBit) contradict Bits Allocated \(bitsAllocated)")
        }
        if bitsAllocated == 1 {
            guard samplesPerPixel == 1, !isSigned, [.native, .deflated, .deflatedFrame].contains(transferSyntax.family)
            else {
                throw DICOMError(
                    .unsupportedPixels, path: path, "Bits Allocated 1 in colour, signed or compressed is not read")
            }
        }
        try checkColor()
    }

    /// Float Pixel Data and Double Float Pixel Data are one gray sample, uncompressed (PS3.3 C.7.6.24, C.7.6.25).
    private func checkFloats(bits: Int) throws(DICOMError) {
        guard bitsAllocated == bits else {
            throw DICOMError(
                .malformed, path: path, "Bits Allocated \(bitsAllocated) for floating-point pixels of \(bits) bits")
        }
        guard ["MONOCHROME1", "MONOCHROME2"].contains(photometricInterpretation), samplesPerPixel == 1,
            !transferSyntax.isEncapsulated
        else {
            throw DICOMError(
                .unsupportedPixels, path: path, "floating-point pixels in colour or compressed are not read")
        }
        guard modalityLUT == nil else {
            throw DICOMError(.malformed, path: path, "a Modality LUT for floating-point pixels")
        }
    }

    private func checkColor() throws(DICOMError) {
        switch (samplesPerPixel, photometricInterpretation) {
        case (1, "MONOCHROME1"), (1, "MONOCHROME2"): return
        case (1, "PALETTE COLOR") where bitsAllocated == 8 || bitsAllocated == 16: return
        case (3, "RGB"): return
        case (3, "YBR_FULL_422") where !transferSyntax.isEncapsulated && columns % 2 != 0:
            throw DICOMError(.malformed, path: path, "YBR_FULL_422 with an odd number of columns")
        case (3, "YBR_FULL"), (3, "YBR_FULL_422"):
            guard [8, 16].contains(bitsAllocated), !isSigned else {
                throw DICOMError(
                    .unsupportedPixels, path: path,
                    "\(photometricInterpretation) with \(bitsAllocated) bits or signed is not read")
            }
        case (3, "YBR_RCT") where transferSyntax.family == .jpeg2000: return
        case (3, "YBR_ICT") where transferSyntax.family == .jpeg2000: return
        case (3, "YBR_PARTIAL_422"), (3, "YBR_PARTIAL_420"):
            throw DICOMError(.unsupportedPixels, path: path, "\(photometricInterpretation) is not read")
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
