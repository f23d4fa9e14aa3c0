import BurnedInText
import DICOM
import DataSets
import Deidentification
import Parallel

/// Looks for text in the pixels of one DICOM file and blackens it: rules say where to look, the detector finds, and what
/// cannot be settled is held.
struct TextExamination: Sendable {
    /// Whether pixels may be decoded and changed: the option Clean Pixel Data.
    let isAllowed: Bool
    private let rules: DeviceRules
    /// The images of a series are alike, and rules are many.
    private let decided = Locked<[ImageTraits: Verdicts]>([:])

    private struct Verdicts {
        /// With pixels decoded where the rules ask for it, and without.
        var looking: TextRouting.Verdict
        var blind: TextRouting.Verdict
    }

    init(rules: DeviceRules, isAllowed: Bool) { (self.rules, self.isAllowed) = (rules, isAllowed) }

    private func decide(_ traits: ImageTraits) -> Verdicts {
        if let known = decided.withLock({ $0[traits] }) { return known }
        let verdicts = Verdicts(
            looking: TextRouting.decide(traits, rules: rules),
            blind: TextRouting.decide(traits, rules: rules, decodesPixels: false))
        decided.withLock { decided in
            if decided.count >= 1024 { decided = [:] }
            decided[traits] = verdicts
        }
        return verdicts
    }

    enum Result: Sendable {
        case settled(PixelOutcome, note: String?)
        /// Not to be released, and why.
        case held(String)
    }

    /// - Parameter path: of the file, as the system opens it.
    func examine(_ file: PartTenFile, path: String) -> Result {
        guard file.dataSet.hasPixels, let traits = ImageTraits(file) else {
            return .settled(.notExamined, note: nil)
        }
        let verdicts = decide(traits)
        guard isAllowed else { return withoutLooking(verdicts, traits) }
        let verdict = verdicts.looking
        switch verdict.decision {
        case .hold(let reason): return .held(reason)
        // Nobody looked, so nothing is claimed.
        case .clean: return .settled(.notExamined, note: nil)
        case .detect where file.dataSet.hasFloatPixels, .blank where file.dataSet.hasFloatPixels:
            return .held("text is not looked for in pixels that are floating-point numbers; a person must look")
        case .detect: return look(file, path, fixed: [], verdict, detects: true)
        case .blank(let rectangles, let detects): return look(file, path, fixed: rectangles, verdict, detects: detects)
        }
    }

    /// Without the option no pixel is decoded. An image that says that it has text is held, and so is one that a rule
    /// holds; others of the kinds that tend to have text are released with a warning.
    private func withoutLooking(_ verdicts: Verdicts, _ traits: ImageTraits) -> Result {
        if case .hold(let reason) = verdicts.looking.decision { return .held(reason) }
        if traits.saysBurnedIn {
            return .held(
                "its Burned In Annotation is not NO; --option clean-pixel-data looks for the text and blackens it")
        }
        guard case .hold = verdicts.blind.decision else { return .settled(.notExamined, note: nil) }
        return .settled(.notExamined, note: "the pixels were not looked at for text; --option clean-pixel-data does")
    }

    private func look(
        _ file: PartTenFile, _ path: String, fixed: [PixelRectangle], _ verdict: TextRouting.Verdict, detects: Bool
    ) -> Result {
        let detector = TextDetector()
        var found: [Int: [PixelRectangle]] = [:]
        var (redrawn, isUnsettled) = ([[UInt8]](), false)
        let isNative = file.encoding.isNative
        do {
            try DICOMFrames.forEach(path: path) { frame, planes, outline in
                var rectangles = fixed
                if detects {
                    let regions = detector.regions(in: Self.grayPlanes(planes, outline)).map(\.rectangle)
                    rectangles += TextRouting.widened(regions, outside: verdict.widensOutside, columns: outline.columns)
                }
                if !rectangles.isEmpty { found[frame] = rectangles }
                guard !rectangles.isEmpty || !isNative else { return true }
                // Wider words have no text, and are not drawn anew.
                guard outline.bits <= 16 else {
                    isUnsettled = !rectangles.isEmpty || !found.isEmpty
                    return !isUnsettled
                }
                let picture = FrameDrawing(
                    planes, outline, isInverted: file.dataSet.text(.photometricInterpretation) == "MONOCHROME1")
                let blackened = picture.blackened(rectangles)
                // A second look at what is left: text that was cut in two is text still, but for soft edges beside a rectangle.
                if detects, !rectangles.isEmpty,
                    detector.regions(in: Self.grayPlanes(blackened.planes, outline)).contains(where: { region in
                        !rectangles.contains { $0.padded(by: 2).intersects(region.rectangle) }
                    })
                {
                    isUnsettled = true
                    return false
                }
                if !isNative { redrawn.append(blackened.bytes) }
                return true
            }
        } catch {
            return .held("its pixels cannot be looked at for text: \(error.message)")
        }
        if isUnsettled { return .held("the text in it could not be blackened for sure; a person must look") }
        guard !found.isEmpty else { return .settled(.textFree(), note: nil) }
        let note = "text was found and blackened in \(found.count) frame\(found.count == 1 ? "" : "s")"
        guard isNative else {
            return .settled(.textFree(redrawn: RedrawnPixels(redrawn.flatMap { $0 }, file)), note: note)
        }
        do {
            return .settled(.textFree(patches: try NativeRedaction(file).patches(found)), note: note)
        } catch {
            return .held("its text cannot be blackened: \(error)")
        }
    }

    /// The planes in which text can be told from what is around it.
    private static func grayPlanes(_ planes: [[Float]], _ outline: DICOMFrames.Outline) -> [GrayPlane] {
        guard planes.count == 3 else { return [GrayPlane(planes[0], height: outline.rows, width: outline.columns)] }
        var samples: [UInt16] = []
        samples.reserveCapacity(3 * planes[0].count)
        for pixel in planes[0].indices {
            for plane in planes { samples.append(UInt16(max(0, min(65535, plane[pixel])))) }
        }
        return GrayPlane.planes(interleavedRGB: samples, height: outline.rows, width: outline.columns)
    }
}

extension ImageTraits {
    /// Nil for files without rows and columns.
    init?(_ file: PartTenFile) {
        guard let rows = file.integer(.rows), let columns = file.integer(.columns) else { return nil }
        let data = file.dataSet
        let burnedIn = data.text(.burnedInAnnotation)
        let regions = (data[Tag(0x0018, 0x6011)]?.items ?? []).compactMap { region -> PixelRectangle? in
            func number(_ element: UInt16) -> Int? { region[Tag(0x0018, element)].flatMap { file.integer($0) } }
            guard let left = number(0x6018), let top = number(0x601A), let right = number(0x601C),
                let bottom = number(0x601E)
            else { return nil }
            return Self.ultrasoundRegion(minX: left, minY: top, maxX: right, maxY: bottom)
        }
        self.init(
            sopClass: data.text(.sopClassUID), modality: data.text(.modality),
            manufacturer: data.text(Tag(0x0008, 0x0070)),
            model: data.text(Tag(0x0008, 0x1090)), rows: rows, columns: columns,
            imageType: data.text(Tag(0x0008, 0x0008)).split(separator: "\\").map(String.init),
            burnedIn: burnedIn.isEmpty ? nil : burnedIn, ultrasoundRegions: regions)
    }
}
