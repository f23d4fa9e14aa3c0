import Volumes

extension SeriesReader {
    /// Files into volumes, in an order that depends on nothing but the headers: by study, series number, series and
    /// key. Every header lands in exactly one series; those without an image make series that `read` refuses with a
    /// reason.
    public static func group(_ headers: [DICOMHeader]) -> [Series] {
        Dictionary(grouping: headers, by: SeriesKey.init)
            .flatMap { key, members in splitByAcquisition(Series(key: key, headers: members)) }
            .map { (series: $0, order: $0.key.sortText) }
            .sorted { a, b in
                let (left, right) = (a.series, b.series)
                if left.key.studyInstanceUID != right.key.studyInstanceUID {
                    return left.key.studyInstanceUID < right.key.studyInstanceUID
                }
                return (left.seriesNumber ?? .max, a.order) < (right.seriesNumber ?? .max, b.order)
            }
            .map(\.series)
    }

    /// Repeated scans of one place may differ in nothing but the acquisition number. It splits a series only when
    /// that leaves no two slices at one position: in many CT series it counts slices or tube rotations.
    private static func splitByAcquisition(_ series: Series) -> [Series] {
        guard hasRepeatedPosition(series.headers) else { return [series] }
        let parts = Dictionary(grouping: series.headers, by: \.acquisitionNumber)
        guard parts.count > 1, parts.keys.allSatisfy({ $0 != nil }) else { return [series] }
        guard parts.values.allSatisfy({ $0.count > 1 && !hasRepeatedPosition($0) }) else { return [series] }
        return parts.map { number, members in
            var key = series.key
            key.acquisitionNumber = number
            return Series(key: key, headers: members)
        }
    }

    private static func hasRepeatedPosition(_ headers: [DICOMHeader]) -> Bool {
        let positions = headers.compactMap(\.imagePositionPatient)
        return positions.count > 1 && Set(positions).count < positions.count
    }
}
