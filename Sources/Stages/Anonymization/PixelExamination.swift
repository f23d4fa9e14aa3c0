import DataSets
import Deidentification
import Parallel

/// What becomes of a file's pixels: text first, then faces.
struct PixelExamination: Sendable {
    let text: TextExamination
    let faces: FaceExamination

    func examine(_ file: PartTenFile, _ input: AnonymizationInput, _ workers: Workers) -> TextExamination.Result {
        let read = text.examine(file, path: input.file.path)
        guard case .settled(var outcome, let note) = read else { return read }
        switch faces.verdict(of: file, input, workers) {
        case .notAsked where file.saysRecognizable, .notSought where file.saysRecognizable:
            return .held(
                "its Recognizable Visual Features is YES; --option clean-recognizable-visual-features looks for faces in "
                    + "CT and MR, and a person must look at others")
        case .notAsked: return read
        case .notSought(let warning):
            return .settled(outcome, note: [note, warning].compactMap { $0 }.joined(separator: "; "))
        case .held(let reason): return .held(reason)
        case .free:
            outcome.isFreeOfFeatures = true
            return .settled(outcome, note: note)
        case .cut(let cut):
            guard outcome.patches.isEmpty, outcome.redrawn == nil else {
                return .held("both text and a face would have to be removed from its pixels; a person must look")
            }
            do {
                var defaced = try cut.outcome(for: file, path: input.file.path)
                defaced.isFreeOfText = outcome.isFreeOfText
                let notes = [note, "a face was cut out of the head that it shows"].compactMap { $0 }
                return .settled(defaced, note: notes.joined(separator: "; "))
            } catch {
                return .held("its face cannot be cut out of its pixels")
            }
        }
    }
}

extension PartTenFile {
    /// Whether the header itself says that the pixels show whom they are of (PS3.3 C.7.6.1).
    fileprivate var saysRecognizable: Bool {
        dataSet.hasPixels && dataSet.text(Tag(0x0028, 0x0302)).uppercased() == "YES"
    }
}

extension DataSet {
    /// Pixel Data, Float Pixel Data or Double Float Pixel Data (PS3.3 C.7.6.3, C.7.6.24, C.7.6.25).
    var hasPixels: Bool { self[.pixelData] != nil || hasFloatPixels }
    var hasFloatPixels: Bool { self[.floatPixelData] != nil || self[.doubleFloatPixelData] != nil }
}
