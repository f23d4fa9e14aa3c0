/// Decides from an image's attributes what becomes of its pixels, before any of them is decoded.
public enum TextRouting {
    public enum Decision: Sendable, Hashable {
        /// No look at the pixels.
        case clean
        case detect
        /// Rectangles become black; then the detector looks, or not.
        case blank([PixelRectangle], thenDetect: Bool)
        /// The image is not passed on.
        case hold(reason: String)
    }

    /// A decision and what it stands on, for the audit.
    public struct Verdict: Sendable, Hashable {
        public var decision: Decision
        /// Names of the rules that took part, in the file's order; empty when none matched.
        public var rules: [String]
        /// Where found text takes its rows with it: `widened` gets them. Empty means nowhere.
        public var widensOutside: [PixelRectangle]
    }

    /// - All rules that match give their rectangles.
    /// - Any `hold` holds.
    /// - The first rule that says `detect` decides about the detector. No rule: it looks.
    /// - Burned In Annotation YES, or anything but NO: it looks, whatever the rules say.
    ///
    /// - Parameter decodesPixels: whether the run is allowed to decode pixels and to write changed ones.
    public static func decide(_ traits: ImageTraits, rules: DeviceRules, decodesPixels: Bool = true) -> Verdict {
        let matching = rules.rules.filter { $0.match.holds(for: traits) }
        var verdict = Verdict(decision: .clean, rules: matching.map(\.name), widensOutside: [])
        if let reason = matching.lazy.compactMap(\.hold).first {
            verdict.decision = .hold(reason: reason)
            return verdict
        }
        var rectangles = matching.flatMap(\.blank)
        let outside = matching.lazy.compactMap(\.outsideRegions).first ?? .leave
        if !traits.ultrasoundRegions.isEmpty {
            switch outside {
            case .widen: verdict.widensOutside = traits.ultrasoundRegions
            case .blank: rectangles += rowsOutside(traits)
            case .leave: break
            }
        }
        rectangles = rectangles.map { $0.clipped(rows: traits.rows, columns: traits.columns) }.filter { !$0.isEmpty }

        let detection = traits.saysBurnedIn ? .always : matching.lazy.compactMap(\.detect).first ?? .always
        let detects = detection == .always || detection == .whenAllowed && decodesPixels
        if !decodesPixels, detects || !rectangles.isEmpty {
            verdict.decision = .hold(
                reason: traits.saysBurnedIn
                    ? "Burned In Annotation is not NO and this run does not decode pixels"
                    : "text in the pixels cannot be ruled out, and this run does not decode pixels")
        } else if rectangles.isEmpty {
            verdict.decision = detects ? .detect : .clean
        } else {
            verdict.decision = .blank(rectangles, thenDetect: detects)
        }
        return verdict
    }

    /// The rows above and below all ultrasound regions.
    private static func rowsOutside(_ traits: ImageTraits) -> [PixelRectangle] {
        let top = traits.ultrasoundRegions.map(\.y).min() ?? 0
        let bottom = traits.ultrasoundRegions.map(\.bottom).max() ?? traits.rows
        return [
            PixelRectangle(x: 0, y: 0, width: traits.columns, height: top),
            PixelRectangle(x: 0, y: bottom, width: traits.columns, height: traits.rows - bottom),
        ]
    }

    /// Found rectangles that lie outside of an ultrasound image's regions, widened over their rows until a region begins.
    ///
    /// A line of patient data that was found in part goes as a whole. What touches a region stays as it was found.
    public static func widened(
        _ found: [PixelRectangle], outside regions: [PixelRectangle], columns: Int
    ) -> [PixelRectangle] {
        guard !regions.isEmpty else { return found }
        return found.map { rectangle in
            guard !regions.contains(where: { $0.intersects(rectangle) }) else { return rectangle }
            let beside = regions.filter { $0.y < rectangle.bottom && rectangle.y < $0.bottom }
            let left = beside.map(\.right).filter { $0 <= rectangle.x }.max() ?? 0
            let right = beside.map(\.x).filter { $0 >= rectangle.right }.min() ?? columns
            return PixelRectangle(x: left, y: rectangle.y, width: right - left, height: rectangle.height)
        }
    }
}
