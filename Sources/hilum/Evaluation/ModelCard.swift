import Files
import Foundation
import Training

/// Puts the numbers of a run into a model's card, between two marks, so that they cannot drift from what was measured.
struct ModelCard {
    static let start = "<!-- metrics: written by hilum model evaluate --card; do not edit -->"
    static let end = "<!-- end of metrics -->"

    let path: String

    /// - Parameters:
    ///   - command: how the numbers can be had again.
    ///   - digest: of the model that was measured.
    /// - Throws: as `check`.
    func write(_ report: EvaluationReport, command: String, digest: String, confounded: Bool) throws {
        let (before, after) = try parts()
        var lines = [
            "", "    \(command)", "", "\(report.title). Model digest `\(digest.prefix(16))`.", "", report.table,
        ]
        lines += report.rules.map { "- \($0)" }
        if confounded {
            lines.append(
                "- **Image-level numbers (area under ROC, specificity, kappa) are confounded by source**: images with and without findings come from different sources, and a network that merely knew the sources would do well too."
            )
        }
        lines.append("")
        try AtomicFile.write(path, text: before + lines.joined(separator: "\n") + after)
    }

    /// - Throws: `UsageError` when there is no card, or it does not hold both marks, once each.
    func check() throws { _ = try parts() }

    /// The card up to where the numbers go, mark included, and from there on.
    private func parts() throws -> (before: String, after: String) {
        let text = try readCard()
        guard let from = text.range(of: Self.start), let to = text.range(of: Self.end),
            from.upperBound <= to.lowerBound,
            text.components(separatedBy: Self.start).count == 2, text.components(separatedBy: Self.end).count == 2
        else {
            throw UsageError(
                "\(path) must hold the lines \"\(Self.start)\" and \"\(Self.end)\", once each: the numbers go between them"
            )
        }
        return (String(text[..<from.upperBound]), String(text[to.lowerBound...]))
    }

    private func readCard() throws -> String {
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            throw UsageError("there is no model card \(path)")
        }
        return text
    }

    /// Whether no source has images both with and without findings.
    static func isConfounded(_ images: [LabelledImage]) -> Bool {
        let sources = Dictionary(grouping: images) { $0.site ?? "" }
        let kinds = sources.values.map { Set($0.map(\.isAbnormal)) }
        return kinds.count > 1 && kinds.allSatisfy { $0.count == 1 } && Set(kinds).count == 2
    }
}
