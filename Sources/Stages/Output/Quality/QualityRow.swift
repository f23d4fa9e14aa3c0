import Pipelines
import Volumes

/// One item's row of the quality page.
struct QualityRow {
    let entry: ManifestEntry
    /// Nil for an item without pictures.
    let record: QualityRecord?

    /// Cells of the head; `data-kind` says how a column is sorted.
    static let titles =
        [
            ("item", "text"), ("status", "text"), ("before", ""), ("histogram and window", ""), ("after", ""),
            ("voxels", "number"), ("least", "number"), ("greatest", "number"), ("warnings and reasons", "number"),
        ].map { title, kind in
            kind.isEmpty
                ? "<th>\(title)</th>" : "<th data-kind=\"\(kind)\"><button type=\"button\">\(title)</button></th>"
        }.joined()

    var html: String {
        let status = entry.status == .ok && !entry.warnings.isEmpty ? "warned" : entry.status.rawValue
        let cells = [
            cell(name, "name"),
            "<td data-v=\"\(status)\"><span class=\"\(status)\">\(entry.status.rawValue)</span></td>",
            cell(record.map { picture($0.before) } ?? "", "picture"),
            cell(record.map(histogram) ?? "", ""),
            cell(record.map { picture($0.after) } ?? "", "picture"),
            number(record.map { Double($0.after.shape.reduce(1, *)) }, record.map { sizes($0) } ?? ""),
            number(record?.before.least, record.map { arrow(short($0.before.least), short($0.after.least)) } ?? ""),
            number(
                record?.before.greatest, record.map { arrow(short($0.before.greatest), short($0.after.greatest)) } ?? ""
            ),
            "<td class=\"what\" data-v=\"\(weight)\">\(what)</td>",
        ]
        return "<tr>\(cells.joined())</tr>\n"
    }

    /// May be broken behind what divides its parts.
    private var name: String {
        var text = escaped(entry.item)
        for mark in ["/", "_", "-"] { text = text.replacing(mark, with: mark + "<wbr>") }
        return text
    }

    /// Failed items above all others, then by the number of warnings.
    private var weight: Int { entry.status == .failed ? 1000 : entry.warnings.count }

    private var what: String {
        var lines =
            findings + entry.warnings.map { "<b class=\"warned\">\(escaped($0.code))</b> \(escaped($0.message))" }
        if let error = entry.error {
            let style = entry.status == .failed ? "failed" : "skipped"
            lines.append("<b class=\"\(style)\">\(escaped(error.code))</b> \(escaped(error.message))")
        }
        return lines.joined(separator: "<br>")
    }

    /// What a detector found, with the band of its score; the first five. And what it says of the image as a whole.
    private var findings: [String] {
        guard let found = record?.findings else { return [] }
        let whole = record?.abnormality.map { ["abnormality \($0.wholePercent)%"] } ?? []
        guard !found.isEmpty else { return ["no finding"] + whole }
        let lines = found.prefix(5).map { finding in
            let style = finding.band == ConfidenceBand.manualReview.rawValue ? "warned" : "ok"
            let percent = "\(ConfidenceBand.percent(finding.score))%"
            return "\(escaped(finding.label)) \(percent) <b class=\"\(style)\">\(escaped(finding.band))</b>"
        }
        return lines + (found.count > 5 ? ["and \(found.count - 5) more"] : []) + whole
    }

    private func cell(_ content: String, _ style: String) -> String {
        style.isEmpty ? "<td>\(content)</td>" : "<td class=\"\(style)\">\(content)</td>"
    }

    private func number(_ value: Double?, _ content: String) -> String {
        "<td class=\"number\" data-v=\"\(value.map { "\($0)" } ?? "")\">\(content)</td>"
    }

    private func picture(_ view: QualityRecord.View) -> String {
        "<img width=\"\(view.width)\" height=\"\(view.height)\" alt=\"slices along z, y and x\" loading=\"lazy\" "
            + "src=\"data:image/png;base64,\(view.picture)\">"
    }

    private func sizes(_ record: QualityRecord) -> String {
        func words(_ view: QualityRecord.View) -> String {
            let sizes = (view.shape[0] == 1 ? Array(view.shape.dropFirst()) : view.shape)
            let spacing = view.spacing.map { "<small>\($0.map(short).joined(separator: " × ")) mm</small>" } ?? ""
            return sizes.map(String.init).joined(separator: " × ") + spacing
        }
        return arrow(words(record.before), words(record.after))
    }

    private func arrow(_ before: String, _ after: String) -> String {
        before == after ? before : "<div>\(before)</div><div>→ \(after)</div>"
    }

    /// Bars of the values before, the window shaded behind them, and the numbers at its edges.
    private func histogram(_ record: QualityRecord) -> String {
        let (view, width, height) = (record.before, 160.0, 60.0)
        let low = min(view.low, record.window?[0] ?? view.low)
        let high = max(view.high, record.window?[1] ?? view.high)
        guard high > low else { return "<small>every voxel is \(short(view.least))</small>" }
        func place(_ value: Double) -> Double { ((value - low) / (high - low) * width * 10).rounded() / 10 }
        let (greatest, bins) = (logarithm(view.counts.max() ?? 1), Double(view.counts.count))
        var path = "M\(place(view.low)) \(height)"
        for (index, count) in view.counts.enumerated() {
            let top = height - (logarithm(count) / max(greatest, 1e-9) * (height - 4) * 10).rounded() / 10
            let right = place(view.low + (view.high - view.low) * Double(index + 1) / bins)
            path += "V\(top)H\(right)"
        }
        path += "V\(height)Z"
        var svg = "<svg width=\"\(Int(width))\" height=\"\(Int(height))\" role=\"img\" aria-label=\"histogram\">"
        if let window = record.window {
            svg += "<rect class=\"window\" x=\"\(place(window[0]))\" y=\"0\" "
            svg += "width=\"\(max(place(window[1]) - place(window[0]), 1))\" height=\"\(Int(height))\"/>"
        }
        svg += "<path d=\"\(path)\"/></svg>"
        let unit = view.unit.map { " \(escaped($0))" } ?? ""
        let ends = "<small class=\"ends\"><span>\(short(low))</span><span>\(short(high))\(unit)</span></small>"
        let window = record.window.map { "<small>window \(short($0[0])) to \(short($0[1]))\(unit)</small>" } ?? ""
        return svg + ends + window
    }

    /// Two bits of a logarithm of 1 + x: enough for the height of a bar, and the same on every machine.
    private func logarithm(_ count: Int) -> Double {
        guard count > 0 else { return 0 }
        let bits = Int.bitWidth - (count + 1).leadingZeroBitCount - 1
        return Double(bits) + Double(count + 1 - (1 << bits)) / Double(1 << bits)
    }
}

/// Three significant digits where there are more.
private func short(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e6 { return String(Int(value)) }
    let size = abs(value)
    guard size >= 1e-3, size < 1e6 else {
        return value == 0 ? "0" : scientific(value)
    }
    let scale: Double = size >= 100 ? 1 : size >= 10 ? 10 : size >= 1 ? 100 : size >= 0.1 ? 1000 : 1e5
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() ? String(Int(rounded)) : "\(rounded)"
}

private func scientific(_ value: Double) -> String {
    var (mantissa, exponent) = (value, 0)
    while abs(mantissa) >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while abs(mantissa) < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    return "\((mantissa * 100).rounded() / 100)e\(exponent)"
}
