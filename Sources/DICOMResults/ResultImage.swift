import DataSets
public import Volumes

/// An image of the source, or a frame of one, that results speak of.
public struct ResultImage: Sendable {
    public var sopClassUID: String
    public var sopInstanceUID: String
    /// From 1; nil where the instance is one image.
    public var frame: Int?
    /// LPS mm of the centre of the first pixel; nil where the image says nothing of its place in the patient.
    public var position: SIMD3<Double>?
    /// Stored value to output unit; what presentation states show depends on it.
    public var rescale: Rescale?
    public var modalityLUT: ModalityLUT?
    public var windows: [Window]
    public var voiLUTs: [VOILUT]

    /// - Throws: `ResultError` where results could not refer to it: its SOP Class or Instance UID is missing or none.
    public init(
        sopClassUID: String, sopInstanceUID: String, frame: Int?, position: SIMD3<Double>?, rescale: Rescale?,
        modalityLUT: ModalityLUT?, windows: [Window], voiLUTs: [VOILUT] = []
    ) throws(ResultError) {
        for (uid, keyword) in [(sopClassUID, "SOPClassUID"), (sopInstanceUID, "SOPInstanceUID")] {
            guard UID.isValid(uid) else { throw ResultError(notAUID: Tag(keyword: keyword)!) }
        }
        (self.sopClassUID, self.sopInstanceUID, self.frame) = (sopClassUID, sopInstanceUID, frame)
        self.position = position
        (self.rescale, self.modalityLUT, self.windows, self.voiLUTs) = (rescale, modalityLUT, windows, voiLUTs)
    }

    /// An item of Referenced Image Sequence and its like (PS3.3 table 10-3).
    var reference: DataSet {
        var item = instance
        if let frame { item.set(.text("ReferencedFrameNumber", "\(frame)")) }
        return item
    }

    /// The same without the frame (PS3.3 table 10-11).
    var instance: DataSet {
        DataSet(of: [
            .text("ReferencedSOPClassUID", sopClassUID), .text("ReferencedSOPInstanceUID", sopInstanceUID),
        ])
    }
}

/// The images of one volume, slice by slice, as they are in the source.
public struct ResultStack: Sendable {
    /// In ascending order of slices.
    public var images: [ResultImage]
    public var rows: Int
    public var columns: Int
    /// LPS mm, in the source's own frame of reference. Each slice is one image and its rows and columns are the image's.
    public var geometry: Geometry
    /// MONOCHROME1: higher values are darker.
    public var isInverted: Bool
    public var isColor: Bool

    public init(
        images: [ResultImage], rows: Int, columns: Int, geometry: Geometry, isInverted: Bool,
        isColor: Bool
    ) {
        (self.images, self.rows, self.columns, self.geometry) = (images, rows, columns, geometry)
        (self.isInverted, self.isColor) = (isInverted, isColor)
    }

    /// Each instance once, in order.
    var instances: [DataSet] {
        var seen: Set<String> = []
        return images.filter { seen.insert($0.sopInstanceUID).inserted }.map(\.instance)
    }
}
