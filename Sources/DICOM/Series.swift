public import Volumes

/// What distinguishes the slices of one volume from those of another.
///
/// Beside the Series Instance UID this takes in what scanners mix in one series: localizers (orientation, size, image
/// type), echoes, temporal positions, magnitude and phase. Files that have no position in the patient, or several
/// frames, are volumes of their own.
public struct SeriesKey: Hashable, Sendable {
    public var studyInstanceUID: String
    public var seriesInstanceUID: String
    /// Direction cosines in units of 1e-4: writers round them differently from slice to slice.
    var orientation: [Int]
    var rows: Int
    var columns: Int
    var samplesPerPixel: Int
    /// Micrometres.
    var pixelSpacing: [Int]
    var echoNumbers: [Int]
    var temporalPosition: Int?
    /// Image Type from its third value on ("AXIAL", "M", "IN_PHASE"): the first two differ without meaning.
    var imageType: [String]
    /// Set only where it is needed to tell slices at the same positions apart.
    var acquisitionNumber: Int?
    /// SOP Instance UID and path of a file that is a volume of its own.
    var ownVolume: [String]

    public init(_ header: DICOMHeader) {
        studyInstanceUID = header.studyInstanceUID
        seriesInstanceUID = header.seriesInstanceUID
        let axes = header.imageOrientationPatient.map { [$0.row, $0.column] } ?? []
        orientation = axes.flatMap { axis in (0..<3).map { Self.rounded(axis[$0] * 1e4) } }
        (rows, columns) = (header.rows, header.columns)
        samplesPerPixel = header.samplesPerPixel
        pixelSpacing =
            header.pixelSpacing.map { [$0.betweenRows, $0.betweenColumns].map { Self.rounded($0 * 1e3) } } ?? []
        echoNumbers = header.echoNumbers
        temporalPosition = header.temporalPosition
        imageType = Array(header.imageType.dropFirst(2))
        let isSlice =
            header.frames == 1 && header.frameAttributes.isEmpty && header.imagePositionPatient != nil
            && header.imageOrientationPatient != nil
        ownVolume = isSlice ? [] : [header.sopInstanceUID, header.path]
    }

    /// Corrupt files hold numbers that no Int can.
    private static func rounded(_ value: Double) -> Int { Int(exactly: value.rounded()) ?? .max }

    /// A total order that depends on the files' content alone.
    var sortText: String {
        "\(studyInstanceUID)|\(seriesInstanceUID)|\(echoNumbers)|\(temporalPosition ?? 0)|\(acquisitionNumber ?? 0)|"
            + "\(imageType)|\(rows)|\(columns)|\(orientation)|\(pixelSpacing)|\(samplesPerPixel)|\(ownVolume)"
    }
}

/// Files that make one volume.
public struct Series: Sendable {
    public let key: SeriesKey
    /// At least one; by instance number, then SOP Instance UID, then path. Slices are put in order when they are read.
    public let headers: [DICOMHeader]

    public var modality: Modality { headers[0].modality }
    public var seriesNumber: Int? { headers[0].seriesNumber }

    /// - Precondition: `headers` is not empty.
    init(key: SeriesKey, headers: [DICOMHeader]) {
        precondition(!headers.isEmpty, "a series without files")
        self.key = key
        self.headers = headers.sorted { a, b in
            (a.instanceNumber ?? .max, a.sopInstanceUID, a.path) < (b.instanceNumber ?? .max, b.sopInstanceUID, b.path)
        }
    }
}
