import Volumes

/// One frame with a place in the patient: the unit that is grouped and stacked. A mosaic is one plane, that of its
/// first tile.
struct Plane: Sendable {
    /// Index into the headers that it was made from.
    var file: Int
    /// From 0.
    var frame: Int
    /// LPS mm of the centre of the first pixel.
    var position: SIMD3<Double>
    var orientation: Orientation
    var spacing: PixelSpacing?
    var rescale: Rescale?
    /// ms
    var echoTime: Double?
    /// Degrees.
    var flipAngle: Double?
    var moment: Moment
    /// Instance number, then frame: the order in which the scanner counted.
    var order: SIMD2<Int>
    var kind: PlaneKind
}

/// What distinguishes planes of one volume from those of another at other places or with other contrast. Orientation,
/// pixel spacing, echo time and flip angle are compared with a tolerance, and so stand in `Plane`.
struct PlaneKind: Hashable, Sendable {
    var rows: Int
    var columns: Int
    var samplesPerPixel: Int
    var echoNumbers: [Int]
    /// Image Type from its third value on ("AXIAL", "M", "IN_PHASE").
    var imageType: [String]
    /// Image Type begins with DERIVED: computed from other images (PS3.3 C.7.6.1.1.2).
    var isDerived: Bool
    /// Nil also where the series has only one.
    var frameOfReference: String?
    var stackID: String?
    var segment: Int?
    /// Of a frame in an object whose frames may differ in it; slices in files of their own must not.
    var unit: String?
    /// Tiles of a mosaic and its place: mosaics are whole volumes and never stacked.
    var mosaic: [Int] = []
    /// Multi-frame files are volumes of their own, apart from parts of one concatenation.
    var container: String

    /// A total order that depends on the files' content alone.
    var sortText: String {
        "\(imageType)|\(rows)|\(columns)|\(samplesPerPixel)|\(stackID ?? "")|\(segment ?? 0)|\(unit ?? "")|"
            + "\(mosaic)|\(container)|\(isDerived)|\(frameOfReference ?? "")"
    }
}

extension DICOMHeader {
    /// A plane for each frame; empty when the file has no image or its frames have no place in the patient.
    ///
    /// - Parameter folder: stands in for a missing Series Instance UID.
    func planes(file: Int, folder: String) -> [Plane] {
        guard hasPixelData, !isDICOMDIR else { return [] }
        if frames == 1 || !framePositions.isEmpty { return placedByHeader(file: file, folder: folder) }
        guard frameAttributes.count == frames else { return [] }
        let planes = frameAttributes.enumerated().compactMap { frame, attributes -> Plane? in
            guard let position = attributes.position,
                let orientation = attributes.orientation ?? imageOrientationPatient
            else { return nil }
            var kind = kind(container: concatenationUID ?? path)
            kind.imageType = attributes.type ?? kind.imageType
            (kind.stackID, kind.segment) = (attributes.stackID, attributes.segment)
            kind.unit = attributes.unit ?? unit
            return Plane(
                file: file, frame: frame, position: position, orientation: orientation,
                spacing: attributes.spacing ?? pixelSpacing, rescale: attributes.rescale ?? rescale,
                echoTime: attributes.echoTime ?? echoTime, flipAngle: attributes.flipAngle ?? flipAngle,
                moment: moment(of: attributes),
                order: [instanceNumber ?? .max, frame], kind: kind)
        }
        return planes.count == frames ? planes : []
    }

    private func placedByHeader(file: Int, folder: String) -> [Plane] {
        guard let position = imagePositionPatient, let orientation = imageOrientationPatient else { return [] }
        var plane = Plane(
            file: file, frame: 0, position: position, orientation: orientation, spacing: pixelSpacing, rescale: rescale,
            echoTime: echoTime, flipAngle: flipAngle,
            moment: frameAttributes.first?.moment.over(ownMoment) ?? ownMoment, order: [instanceNumber ?? .max, 0],
            kind: kind(container: frames == 1 ? folder : path))
        if let frame = frameAttributes.first {
            plane.rescale = frame.rescale ?? rescale
            plane.kind.imageType = frame.type ?? plane.kind.imageType
            plane.echoTime = frame.echoTime ?? echoTime
            plane.flipAngle = frame.flipAngle ?? flipAngle
            (plane.kind.stackID, plane.kind.segment) = (frame.stackID, frame.segment)
        }
        if let mosaic {
            plane.position = mosaic.origin(self, position: position, orientation: orientation)
            plane.kind.mosaic = [mosaic.tiles] + (0..<3).map { Int(exactly: (position[$0] * 100).rounded()) ?? .max }
        }
        guard frames > 1 else { return [plane] }
        return framePositions.enumerated().map { frame, position in
            var copy = plane
            (copy.frame, copy.position, copy.order.y) = (frame, position, frame)
            return copy
        }
    }

    /// The moment with what is also a field of its own.
    private var ownMoment: Moment {
        var result = moment
        result.temporalPosition = temporalPosition
        result.acquisitionNumber = acquisitionNumber
        result.settings.sliceThickness = sliceThickness
        return result
    }

    /// The acquisition that a whole object stems from tells it from others of its series.
    private func moment(of frame: FrameAttributes) -> Moment {
        var result = frame.moment
        result.acquisitionNumber = result.acquisitionNumber ?? acquisitionNumber
        if result.acquisitionTime == nil {
            (result.acquisitionTime, result.acquisitionDay) = (moment.acquisitionTime, moment.acquisitionDay)
        }
        return result
    }

    private func kind(container: String) -> PlaneKind {
        PlaneKind(
            rows: rows, columns: columns, samplesPerPixel: samplesPerPixel, echoNumbers: echoNumbers,
            imageType: Array(imageType.dropFirst(2)), isDerived: imageType.first == "DERIVED",
            frameOfReference: frameOfReferenceUID, container: container)
    }
}
