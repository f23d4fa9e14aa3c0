import Volumes

/// What the channels of one volume are, and what must be said of them.
struct PartMeaning {
    let axis: ChannelAxis
    let notes: [ReadWarning]

    /// Nil when the parts differ in something that is neither time nor weighting.
    ///
    /// - Parameters:
    ///   - parts: each the planes of a channel, in order.
    ///   - starts: the earliest moment of each part.
    ///   - temporalResolution: ms
    init?(_ parts: [[Plane]], starts: [Moment], temporalResolution: Double?) {
        let unlike = Self.unlikeSettings(parts)
        if starts.allSatisfy({ $0.bValue != nil }) {
            axis = .diffusion(bValues: starts.map { $0.bValue ?? 0 }, directions: starts.map(\.direction))
            notes = unlike + Self.missingDirections(starts)
            return
        }
        guard Self.times.contains(where: { value in Set(starts.map(value)).count == parts.count }) else { return nil }
        if parts[0][0].kind.imageType.contains("DIFFUSION") {
            axis = .none
            notes =
                unlike + [
                    ReadWarning(
                        .weightingsUnknown,
                        "the \(parts.count) channels are diffusion-weighted by Image Type (0008,0008), and no b-values are "
                            + "told")
                ]
        } else if !unlike.isEmpty {
            (axis, notes) = (.none, unlike)
        } else {
            let step = TimeStep(starts, resolution: temporalResolution)
            (axis, notes) = (.time(stepSeconds: step.seconds), step.note.map { [$0] } ?? [])
        }
    }

    private static func unlikeSettings(_ parts: [[Plane]]) -> [ReadWarning] {
        let differences = Moment.Settings.differences(parts.map { Set($0.map(\.moment.settings)) })
        guard !differences.isEmpty else { return [] }
        return [
            ReadWarning(
                .unlikeSettings,
                "the \(parts.count) channels differ in \(differences.joined(separator: ", ")), not only in time")
        ]
    }

    private static func missingDirections(_ starts: [Moment]) -> [ReadWarning] {
        let bare = starts.count(where: \.isWeightedWithoutDirection)
        guard bare > 0 else { return [] }
        return [
            ReadWarning(
                .noGradientDirection,
                "no gradient direction for \(bare) of \(starts.count) weightings: averages over directions (isotropic), or "
                    + "directions that the header does not tell")
        ]
    }

    /// Any of these tells points in time apart.
    private static let times: [@Sendable (Moment) -> Double?] = [
        { moment in moment.temporalPosition.map { Double($0) } ?? moment.acquisitionNumber.map { Double($0) } },
        { $0.timeOffset }, { $0.triggerTime }, { $0.frameReferenceTime }, { $0.acquisitionTime }, { $0.contentTime },
    ]
}

extension Moment {
    /// An average over directions, or a direction that is not told.
    var isWeightedWithoutDirection: Bool {
        bValue ?? 0 > DiffusionWeighting.leastBValue && direction == nil
    }
}
