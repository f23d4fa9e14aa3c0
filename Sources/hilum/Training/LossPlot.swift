import Files
import PNG
import Stages
import Training

#if canImport(Glibc)
    import Glibc
#endif

/// Pictures of a training: `losses.png`, and `validation.png` once the validation part was looked at.
struct LossPlot {
    let history: [EpochRecord]

    func write(to folder: String) throws {
        try write(losses, "\(folder)/losses.png")
        if history.contains(where: { $0.validationDense != nil }) { try write(validation, "\(folder)/validation.png") }
    }

    private var losses: LinePlot {
        let terms: [(String, KeyPath<EpochRecord, Double>)] = [
            ("total", \.total), ("dense", \.dense), ("queries", \.queries), ("abnormality", \.abnormality),
            ("mask", \.mask), ("reconstruction", \.reconstruction),
        ]
        let series = terms.map { name, path in
            LinePlot.Series(name, history.map { (Double($0.epoch), $0[keyPath: path]) })
        }.filter { $0.points.contains { $0.y > 0 } }
        let most = history.map(\.total).max() ?? 1
        let ticks = roundTicks(upTo: most)
        return LinePlot(
            title: "Losses by epoch", x: epochs, y: .init("loss", 0...max(most, ticks.last ?? 1), ticks: ticks),
            series: series)
    }

    private var validation: LinePlot {
        func series(_ name: String, _ path: KeyPath<EpochRecord, Double?>) -> LinePlot.Series {
            LinePlot.Series(
                name, history.compactMap { record in record[keyPath: path].map { (Double(record.epoch), $0) } },
                hasDots: true)
        }
        return LinePlot(
            title: "Validation part by epoch", x: epochs, y: .share("AP50"),
            series: [series("dense", \.validationDense), series("queries", \.validationQueries)])
    }

    private var epochs: LinePlot.Axis {
        let last = Double(max(history.last?.epoch ?? 1, 2))
        return .init("epoch", 0...last, ticks: roundTicks(upTo: last))
    }

    /// 0 and multiples of 1, 2 or 5 times a power of ten, at most eight.
    private func roundTicks(upTo most: Double) -> [Double] {
        guard most > 0, most.isFinite else { return [0] }
        var step = pow(10, (log10(most / 8)).rounded(.down))
        for factor in [2, 2.5, 2] where most / step > 8 { step *= factor }
        return (0...Int(most / step)).map { Double($0) * step }
    }

    private func write(_ plot: LinePlot, _ path: String) throws {
        let canvas = plot.render()
        let bytes = try PNGFile.encode(width: canvas.width, height: canvas.height, channels: 3, bytes: canvas.pixels)
        try AtomicFile.write(path) { (sink) throws(FileError) in try sink.write(bytes) }
    }
}
