import Volumes

/// Parallel planes of one kind into volumes: what lies at one place several times is told apart by time or weighting.
struct PartSplitting {
    struct Volume {
        var parts: [[Plane]]
        var axis = ChannelAxis.none
        var notes: [ReadWarning] = []
        /// Files of one slice at places that others have taken, while most places are taken once.
        var copies: [(copy: Plane, original: Plane)] = []
    }

    private var planes: [Plane]
    private let normal: SIMD3<Double>
    /// ms
    private let temporalResolution: Double?

    /// - Parameter planes: at least one, in the order of their files.
    init(_ planes: [Plane], temporalResolution: Double?) {
        var planes = planes
        // Some scanners write b = 0 into every image; weightings begin above.
        if !planes.contains(where: { $0.moment.bValue ?? 0 > 0 }) {
            for index in planes.indices {
                (planes[index].moment.bValue, planes[index].moment.direction) = (nil, nil)
            }
        }
        planes.countDays(\.acquisitionTime, \.acquisitionDay)
        planes.countDays(\.contentTime, \.contentDay)
        // Slices are counted with it, too.
        let positions = Set(planes.map(\.moment.temporalPosition))
        let countsSlices = positions.count == planes.count && !positions.contains(nil)
        (self.planes, self.temporalResolution) = (planes, temporalResolution)
        let normal = planes[0].orientation.normal
        self.normal = normal / max(normal.length, .leastNormalMagnitude)
        if countsSlices, !hasRepeats(planes) {
            for index in planes.indices { self.planes[index].moment.temporalPosition = nil }
        }
    }

    /// In order of time, or of acquisition.
    var volumes: [Volume] {
        // Temporal position and diffusion weighting tell volumes apart even where no place repeats.
        let stated = Dictionary(grouping: planes, by: \.moment.temporalPosition).values.flatMap(\.weightings)
        var parts = stated.flatMap(resolved).map { (planes: $0, moment: start(of: $0)) }
        parts.sort { a, b in isBefore(a, b) }
        // Only what lies at the same places is one volume; scans that were broken off stand apart, and so do averages
        // over the directions that others have.
        let hasDirections = parts.contains { $0.moment.direction != nil }
        var families: [(places: [[Plane]], isAverage: Bool, parts: [[Plane]])] = []
        for (part, moment) in parts {
            let (places, isAverage) = (places(part), hasDirections && moment.isWeightedWithoutDirection)
            if let index = families.firstIndex(where: { $0.isAverage == isAverage && isSame($0.places, places) }) {
                families[index].parts.append(part)
            } else {
                families.append((places, isAverage, [part]))
            }
        }
        return families.map(\.parts).flatMap { parts in
            guard parts.count > 1 else { return [weighted(withoutCopies(parts[0]))] }
            guard planes[0].kind.samplesPerPixel == 1, let meaning = meaning(of: parts) else {
                return parts.map { weighted(Volume(parts: [$0])) }
            }
            return [Volume(parts: parts, axis: meaning.axis, notes: meaning.notes)]
        }
    }

    /// A volume of one weighting alone has its b-value and direction told, too. Maps that were computed from several have
    /// none of their own.
    private func weighted(_ volume: Volume) -> Volume {
        let plane = volume.parts[0][0]
        guard plane.kind.samplesPerPixel == 1, !plane.kind.isDerived, plane.moment.bValue != nil,
            let meaning = meaning(of: volume.parts)
        else { return volume }
        var result = volume
        (result.axis, result.notes) = (meaning.axis, meaning.notes)
        return result
    }

    /// A few slices that lie where others lie are copies under another name, or so it seems until pixels are compared.
    private func withoutCopies(_ part: [Plane]) -> Volume {
        let places = places(part)
        let repeated = places.filter { $0.count > 1 }
        guard !repeated.isEmpty, repeated.count * 2 < places.count,
            repeated.allSatisfy({ place in
                Set(place.map(\.file)).count == place.count
                    && place.allSatisfy { $0.frame == 0 && $0.rescale == place[0].rescale }
            })
        else { return Volume(parts: [part]) }
        let copies = repeated.flatMap { place in place.dropFirst().map { (copy: $0, original: place[0]) } }
        return Volume(parts: [places.map { $0[0] }], copies: copies)
    }

    // MARK: Repeated places

    /// Planes of one weighting, split where places repeat and one of their moments tells the repeats apart.
    private func resolved(_ planes: [Plane]) -> [[Plane]] {
        let places = places(planes)
        let most = places.map(\.count).max() ?? 1
        guard most > 1 else { return [planes] }
        for value in Self.moments {
            let buckets = Dictionary(grouping: planes) { value($0.moment) }
            if buckets.count == most, buckets[nil] == nil, buckets.values.allSatisfy({ !hasRepeats($0) }) {
                return Array(buckets.values)
            }
        }
        let acquisitions = Dictionary(grouping: planes) { $0.moment.acquisitionNumber }
        if acquisitions.count > 1, acquisitions[nil] == nil,
            acquisitions.values.allSatisfy({ $0.count > 1 && !hasRepeats($0) })
        {
            return Array(acquisitions.values)
        }
        return ranked(places) ?? [planes]
    }

    /// Values that are the same all over a volume and differ between volumes.
    private static let moments: [@Sendable (Moment) -> [Double]?] = [
        { $0.triggerTime.map { [$0] } }, { $0.timeOffset.map { [$0] } },
        { $0.dimensions.flatMap { $0.isEmpty ? nil : $0 } },
        { $0.frameReferenceTime.map { [$0] } }, { $0.acquisitionNumber.map { [Double($0)] } },
        { $0.acquisitionTime.map { [$0] } }, { $0.contentTime.map { [$0] } },
    ]

    /// Where each slice has a time of its own: the first at every place, the second at every place, and so on.
    private func ranked(_ places: [[Plane]]) -> [[Plane]]? {
        let count = places[0].count
        guard places.allSatisfy({ $0.count == count }) else { return nil }
        for value in [\Moment.triggerTime, \Moment.acquisitionTime] {
            let sorted = places.map { place in
                place.sorted { ($0.moment[keyPath: value] ?? 0) < ($1.moment[keyPath: value] ?? 0) }
            }
            let isStrict = sorted.allSatisfy { place in
                let times = place.compactMap { $0.moment[keyPath: value] }
                return times.count == count && zip(times, times.dropFirst()).allSatisfy { $0 < $1 }
            }
            if isStrict { return (0..<count).map { rank in sorted.map { $0[rank] } } }
        }
        return nil
    }

    /// Planes by their place along the normal, ascending.
    private func places(_ planes: [Plane]) -> [[Plane]] {
        var result: [[Plane]] = []
        var last = -Double.infinity
        for (depth, _, plane) in planes.enumerated().map({ ($1.position.dot(normal), $0, $1) })
            .sorted(by: { ($0.0, $0.1) < ($1.0, $1.1) })
        {
            if depth - last < SliceStack.samePlace {
                result[result.count - 1].append(plane)
            } else {
                result.append([plane])
            }
            last = depth
        }
        return result
    }

    private func hasRepeats(_ planes: [Plane]) -> Bool { places(planes).count < planes.count }

    /// Whether two parts without repeats stand at the same places, and both or neither are weighted.
    private func isSame(_ a: [[Plane]], _ b: [[Plane]]) -> Bool {
        guard a.count == b.count, (a[0][0].moment.bValue == nil) == (b[0][0].moment.bValue == nil) else { return false }
        return zip(a, b).allSatisfy { left, right in
            left.count == 1 && right.count == 1 && (left[0].position - right[0].position).length < 0.01
        }
    }

    private func meaning(of parts: [[Plane]]) -> PartMeaning? {
        PartMeaning(parts, starts: parts.map(start), temporalResolution: temporalResolution)
    }

    // MARK: Order

    /// The earliest of each value in a part.
    private func start(of part: [Plane]) -> Moment {
        var result = part[0].moment
        result.triggerTime = part.compactMap(\.moment.triggerTime).min()
        result.acquisitionTime = part.compactMap(\.moment.acquisitionTime).min()
        result.contentTime = part.compactMap(\.moment.contentTime).min()
        return result
    }

    private func isBefore(_ a: ([Plane], Moment), _ b: ([Plane], Moment)) -> Bool {
        let orders = [a, b].map { part in part.0.map(\.order).min { ($0.x, $0.y) < ($1.x, $1.y) } ?? .zero }
        // Weightings come as they were acquired, which the numbers of the instances tell.
        let isWeighted = a.1.bValue != nil || b.1.bValue != nil
        let times = [a.1, b.1].map { moment -> [Double] in
            guard !isWeighted else { return [] }
            let position = moment.temporalPosition.map { Double($0) } ?? 0
            let number = moment.acquisitionNumber.map { Double($0) } ?? 0
            return [
                position, moment.triggerTime ?? 0, moment.timeOffset ?? 0, moment.frameReferenceTime ?? 0, number,
                moment.acquisitionTime ?? 0, moment.contentTime ?? 0,
            ]
        }
        if times[0] != times[1] { return times[0].lexicographicallyPrecedes(times[1]) }
        if orders[0] != orders[1] { return (orders[0].x, orders[0].y) < (orders[1].x, orders[1].y) }
        return (a.1.dimensions ?? []).lexicographicallyPrecedes(b.1.dimensions ?? [])
    }
}
