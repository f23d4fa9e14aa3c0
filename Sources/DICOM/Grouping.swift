import Files
import Volumes

extension SeriesReader {
    /// Files into volumes, in an order that depends on nothing but the headers: by study, series number, series and
    /// what tells volumes of a series apart.
    ///
    /// A volume takes planes of one series, frame of reference, size, orientation (within 1e-4), pixel spacing, echo, flip
    /// angle, image type, stack and segment. Where planes lie at the same places again, points in time and diffusion weightings become the channels
    /// of one volume. Every header lands in at least one series; those without an image make series that `read` refuses
    /// with a reason. An object of several stacks or contrasts makes several volumes.
    public static func group(_ headers: [DICOMHeader], options: SeriesOptions = SeriesOptions()) -> [Series] {
        Dictionary(grouping: headers, by: Origin.init)
            .flatMap { origin, members in volumes(members, origin, options) }
            .sorted { a, b in
                if a.key.studyInstanceUID != b.key.studyInstanceUID {
                    return a.key.studyInstanceUID < b.key.studyInstanceUID
                }
                return (a.seriesNumber ?? .max, a.key.seriesInstanceUID, PathKey(a.key.sortText))
                    < (b.seriesNumber ?? .max, b.key.seriesInstanceUID, PathKey(b.key.sortText))
            }
    }

    /// What volumes never cross.
    private struct Origin: Hashable {
        var study: String
        var series: String
        /// Stands in for a missing Series Instance UID.
        var folder: PathKey

        init(_ header: DICOMHeader) {
            (study, series) = (header.studyInstanceUID, header.seriesInstanceUID)
            let end = header.path.lastSlash ?? header.path.startIndex
            folder = PathKey(series.isEmpty ? String(header.path[..<end]) : "")
        }
    }

    private static func volumes(_ members: [DICOMHeader], _ origin: Origin, _ options: SeriesOptions) -> [Series] {
        let sorted = members.sorted { a, b in
            (a.instanceNumber ?? .max, a.sopInstanceUID, PathKey(a.path))
                < (b.instanceNumber ?? .max, b.sopInstanceUID, PathKey(b.path))
        }
        let (pool, repeats, conflicts) = withoutCopies(sorted)
        var notes: [ReadWarning] = []
        if origin.series.isEmpty && pool.count > 1 {
            notes.append(
                ReadWarning(.noSeriesUID, "no Series Instance UID: files of one folder are taken for a series"))
        }
        var result: [Series] = []
        var planes: [Plane] = []
        var unplaced: [Int] = []
        for (file, header) in pool.enumerated() {
            let found = header.planes(file: file, folder: origin.folder.text)
            if found.isEmpty { unplaced.append(file) } else { planes += found }
        }
        let frames = Set(planes.map(\.kind.frameOfReference))
        if frames.subtracting([nil]).count > 1 {
            notes.append(
                ReadWarning(
                    .severalFramesOfReference,
                    "the series has \(frames.count) frames of reference (0020,0052), in which positions cannot be compared: "
                        + "each is a volume of its own"))
        } else {
            // Some writers give it in some of the files only.
            for index in planes.indices { planes[index].kind.frameOfReference = nil }
        }
        let lost = unplaced.count { pool[$0].isSlice }
        for file in unplaced {
            let header = pool[file]
            var notes = notes
            if header.isSlice && pool.count > 1 {
                notes.append(
                    ReadWarning(
                        .noPosition,
                        "one of \(lost) pictures of this series without Image Position or Orientation (Patient): "
                            + "read alone, not as a slice of a volume"))
            }
            result.append(Series(unplaced: header, notes: notes))
        }
        for (cluster, split) in joined(clusters(planes), pool) {
            let volumes = split.flatMap { $0.runs(options) }
            for (number, volume) in volumes.enumerated() {
                let digits = String(number)
                let text = "\(cluster[0].sortText)|\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits)"
                // A volume from one file does not ask which of two files is meant.
                let files = Set(volume.parts.joined().map(\.file)).sorted()
                let conflict =
                    files.count > 1 ? files.lazy.compactMap { conflicts[pool[$0].sopInstanceUID] }.first : nil
                var repeats = repeats
                for (copy, original) in volume.copies { repeats[original.file, default: []].append(pool[copy.file]) }
                result.append(
                    Series(
                        pool: pool, parts: volume.parts, sortText: text, channelAxis: volume.axis, repeats: repeats,
                        notes: notes + volume.notes, conflict: conflict))
            }
        }
        return result
    }

    /// Planes of one kind, orientation, pixel spacing, echo time and flip angle. All but the kind are compared to the first
    /// of a cluster: writers round them differently from slice to slice, and rounding to a grid would part what lies on
    /// either side of an edge.
    private static func clusters(_ planes: [Plane]) -> [[Plane]] {
        var result: [[Plane]] = []
        for (_, members) in Dictionary(grouping: planes, by: \.kind) {
            var clusters: [[Plane]] = []
            for plane in members {
                if let index = clusters.firstIndex(where: { $0[0].isLike(plane) }) {
                    clusters[index].append(plane)
                } else {
                    clusters.append([plane])
                }
            }
            result += clusters
        }
        return result
    }
}

extension Plane {
    func isLike(_ other: Plane) -> Bool { isParallel(to: other) && hasContrast(of: other) }

    private func isParallel(to other: Plane) -> Bool {
        guard orientation.isClose(to: other.orientation) else { return false }
        guard let spacing, let others = other.spacing else { return (spacing == nil) == (other.spacing == nil) }
        return abs(spacing.betweenRows - others.betweenRows) <= 1e-3
            && abs(spacing.betweenColumns - others.betweenColumns) <= 1e-3
    }

    /// Echoes are 0.3 ms and more apart, flip angles degrees. Either is missing in both planes or in none.
    private func hasContrast(of other: Plane) -> Bool {
        func isClose(_ a: Double?, _ b: Double?) -> Bool {
            guard let a, let b else { return (a == nil) == (b == nil) }
            return abs(a - b) <= max(0.005 * abs(a), 0.02)
        }
        return isClose(echoTime, other.echoTime) && isClose(flipAngle, other.flipAngle)
    }

    fileprivate var sortText: String {
        let numbers = (0..<3).flatMap { [orientation.row[$0], orientation.column[$0]] }
        let echo = kind.echoNumbers.isEmpty ? echoTime.map { [$0] } ?? [] : kind.echoNumbers.map { Double($0) }
        return "\(echo)|\(kind.sortText)|\(numbers)|\(spacing?.betweenRows ?? 0)|\(spacing?.betweenColumns ?? 0)"
            + "|\(echoTime ?? 0)|\(flipAngle ?? 0)"
    }
}

extension DICOMHeader {
    /// Looks like a slice, wherever it lies.
    fileprivate var isSlice: Bool { hasPixelData && frames == 1 && samplesPerPixel == 1 && !modality.isProjection }
}
