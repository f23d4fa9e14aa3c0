import Volumes

/// How the moments of planes are compared: scanners and writers do not repeat them to the last digit.
extension [Plane] {
    /// Clocks that run past midnight, as seconds from the first day. Where a day is missing all are clocks only: seconds
    /// with and without days cannot be compared.
    mutating func countDays(_ time: WritableKeyPath<Moment, Double?>, _ day: KeyPath<Moment, Int?>) {
        let days = filter { $0.moment[keyPath: time] != nil }.map { $0.moment[keyPath: day] }
        guard !days.contains(nil), let first = days.compactMap(\.self).min() else { return }
        for index in indices {
            guard let seconds = self[index].moment[keyPath: time], let day = self[index].moment[keyPath: day] else {
                continue
            }
            self[index].moment[keyPath: time] = Double((day - first) * 86400) + seconds
        }
    }

    /// Planes of one diffusion weighting each, compared to the first: rounding to a grid would part what lies on either side
    /// of an edge.
    var weightings: [[Plane]] {
        var result: [(weighting: Weighting, planes: [Plane])] = []
        for plane in self {
            let weighting = Weighting(plane.moment)
            if let index = result.firstIndex(where: { $0.weighting.isClose(to: weighting) }) {
                result[index].planes.append(plane)
            } else {
                result.append((weighting, [plane]))
            }
        }
        return result.map(\.planes)
    }
}

private struct Weighting {
    var bValue: Double?
    var direction: SIMD3<Double>?

    init(_ moment: Moment) { (bValue, direction) = (moment.bValue, moment.direction) }

    /// b-values within 1 s/mm2 or 0.2 %, directions within 2e-3: those of a scheme are further apart.
    func isClose(to other: Weighting) -> Bool {
        guard (bValue == nil) == (other.bValue == nil), (direction == nil) == (other.direction == nil) else {
            return false
        }
        return abs((bValue ?? 0) - (other.bValue ?? 0)) <= max(1, 0.002 * abs(bValue ?? 0))
            && ((direction ?? .zero) - (other.direction ?? .zero)).length <= 2e-3
    }
}
