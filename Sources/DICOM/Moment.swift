/// When, and under which weighting, a picture was taken: what may tell slices at one place apart.
public struct Moment: Sendable, Hashable {
    /// Temporal Position Identifier (0020,0100) or Temporal Position Index (0020,9128).
    public var temporalPosition: Int?
    /// s/mm2
    public var bValue: Double?
    /// Gradient direction in LPS.
    public var direction: SIMD3<Double>?
    /// ms after the R wave.
    public var triggerTime: Double?
    /// s since the first time point (0020,930D).
    public var timeOffset: Double?
    /// ms, PET (0054,1300).
    public var frameReferenceTime: Double?
    public var acquisitionNumber: Int?
    /// s from midnight, or from a fixed day.
    public var acquisitionTime: Double?
    /// s from midnight.
    public var contentTime: Double?
    /// The days that these seconds are of, counted from a fixed day, where the file tells them.
    var acquisitionDay: Int?
    var contentDay: Int?
    /// What else may differ between images at one place, and is no time.
    var settings = Settings()
    /// Dimension Index Values that tell neither stack nor position (PS3.3 C.7.6.17); nil without any.
    var dimensions: [Double]?

    public init() {}

    func over(_ shared: Moment) -> Moment {
        var result = self
        result.temporalPosition = temporalPosition ?? shared.temporalPosition
        result.bValue = bValue ?? shared.bValue
        result.direction = direction ?? shared.direction
        result.triggerTime = triggerTime ?? shared.triggerTime
        result.timeOffset = timeOffset ?? shared.timeOffset
        result.acquisitionNumber = acquisitionNumber ?? shared.acquisitionNumber
        if acquisitionTime == nil {
            (result.acquisitionTime, result.acquisitionDay) = (shared.acquisitionTime, shared.acquisitionDay)
        }
        result.settings = settings.over(shared.settings)
        return result
    }

    /// TM or DT (PS3.5 6.2) as seconds from midnight and, where it is told, the day; nil for anything else.
    static func clock(_ text: String) -> (day: Int?, seconds: Double)? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let digits = parts.first?.prefix(while: { $0.isNumber }), [4, 6, 14].contains(digits.count) else {
            return nil
        }
        let isDateTime = digits.count == 14
        // A TM may leave out its seconds.
        let values = digits.compactMap(\.wholeNumberValue) + (digits.count == 4 ? [0, 0] : [])
        guard values.count == max(digits.count, 6) else { return nil }
        func number(_ range: Range<Int>) -> Int { values[range].reduce(0) { $0 * 10 + $1 } }
        let start = isDateTime ? 8 : 0
        // An offset from UTC may follow the fraction.
        let fraction = parts.count > 1 ? Double("0." + parts[1].prefix { $0.isNumber }) ?? 0 : 0
        let clock =
            number(start..<start + 2) * 3600 + number(start + 2..<start + 4) * 60 + number(start + 4..<start + 6)
        return (isDateTime ? day(number(0..<4), number(4..<6), number(6..<8)) : nil, Double(clock) + fraction)
    }

    /// TM or DT, with the DA that goes with a TM.
    private static func clock(_ text: String?, date: String?) -> (day: Int?, seconds: Double?) {
        guard let text, let clock = clock(text) else { return (nil, nil) }
        let values = (date ?? "").compactMap(\.wholeNumberValue)
        guard clock.day == nil, values.count == 8 else { return clock }
        func number(_ range: Range<Int>) -> Int { values[range].reduce(0) { $0 * 10 + $1 } }
        return (day(number(0..<4), number(4..<6), number(6..<8)), clock.seconds)
    }

    /// Days since 1 March of the year 0 in the Gregorian calendar.
    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let (y, m) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day
    }
}

extension Moment {
    /// What the main data set says.
    init(_ data: Dataset, isMR: Bool) {
        temporalPosition = data.integer(.temporalPositionIdentifier)
        triggerTime = data.number(.triggerTime)
        frameReferenceTime = data.number(.frameReferenceTime)
        acquisitionNumber = data.integer(.acquisitionNumber)
        let time = data.text(.acquisitionDateTime).flatMap { $0.isEmpty ? nil : $0 } ?? data.text(.acquisitionTime)
        (acquisitionDay, acquisitionTime) = Self.clock(time, date: data.text(.acquisitionDate))
        (contentDay, contentTime) = Self.clock(data.text(.contentTime), date: data.text(.contentDate))
        func text(_ tag: Tag) -> String? { data.text(tag).flatMap { $0.isEmpty ? nil : $0 } }
        settings = Settings(
            inversionTime: data.number(.inversionTime), tubeVoltage: data.number(.kvp), kernel: text(.convolutionKernel)
        )
        guard isMR else { return }
        settings.repetitionTime = data.number(.repetitionTime)
        settings.scanOptions = text(.scanOptions)
        settings.receiveCoil = text(.receiveCoilName)
        let weighting = DiffusionWeighting(data)
        (bValue, direction) = (weighting.bValue, weighting.direction)
    }
}
