import Volumes

/// Where each slice of a volume comes from and where the volume lies: everything but the pixels.
struct VolumeLayout {
    struct Slice {
        /// Index into the series' headers.
        var file: Int
        /// From 0.
        var frame: Int
    }

    /// Of the stored frames, before `finishing`. Channels are colours, or points in time and weightings.
    var shape: Shape
    var geometry: Geometry
    /// In ascending order along the normal; channel by channel when channels are not colours.
    var slices: [Slice]
    /// Empty, one for all slices, or one a slice.
    var rescales: [Rescale]
    var warnings: [ReadWarning] = []
    /// What happens to the stored values once they are read.
    var finishing = Finishing()
    /// Slices differ in their real world values, so that none is the volume's.
    var hasVaryingRealWorldValues = false

    /// Shape of the finished volume.
    var finishedShape: Shape { finishing.shape ?? shape }

    init(_ series: Series, options: SeriesOptions = SeriesOptions()) throws(DICOMError) {
        let first = series.headers[0]
        for header in series.headers { try header.checkReadable() }
        if let conflict = series.conflict { throw conflict }
        if series.parts.isEmpty {
            try self.init(unplaced: first)
        } else {
            try Self.checkUniform(series.headers)
            try Self.checkWeightings(series)
            try self.init(placed: series, options: options)
        }
        try checkSize(path: first.path)
        if options.requiresVolume && (series.parts.isEmpty || finishedShape.depth < 2) {
            throw DICOMError(
                .noVolume, path: first.path,
                series.parts.isEmpty
                    ? "its frames have no position in the patient, and the pipeline requires a volume"
                    : "one slice alone, and the pipeline requires a volume")
        }
        warnings = series.notes + warnings
        if !series.copies.isEmpty {
            warnings.append(
                ReadWarning(.copyIgnored, "\(series.copies.count) files are copies of others and used once"))
        }
        hasVaryingRealWorldValues = series.headers.contains {
            $0.hasVaryingRealWorldValues || $0.realWorldValues != first.realWorldValues
        }
        if hasVaryingRealWorldValues {
            warnings.append(
                ReadWarning(.realWorldValuesDiffer, "slices have real world value mappings of their own, left out"))
        }
        if let range = first.paddingRange, let values = first.storedRange, !range.overlaps(values) {
            warnings.append(
                ReadWarning(
                    .paddingUnreachable,
                    "Pixel Padding Value (0028,0120) lies outside what \(first.bitsStored) stored bits can hold: no voxel "
                        + "is taken for padding"))
        }
        let ignored = first.ignoredWindows
        if ignored > 0 {
            warnings.append(ReadWarning(.windowIgnored, "\(ignored) display windows with an impossible width left out"))
        }
        if first.ignoredVOILUTs > 0 {
            warnings.append(
                ReadWarning(
                    .voiLutIgnored,
                    "\(first.ignoredVOILUTs) tables of the VOI LUT Sequence (0028,3010) are damaged and left out"))
        }
    }

    /// Frames that follow each other in time or in a spin of the detector (ultrasound, angiography), and pictures
    /// without a place in the patient.
    private init(unplaced header: DICOMHeader) throws(DICOMError) {
        let frames = header.frameAttributes
        if !frames.isEmpty && header.frames > 1 {
            guard frames.count == header.frames else {
                throw DICOMError(
                    .malformed, path: header.path,
                    "\(frames.count) per-frame functional groups for \(header.frames) frames")
            }
            guard frames.allSatisfy({ $0.position == nil }) else {
                throw DICOMError(
                    .missingGeometry, path: header.path, "some frames have no Image Position or Orientation (Patient)")
            }
        }
        shape = header.shape(depth: header.frames)
        slices = (0..<header.frames).map { Slice(file: 0, frame: $0) }
        let own = frames.count == header.frames ? frames.map { $0.rescale ?? header.rescale } : []
        rescales = Self.condensed(own.isEmpty ? [header.rescale] : own)
        let spacing = header.pixelSpacing
        geometry = Geometry(
            spacing: [spacing?.betweenColumns ?? 1, spacing?.betweenRows ?? 1, 1],
            isPhysical: spacing != nil && slices.count == 1)
        if spacing == nil {
            warnings.append(ReadWarning(.noSpacing, "no pixel spacing: distances count pixels"))
        }
        if let aspect = header.pixelAspect, abs(aspect - 1) > 1e-3 {
            warnings.append(
                ReadWarning(
                    .pixelsNotSquare,
                    "pixels are \(rounded(aspect)) times as high as wide by Pixel Aspect Ratio (0028,0034), which is not applied"
                ))
        }
        if slices.count > 1 {
            warnings.append(ReadWarning(.noSliceDistance, "frames have no positions: they are stacked as they come"))
        } else if !header.modality.isProjection {
            warnings.append(ReadWarning(.noPosition, "no position in the patient: the first pixel is the origin"))
        }
    }

    private init(placed series: Series, options: SeriesOptions) throws(DICOMError) {
        let (parts, first) = (series.parts, series.parts[0][0])
        let header = series.headers[first.file]
        let axes = try first.orientation.normalized(path: header.path)
        let stack = try SliceStack(
            positions: parts[0].map(\.position), normal: axes.normal, path: header.path,
            onIrregular: options.onIrregular)
        let planes = parts.flatMap { part in
            part.sorted { ($0.position.dot(axes.normal), $0.file) < ($1.position.dot(axes.normal), $1.file) }
        }
        shape = header.shape(depth: stack.order.count)
        if parts.count > 1 { shape.channels = parts.count }
        slices = planes.map { Slice(file: $0.file, frame: $0.frame) }
        rescales = Self.condensed(planes.map(\.rescale))
        let spacing = first.spacing
        let distance = header.sliceDistance
        geometry = Geometry(
            origin: stack.origin, xStep: axes.row * (spacing?.betweenColumns ?? 1),
            yStep: axes.column * (spacing?.betweenRows ?? 1),
            zStep: stack.step ?? axes.normal * (distance > 0 ? distance : 1), isPhysical: spacing != nil)
        if spacing == nil {
            warnings.append(ReadWarning(.noSpacing, "no pixel spacing: distances in the slice count pixels"))
        }
        warnOfSkippedSlices(planes, stack, series)
        warnOfMissingRescales(planes)
        // One rescale a slice must hold for every channel.
        if rescales.count > 1 && parts.count > 1 {
            let perSlice = Array(rescales.prefix(shape.depth))
            if rescales.indices.allSatisfy({ rescales[$0] == perSlice[$0 % shape.depth] }) {
                rescales = perSlice
            } else {
                applyRescales()
            }
        }
        if let mosaic = header.mosaic {
            try unfold(mosaic, header, normal: axes.normal)
        } else {
            if stack.step == nil && distance <= 0 {
                warnings.append(ReadWarning(.noSliceDistance, "one slice of unknown thickness: 1 mm stands in"))
            }
            try plan(
                stack, axes.normal, options, hasModalityLUT: header.modalityLUT != nil, path: header.path)
        }
    }

    /// Interpolation that the options ask for, and what must be said of the stack.
    private mutating func plan(
        _ stack: SliceStack, _ normal: SIMD3<Double>, _ options: SeriesOptions, hasModalityLUT: Bool, path: String
    ) throws(DICOMError) {
        let isUneven = stack.irregularity != nil && options.onIrregular == .regrid
        let isUpright = stack.isSheared && options.tilt == .regrid
        if let irregularity = stack.irregularity, !isUneven {
            warnings.append(
                ReadWarning(
                    .unevenSpacing,
                    "\(irregularity.message); stacked evenly, places are up to \(rounded(irregularity.deviation)) mm off"
                ))
        }
        if isUneven || isUpright {
            // Far more than any scanner makes, and few enough to plan at once.
            let median = geometry.steps[2].dot(normal)
            guard let extent = stack.depths.last, extent / median < 65536 else {
                throw DICOMError(
                    .tooLarge, path: path,
                    "an even grid at a spacing of \(rounded(median)) mm would have too many slices")
            }
            let regrid = Regrid(stack, geometry, shape, normal: normal, isUpright: isUpright)
            let grid = regrid.shape
            guard Double(grid.voxelCount) * Double(grid.channels) <= Double(ReadingLimits.voxels) else {
                throw DICOMError(
                    .tooLarge, path: path,
                    "an even grid would have more than the limit of \(ReadingLimits.voxels) voxels")
            }
            guard !hasModalityLUT else {
                throw DICOMError(
                    .unsupportedLayout, path: path,
                    "values behind a Modality LUT cannot be interpolated; use onIrregular: split or allow, tilt: keep")
            }
            if rescales.count > 1 { applyRescales() }
            finishing.regrid = regrid
            finishing.shape = regrid.shape
            geometry = regrid.geometry
            warnings.append(ReadWarning(.interpolated, regrid.summary(stack, isUneven: isUneven, isUpright: isUpright)))
        }
        if stack.isSheared && !isUpright {
            warnings.append(ReadWarning(.sheared, "slices are sheared (gantry tilt); the geometry keeps the shear"))
        }
    }

    private mutating func unfold(
        _ mosaic: Mosaic, _ header: DICOMHeader, normal: SIMD3<Double>
    ) throws(DICOMError) {
        guard let distance = header.spacingBetweenSlices, distance > 0 else {
            throw DICOMError(
                .missingGeometry, path: header.path,
                "a mosaic without Spacing Between Slices (0018,0088); export the series without mosaic")
        }
        if rescales.count > 1 { applyRescales() }
        if mosaic.ascends == nil {
            warnings.append(
                ReadWarning(
                    .assumedSliceOrder,
                    "a mosaic whose private elements are gone: its slices are taken to ascend along row x column"))
        }
        geometry.steps[2] = normal * distance
        if mosaic.ascends == false { geometry.origin -= geometry.steps[2] * Double(mosaic.tiles - 1) }
        finishing.mosaic = mosaic
        finishing.shape = Shape(
            channels: shape.channels, depth: mosaic.tiles, height: shape.height / mosaic.grid,
            width: shape.width / mosaic.grid)
    }

    /// Values that are blended, or whose rescales no longer go by slice, must be in one unit first.
    private mutating func applyRescales() {
        finishing.rescales = rescales
        rescales = []
    }

    /// No transform anywhere: empty. The same everywhere: one. Otherwise one a slice, identity where it is missing.
    private static func condensed(_ rescales: [Rescale?]) -> [Rescale] {
        guard let first = rescales.first, rescales.contains(where: { $0 != nil }) else { return [] }
        if let first, rescales.allSatisfy({ $0 == first }) { return [first] }
        return rescales.map { $0 ?? Rescale(slope: 1, intercept: 0) }
    }
}
