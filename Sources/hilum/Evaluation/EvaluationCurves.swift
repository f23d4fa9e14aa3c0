import Files
import PNG
import Stages
import Training

/// Pictures of an evaluation: `froc.png`, `precision-recall.png`, `reliability.png`.
struct EvaluationCurves {
    let metrics: EvaluationMetrics
    private var images: [ImageResult] { metrics.located.map { metrics.results[$0].result } }

    func write(to folder: String) throws {
        for (name, plot) in [("froc", froc), ("precision-recall", precisionRecall), ("reliability", reliabilityPlot)] {
            try writePNG(plot.render(), "\(folder)/\(name).png")
        }
    }

    private var froc: LinePlot {
        let x = LinePlot.Axis(
            "false positives per image (logarithmic)", 0.01...8, ticks: [0.01, 0.03, 0.125, 0.36, 1, 2, 4, 8],
            isLogarithmic: true)
        let series = [0.5, 0.4].map { iou in
            let points = FROC(iou == 0.5 ? metrics.matches : Matches(images, iou: iou))?.points
            return LinePlot.Series(
                "IoU at least \(iou)", (points ?? []).map { (max($0.falsePositivesPerImage, 0.01), $0.sensitivity) })
        }
        return LinePlot(title: "FROC, classes ignored", x: x, y: .share("sensitivity"), series: series)
    }

    private var precisionRecall: LinePlot {
        var series = [curve("all, classes ignored", metrics.matches)]
        for name in metrics.classes.prefix(5) {
            let matches = Matches(images, iou: 0.5, label: name)
            if matches.truthCount > 0 { series.append(curve(name, matches)) }
        }
        return LinePlot(
            title: "Precision and recall, IoU at least 0.5", x: .share("recall"), y: .share("precision"), series: series
        )
    }

    private func curve(_ name: String, _ matches: Matches) -> LinePlot.Series {
        var hits = 0
        var points: [(x: Double, y: Double)] = []
        for (index, box) in matches.boxes.enumerated() {
            if box.isHit { hits += 1 }
            points.append((Double(hits) / Double(max(matches.truthCount, 1)), Double(hits) / Double(index + 1)))
        }
        return LinePlot.Series(name, points)
    }

    private var reliabilityPlot: LinePlot {
        let series = metrics.calibrations.map { name, labels in
            LinePlot.Series(
                "\(name): ECE \(expectedCalibrationError(labels).map(digits) ?? "-")",
                reliability(labels).map { ($0.meanScore, $0.positiveShare) }, hasDots: true)
        }
        return LinePlot(
            title: "Reliability of box scores", x: .share("mean score"), y: .share("share of hits"),
            series: [LinePlot.Series("", [(0, 0), (1, 1)], isReference: true)] + series)
    }
}

func writePNG(_ canvas: Canvas, _ path: String) throws {
    let bytes = try PNGFile.encode(width: canvas.width, height: canvas.height, channels: 3, bytes: canvas.pixels)
    try AtomicFile.write(path) { (sink) throws(FileError) in try sink.write(bytes) }
}
