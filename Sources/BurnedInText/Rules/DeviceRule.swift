/// One rule of a file: for which images, and what becomes of their pixels.
public struct DeviceRule: Sendable, Hashable {
    public var name: String
    public var match: Match
    /// Rectangles that this device writes text into.
    public var blank: [PixelRectangle]
    public var detect: Detection?
    public var outsideRegions: OutsideRegions?
    /// Why these images are not passed on at all.
    public var hold: String?

    /// When the detector looks at the pixels.
    public enum Detection: String, Sendable, CaseIterable {
        /// Always. Where a run may not decode pixels, the image is held.
        case always
        /// Where the run decodes pixels; otherwise the image passes.
        case whenAllowed
        /// These pixels are not decoded, and nothing is claimed of them.
        case never
    }

    /// What becomes of text outside of an ultrasound image's declared regions.
    public enum OutsideRegions: String, Sendable, CaseIterable {
        /// Found text takes its whole row with it, up to the regions.
        case widen
        /// All pixels above and below the regions become black without a look at them.
        case blank
        /// As inside.
        case leave
    }

    /// Conditions, all of which must hold; an empty list holds always.
    public struct Match: Sendable, Hashable {
        /// One of these; `*` at the end stands for any rest.
        public var sopClass: [String] = []
        public var modality: [String] = []
        public var manufacturer: [String] = []
        public var model: [String] = []
        public var rows: ClosedRange<Int>?
        public var columns: ClosedRange<Int>?
        /// All of these are among the values.
        public var imageType: [String] = []
        /// None of these is among the values.
        public var imageTypeWithout: [String] = []
        /// YES, NO or ABSENT.
        public var burnedIn: [String] = []

        public init() {}
    }
}

extension DeviceRule.Match {
    /// Case and blanks at the ends do not count.
    public func holds(for traits: ImageTraits) -> Bool {
        let types = traits.imageType.map(Self.normalized)
        return Self.isOne(of: sopClass, traits.sopClass) && Self.isOne(of: modality, traits.modality)
            && Self.isOne(of: manufacturer, traits.manufacturer) && Self.isOne(of: model, traits.model)
            && (rows?.contains(traits.rows) ?? true) && (columns?.contains(traits.columns) ?? true)
            && imageType.allSatisfy { wanted in types.contains { Self.fits(wanted, $0) } }
            && !imageTypeWithout.contains { unwanted in types.contains { Self.fits(unwanted, $0) } }
            && Self.isOne(of: burnedIn, traits.burnedInAnswer)
    }

    private static func isOne(of patterns: [String], _ value: String) -> Bool {
        patterns.isEmpty || patterns.contains { fits($0, normalized(value)) }
    }

    /// `GE*` fits `GE MEDICAL SYSTEMS`; `*LOGIQ*` what holds the word anywhere.
    private static func fits(_ pattern: String, _ value: String) -> Bool {
        let pattern = normalized(pattern)
        let starts = pattern.hasPrefix("*")
        let ends = pattern.hasSuffix("*") && pattern.count > 1
        let core = pattern.dropFirst(starts ? 1 : 0).dropLast(ends ? 1 : 0)
        return switch (starts, ends) {
        case (false, false): value == core
        case (false, true): value.hasPrefix(core)
        case (true, false): value.hasSuffix(core)
        case (true, true): core.isEmpty || contains(value, core)
        }
    }

    private static func contains(_ value: String, _ part: Substring) -> Bool {
        value.indices.contains { value[$0...].hasPrefix(part) }
    }

    static func normalized(_ text: String) -> String {
        let kept = text.uppercased().drop { $0 == " " || $0 == "\0" }
        return String(kept.reversed().drop { $0 == " " || $0 == "\0" }.reversed())
    }
}
