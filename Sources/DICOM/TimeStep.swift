import Volumes

/// Seconds from one point in time to the next, where clocks or the header tell them.
struct TimeStep {
    /// Nil when steps are uneven or not told.
    var seconds: Double?
    /// Why there is no step although times are told.
    var note: ReadWarning?

    /// - Parameters:
    ///   - starts: at least two, in order.
    ///   - resolution: Temporal Resolution (0020,0110), ms.
    init(_ starts: [Moment], resolution: Double?) {
        let clocks = Self.clocks.map { starts.compactMap($0) }.filter { times in
            times.count == starts.count && zip(times.dropFirst(), times).allSatisfy { $0 > $1 }
        }
        let stated = resolution.map { $0 / 1000 }.flatMap { $0 > 0 ? $0 : nil }
        let even = clocks.first(where: Self.isEven).map { ($0[$0.count - 1] - $0[0]) / Double($0.count - 1) }
        let step: Double?
        if let even {
            step = even
        } else if let times = clocks.first {
            step = stated.flatMap { Self.isRounded(times, step: $0) ? $0 : nil }
            if step == nil { note = Self.unevenNote(times) }
        } else {
            let numbers = starts.compactMap { $0.temporalPosition ?? $0.acquisitionNumber }.map { Double($0) }
            let counts = numbers.count == starts.count && Set(numbers).count == numbers.count
            step = counts && !Self.isEven(numbers) ? nil : stated
            if step == nil, stated != nil {
                note = ReadWarning(
                    .timeStepUnknown, "points in time are missing by their numbers: no time step is told")
            }
        }
        // Weeks, or what a header's writer had not set.
        guard let step, step < 1e7 else {
            if step != nil {
                note = ReadWarning(
                    .timeStepUnknown, "times or Temporal Resolution are impossible: no time step is told")
            }
            return
        }
        seconds = step
    }

    /// In seconds. Content Time is not among them: it tells when an image was made, not when it was acquired.
    private static let clocks: [@Sendable (Moment) -> Double?] = [
        { $0.timeOffset }, { $0.triggerTime.map { $0 / 1000 } }, { $0.acquisitionTime },
        // Of PET: the middle of a frame's counts rather than its beginning.
        { $0.frameReferenceTime.map { $0 / 1000 } },
    ]

    private static func isEven(_ times: [Double]) -> Bool {
        let steps = zip(times.dropFirst(), times).map { $0 - $1 }
        guard let least = steps.min(), let longest = steps.max(), least > 0 else { return false }
        return longest - least <= max(0.01 * least, 1e-3)
    }

    /// Whether an uneven clock only wavers about the step, or has no fractions of a second; with a point in time missing
    /// it falls behind.
    private static func isRounded(_ times: [Double], step: Double) -> Bool {
        let limit = max(0.5 * step, times.allSatisfy { $0 == $0.rounded() } ? 1 : 0)
        return times.enumerated().allSatisfy { index, time in abs(time - times[0] - Double(index) * step) < limit }
    }

    private static func unevenNote(_ times: [Double]) -> ReadWarning {
        let steps = zip(times.dropFirst(), times).map { $0 - $1 }
        return ReadWarning(
            .timeStepUnknown,
            "points in time are unevenly spaced (\(rounded(steps.min()!)) to \(rounded(steps.max()!)) s): "
                + "no time step is told")
    }
}
