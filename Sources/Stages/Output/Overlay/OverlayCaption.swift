import Transforms
import Volumes

/// What stands under a picture.
struct OverlayCaption {
    private let facts: [String]
    private let notice: String

    /// - Parameters:
    ///   - boxes: what is drawn; a slice of a volume may show some of its findings.
    ///   - method: of the heatmaps, if there are any.
    init(_ item: Item, slice: Int, boxes: [OverlayBox], method: String?) {
        var facts: [String] = []
        if let name = Self.name(ofSlice: slice, in: item) {
            let depth = item.source.shape.depth
            facts.append(name + (Self.isFileSlice(slice, in: item) ? " (0 to \(depth - 1))" : ""))
        }
        let count = item.findings?.findings.count ?? 0
        let what = count == 1 ? "finding" : "findings"
        facts.append(
            count == 0 ? "no finding" : boxes.count < count ? "\(boxes.count) of \(count) \(what)" : "\(count) \(what)")
        if let abnormality = item.findings?.abnormality {
            let whole = item.volume.shape.depth > 1 ? " of the volume" : ""
            facts.append("abnormality\(whole) \(abnormality.wholePercent)%")
        }
        if boxes.contains(where: { $0.finding.confidence == .manualReview }) {
            facts.append("review: " + ConfidenceBand.manualReview.rawValue)
        }
        self.facts = facts
        notice = (method.map { "\($0)   " } ?? "") + Canvas.notice
    }

    /// As many facts to a line as there is room for.
    func lines(width: Int) -> [(text: String, isNotice: Bool)] {
        var lines: [String] = []
        for fact in facts {
            let longer = (lines.last.map { $0 + "   " } ?? "") + fact
            if lines.isEmpty || Canvas.textWidth(longer) > width {
                lines.append(fact)
            } else {
                lines[lines.count - 1] = longer
            }
        }
        return lines.map { ($0, false) } + [(notice, true)]
    }

    /// What people find a slice by: its number in the file, as `key_slice` has it, or, where the file's slices were cut
    /// across, its place in the patient. Nil for a single slice.
    static func name(ofSlice slice: Int, in item: Item) -> String? {
        guard item.volume.shape.depth > 1 || item.source.shape.depth > 1 else { return nil }
        if isFileSlice(slice, in: item) {
            return "slice \(FindingPlace.slice(.wholeSlice(slice, of: item.volume.shape), in: item))"
        }
        let normal = item.source.patient.linear(item.volume.geometry.steps[2])
        let axis = (0..<3).max { abs(normal[$0]) < abs(normal[$1]) } ?? 2
        let middle = Box.wholeSlice(slice, of: item.volume.shape).center - 0.5
        let place = item.source.patient(item.volume.geometry.position(ofIndex: middle))[axis]
        return "\(["sagittal", "coronal", "axial"][axis]) at \(Int(clamping: place.rounded())) mm"
    }

    /// Whether all of a slice lies within one of the file's.
    private static func isFileSlice(_ slice: Int, in item: Item) -> Bool {
        guard
            let box = Box.wholeSlice(slice, of: item.volume.shape).mapped(
                from: item.volume.geometry, to: item.source.geometry)
        else { return false }
        return box.size.z < 1.5
    }
}
