import Volumes

extension AcquisitionFields {
    /// How the frames of one volume were acquired. A middle slice stands for all of a channel; a value that differs from
    /// channel to channel becomes a list with one for each.
    public init(_ series: Series) throws(DICOMError) {
        let channels = try Self.channels(of: series)
        let last = channels.count - 1
        var found = channels[0].fields.compactMap { name, value -> (name: String, value: Value)? in
            let values = channels.compactMap { $0[name] }
            // Of a whole series, the number of its first acquisition.
            if values.allSatisfy({ $0 == value }) || name == "AcquisitionNumber" { return (name, value) }
            return values.count > last ? (name, Self.list(values)) : nil
        }
        let times = series.parts.joined().compactMap(\.moment.acquisitionTime)
        if times.count > 1, let start = times.min(),
            let index = found.firstIndex(where: { $0.name == "AcquisitionTime" })
        {
            found[index].value = .text(Self.clock(start))
        }
        if let starts = Self.frameTimesStart(series) { found.append(("FrameTimesStart", .numbers(starts))) }
        self.init(found)
    }

    private subscript(name: String) -> Value? { fields.first { $0.name == name }?.value }

    /// Of each channel a middle file, and the first frame that is taken from it.
    private static func channels(of series: Series) throws(DICOMError) -> [AcquisitionFields] {
        let middle = series.headers.count / 2
        guard let first = series.parts.first else {
            return try read(path: series.headers[middle].path, frames: [0])
        }
        guard series.parts.count > 1 else {
            let plane = first.first { $0.file == middle } ?? first[0]
            return try read(path: series.headers[middle].path, frames: [plane.frame])
        }
        let chosen = series.parts.map { part in
            let files = Set(part.map(\.file)).sorted()
            return part.first { $0.file == files[files.count / 2] } ?? part[0]
        }
        // An object with many channels is opened once.
        var result: [AcquisitionFields] = []
        while result.count < chosen.count {
            let run = chosen[result.count...].prefix { $0.file == chosen[result.count].file }
            result += try read(path: series.headers[run[run.startIndex].file].path, frames: run.map(\.frame))
        }
        return result
    }

    /// Lists do not become lists of lists: those of a volume agree but for rounding.
    private static func list(_ values: [Value]) -> Value {
        var (numbers, texts): ([Double], [String]) = ([], [])
        for value in values {
            switch value {
            case .number(let number): numbers.append(number)
            case .text(let text): texts.append(text)
            case .numbers, .texts: return values[0]
            }
        }
        return texts.isEmpty ? .numbers(numbers) : .texts(texts)
    }

    /// HH:MM:SS.ffffff of seconds from the first midnight.
    private static func clock(_ seconds: Double) -> String {
        let microseconds = Int((seconds.truncatingRemainder(dividingBy: 86400) * 1e6).rounded())
        func digits(_ value: Int, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let whole = microseconds / 1_000_000
        return [digits(whole / 3600, 2), digits(whole / 60 % 60, 2), digits(whole % 60, 2)].joined(separator: ":")
            + "." + digits(microseconds % 1_000_000, 6)
    }

    /// Seconds from the first time frame of dynamic PET to each, as BIDS has them: Acquisition Time is when one begins
    /// (PS3.3 C.8.9.4).
    private static func frameTimesStart(_ series: Series) -> [Double]? {
        guard series.modality.rawValue == "PT", case .time = series.channelAxis else { return nil }
        let starts = series.parts.compactMap { part in part.compactMap(\.moment.acquisitionTime).min() }
        guard starts.count == series.parts.count, zip(starts.dropFirst(), starts).allSatisfy({ $0 > $1 }) else {
            return nil
        }
        return starts.map { (($0 - starts[0]) * 1e6).rounded() / 1e6 }
    }
}
