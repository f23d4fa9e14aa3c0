import Volumes

/// Where each slice of a volume comes from and where the volume lies: everything but the pixels.
struct VolumeLayout {
    struct Slice {
        /// Index into the series' headers.
        var file: Int
        /// From 0.
        var frame: Int
    }

    var shape: Shape
    var geometry: Geometry
    /// In ascending order along the normal.
    var slices: [Slice]
    /// Empty, one for all slices, or one a slice.
    var rescales: [Rescale]
    var warnings: [ReadWarning] = []
    /// Slices differ in their real world values, so that none is the volume's.
    var hasVaryingRealWorldValues = false

    init(_ series: Series) throws(DICOMError) {
        let first = series.headers[0]
        for header in series.headers { try header.checkReadable() }
        if series.headers.count == 1 && !first.frameAttributes.isEmpty && first.frames > 1 {
            try self.init(enhanced: first)
        } else if series.headers.count == 1 && first.frames > 1 {
            self.init(unplacedFrames: first)
        } else {
            try self.init(singleFrames: series.headers)
        }
        try checkSize(path: first.path)
        hasVaryingRealWorldValues = series.headers.contains {
            $0.hasVaryingRealWorldValues || $0.realWorldValues != first.realWorldValues
        }
        if hasVaryingRealWorldValues {
            warnings.append(
                ReadWarning(.realWorldValuesDiffer, "slices have real world value mappings of their own, left out"))
        }
        let ignored = first.ignoredWindows
        if ignored > 0 {
            warnings.append(ReadWarning(.windowIgnored, "\(ignored) display windows with an impossible width left out"))
        }
    }

    /// One file a slice (PS3.3 A.2 and the like).
    private init(singleFrames headers: [DICOMHeader]) throws(DICOMError) {
        let first = headers[0]
        try Self.checkUniform(headers)
        let slices = headers.indices.map { Slice(file: $0, frame: 0) }
        let rescales = headers.map(\.rescale)
        guard let orientation = first.imageOrientationPatient, first.imagePositionPatient != nil else {
            self.init(unplaced: first, slices: slices, rescales: rescales)
            return
        }
        let positions = headers.compactMap(\.imagePositionPatient)
        try self.init(
            header: first, orientation: orientation, positions: positions, slices: slices, rescales: rescales)
    }

    /// Frames with positions of their own (PS3.3 A.38, A.36).
    private init(enhanced header: DICOMHeader) throws(DICOMError) {
        let frames = header.frameAttributes
        guard frames.count == header.frames else {
            throw DICOMError(
                .malformed, path: header.path,
                "\(frames.count) per-frame functional groups for \(header.frames) frames")
        }
        let slices = frames.indices.map { Slice(file: 0, frame: $0) }
        let rescales = frames.map { $0.rescale ?? header.rescale }
        let positions = frames.compactMap(\.position)
        guard let orientation = frames[0].orientation ?? header.imageOrientationPatient, !positions.isEmpty else {
            self.init(unplaced: header, slices: slices, rescales: rescales)
            return
        }
        guard positions.count == frames.count else {
            throw DICOMError(.missingGeometry, path: header.path, "some frames have no Image Position (Patient)")
        }
        guard frames.allSatisfy({ ($0.orientation ?? orientation).isClose(to: orientation) }),
            frames.allSatisfy({ $0.spacing == frames[0].spacing })
        else {
            throw DICOMError(
                .unsupportedLayout, path: header.path,
                "frames of several orientations or pixel sizes; splitting such objects is not supported yet")
        }
        try self.init(
            header: header, orientation: orientation, positions: positions, slices: slices, rescales: rescales)
    }

    /// Frames that follow each other in time or in a spin of the detector: ultrasound, angiography.
    private init(unplacedFrames header: DICOMHeader) {
        self.init(
            unplaced: header, slices: (0..<header.frames).map { Slice(file: 0, frame: $0) },
            rescales: Array(repeating: header.rescale, count: header.frames))
    }

    private init(unplaced header: DICOMHeader, slices: [Slice], rescales: [Rescale?]) {
        shape = header.shape(depth: slices.count)
        self.slices = slices
        self.rescales = Self.condensed(rescales)
        let spacing = header.pixelSpacing
        geometry = Geometry(
            spacing: [spacing?.betweenColumns ?? 1, spacing?.betweenRows ?? 1, 1],
            isPhysical: spacing != nil && slices.count == 1)
        if spacing == nil {
            warnings.append(ReadWarning(.noSpacing, "no pixel spacing: distances count pixels"))
        }
        if slices.count > 1 {
            warnings.append(ReadWarning(.noSliceDistance, "frames have no positions: they are stacked as they come"))
        } else if !header.modality.isProjection {
            warnings.append(ReadWarning(.noPosition, "no position in the patient: the first pixel is the origin"))
        }
    }

    private init(
        header: DICOMHeader, orientation: Orientation, positions: [SIMD3<Double>], slices: [Slice],
        rescales: [Rescale?]
    ) throws(DICOMError) {
        let axes = try orientation.normalized(path: header.path)
        let stack = try SliceStack(positions: positions, normal: axes.normal, path: header.path)
        shape = header.shape(depth: slices.count)
        self.slices = stack.order.map { slices[$0] }
        self.rescales = Self.condensed(stack.order.map { rescales[$0] })
        let spacing = header.pixelSpacing
        let distance = header.spacingBetweenSlices.map(abs) ?? header.sliceThickness ?? 0
        geometry = Geometry(
            origin: stack.origin, xStep: axes.row * (spacing?.betweenColumns ?? 1),
            yStep: axes.column * (spacing?.betweenRows ?? 1),
            zStep: stack.step ?? axes.normal * (distance > 0 ? distance : 1), isPhysical: spacing != nil)
        if spacing == nil {
            warnings.append(ReadWarning(.noSpacing, "no pixel spacing: distances in the slice count pixels"))
        }
        if stack.step == nil && distance <= 0 {
            warnings.append(ReadWarning(.noSliceDistance, "one slice of unknown thickness: 1 mm stands in"))
        }
        if stack.isSheared {
            warnings.append(ReadWarning(.sheared, "slices are sheared (gantry tilt); the geometry keeps the shear"))
        }
    }

    /// No transform anywhere: empty. The same everywhere: one. Otherwise one a slice, identity where it is missing.
    private static func condensed(_ rescales: [Rescale?]) -> [Rescale] {
        guard let first = rescales.first, rescales.contains(where: { $0 != nil }) else { return [] }
        if let first, rescales.allSatisfy({ $0 == first }) { return [first] }
        return rescales.map { $0 ?? Rescale(slope: 1, intercept: 0) }
    }
}
