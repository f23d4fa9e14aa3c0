import Files
import Foundation
import PNG
import Pipelines
import Volumes

/// `ITEM.quality.json`: what the quality page of a run shows of one item. The page is put together from these when all
/// items are done, so that a resumed run and a merge of shards need no image again.
struct QualityRecord: Codable {
    static let suffix = ".quality.json"

    struct View: Codable {
        var shape: [Int]
        var spacing: [Double]?
        var unit: String?
        var least: Double
        var greatest: Double
        /// Of the histogram's outer edges.
        var low: Double
        var high: Double
        var counts: [Int]
        var width: Int
        var height: Int
        /// PNG, base64.
        var picture: String
    }

    /// Of a detector, by falling score; nil when none looked at the image.
    struct Finding: Codable {
        var label: String
        var score: Double
        /// `ConfidenceBand`, in words.
        var band: String
    }

    var before: View
    var after: View
    /// Values that a stage mapped to its range, in the units of `before`: least and greatest.
    var window: [Double]?
    var findings: [Finding]?
    /// Of the image as a whole, in [0, 1].
    var abnormality: Double?

    /// The item as it is to be written.
    /// - Throws: `TransformError` or `PNGError` when it cannot be shown.
    static func file(_ item: Item) throws -> OutputFile {
        let after = try QualityView(item.volume)
        let before = item.before ?? after
        var json: JSONValue = [
            "before": try before.json, "after": try after.json,
            "window": item.history.window(on: before).map { .array($0.map { .number(Double($0)) }) } ?? .null,
        ]
        if let findings = item.findings?.findings {
            json.set(
                "findings",
                .array(
                    findings.map { finding in
                        [
                            "label": .string(finding.label), "score": .number((finding.score * 1e4).rounded() / 1e4),
                            "band": .string(finding.confidence.rawValue),
                        ]
                    }))
            json.set("abnormality", item.findings?.abnormality.map { .number(($0 * 1e4).rounded() / 1e4) } ?? .null)
        }
        return OutputFile(suffix: suffix, text: json.text() + "\n")
    }

    /// - Throws: `FileError`; nil when it holds something else.
    static func read(_ path: String) throws(FileError) -> QualityRecord? {
        let bytes = try FileBytes.read(path, limit: 1 << 22)
        return try? JSONDecoder().decode(QualityRecord.self, from: Data(bytes))
    }
}

extension QualityView {
    fileprivate var json: JSONValue {
        get throws(PNGError) {
            let png = try PNGFile.encode(
                width: picture.width, height: picture.height, channels: picture.channels, bytes: picture.pixels)
            return [
                "shape": .array(shape.map { .integer($0) }),
                "spacing": spacing.map { .array($0.map { .number(($0 * 1e4).rounded() / 1e4) }) } ?? .null,
                "unit": unit.map { .string($0) } ?? .null,
                "least": .number(Double(extent.lowerBound)), "greatest": .number(Double(extent.upperBound)),
                "low": .number(Double(histogram.range.lowerBound)), "high": .number(Double(histogram.range.upperBound)),
                "counts": .array(histogram.counts.map { .integer($0) }),
                "width": .integer(picture.width), "height": .integer(picture.height),
                "picture": .string(Data(png).base64EncodedString()),
            ]
        }
    }
}

extension History {
    /// The values that the last window or normalize stage maps to its range; those of percentiles as `view` has them.
    fileprivate func window(on view: QualityView) -> [Float]? {
        for entry in entries.reversed() {
            func number(_ key: String) -> Double? {
                let value = entry.notes.first { $0.key == key }?.value ?? entry.parameters[key]
                if case .number(let number)? = value { return number }
                if case .integer(let number)? = value { return Double(number) }
                return nil
            }
            if entry.stage == "window", let center = number("center"), let width = number("width") {
                return [Float(center - width / 2), Float(center + width / 2)]
            }
            if entry.stage == "normalize" {
                // Of several channels the view knows one.
                guard view.shape[0] == 1 else { return nil }
                switch entry.parameters["method"] {
                case .string("percentile"):
                    return [
                        view.histogram.percentile(number("lower") ?? 0),
                        view.histogram.percentile(number("upper") ?? 100),
                    ]
                case .string("min-max"): return [view.extent.lowerBound, view.extent.upperBound]
                default: return nil
                }
            }
        }
        return nil
    }
}

/// `report: { format: html, items: 500 }`
struct QualityOptions: OutputOptions {
    static let parameters: [Parameter<QualityOptions>] = [
        .integer(
            "items", \.items, in: 1...5000, unit: "items",
            "Most items with pictures on the page, those with warnings first; about 25 kB each.")
    ]

    var items = 500
}

extension Output<Item> {
    /// `report: html`: one page for the run, and `ITEM.quality.json` that it is made of.
    static let report = Output(
        name: "report", summary: "One page for the run: slices before and after, histograms, warnings, failures.",
        formats: ["html"], requires: [.image], options: QualityOptions.self
    ) { item, _, _, _ in [try QualityRecord.file(item)] }
}
