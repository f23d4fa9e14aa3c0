public import Volumes

/// Names a volume among those of a study, in an order that depends on nothing but the headers.
public struct SeriesKey: Hashable, Sendable {
    public var studyInstanceUID: String
    public var seriesInstanceUID: String
    /// What tells this volume from others of its series.
    var sortText: String
}

/// Files, or frames of files, that make one volume.
public struct Series: Sendable {
    public let key: SeriesKey
    /// At least one; by instance number, then SOP Instance UID, then path. Slices are put in order when they are read.
    public let headers: [DICOMHeader]
    /// One for a volume; several for points in time or diffusion weightings at the same places, in their order.
    /// Empty for a file whose frames have no place in the patient.
    let parts: [[Plane]]
    public let channelAxis: ChannelAxis
    /// Files that repeat another under the same SOP Instance UID; both index `headers`.
    let copies: [(copy: Int, original: Int)]
    let notes: [ReadWarning]
    /// Why this cannot be a volume, when grouping has seen it.
    let conflict: DICOMError?

    public var modality: Modality { headers[0].modality }
    public var seriesNumber: Int? { headers[0].seriesNumber }
    /// Whether its images say where they lie in the patient. Otherwise the place of its volume is made up.
    public var isPlaced: Bool { !parts.isEmpty }
    /// Whether a volume of one slice has a thickness that the header tells. Otherwise it is made up.
    public var tellsThickness: Bool { isPlaced && headers[0].sliceDistance > 0 }

    /// A file whose frames have no place in the patient, or that is no image at all.
    init(unplaced header: DICOMHeader, notes: [ReadWarning]) {
        key = SeriesKey(
            studyInstanceUID: header.studyInstanceUID, seriesInstanceUID: header.seriesInstanceUID,
            sortText: "~|\(header.sopInstanceUID)|\(header.path)")
        (headers, parts, channelAxis, copies) = ([header], [], header.channels == 3 ? .color : .none, [])
        (self.notes, conflict) = (notes, nil)
    }

    /// - Parameters:
    ///   - parts: planes whose `file` indexes `pool`; none is empty.
    ///   - repeats: the copies of each file of the pool.
    init(
        pool: [DICOMHeader], parts: [[Plane]], sortText: String, channelAxis: ChannelAxis,
        repeats: [Int: [DICOMHeader]],
        notes: [ReadWarning], conflict: DICOMError?
    ) {
        let files = Set(parts.joined().map(\.file)).sorted()
        let local = Dictionary(uniqueKeysWithValues: zip(files, files.indices))
        var headers = files.map { pool[$0] }
        var copies: [(copy: Int, original: Int)] = []
        for file in files {
            for header in repeats[file] ?? [] {
                copies.append((headers.count, local[file]!))
                headers.append(header)
            }
        }
        key = SeriesKey(
            studyInstanceUID: headers[0].studyInstanceUID, seriesInstanceUID: headers[0].seriesInstanceUID,
            sortText: sortText)
        self.headers = headers
        self.parts = parts.map { part in
            part.map { plane in
                var plane = plane
                plane.file = local[plane.file]!
                return plane
            }
        }
        let isColor = headers[0].channels == 3
        self.channelAxis = isColor ? .color : channelAxis
        (self.copies, self.notes, self.conflict) = (copies, notes, conflict)
    }
}
