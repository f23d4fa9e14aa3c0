import Cryptography
import DICOM
import DataSets
import Deidentification
import Faces
import Files
import PNG
import Parallel
import Pipelines
import Volumes

/// Looks for heads with faces in the CT and MR series of a run, and says of each file which of its pixels have to go. A
/// series is looked at once, when its first file comes.
final class FaceExamination: Sendable {
    enum Verdict: Sendable {
        /// The option is not in force, or the kind of image never shows a face.
        case notAsked
        /// Images that may show a face in which none can be looked for; a warning.
        case notSought(String)
        /// No head, or one without a face.
        case free
        /// Pixels to replace, in each frame.
        case cut(FaceCut)
        case held(String)

        /// Frames of one object may make several volumes (echoes, flip angles): what was found in one holds for the file.
        func joined(with other: Verdict) -> Verdict {
            switch (self, other) {
            case (.held, _): self
            case (_, .held): other
            case (.cut(let cut), .cut(let more)):
                cut.joined(with: more).map { .cut($0) }
                    ?? .held("the faces in its volumes would be filled with unlike values")
            case (.cut, _): self
            default: other
            }
        }
    }

    private struct Member: Sendable {
        let path: String
        let modality: String
    }

    private final class Series: Sendable {
        /// Known once the first file asked, and forgotten when the last one has: a run may have thousands of series.
        let state: Locked<(verdicts: [String: Verdict]?, left: Int)>
        init(count: Int) { state = Locked((nil, count)) }
    }

    private let isAsked: Bool
    private let pictures: String?
    private let names: Pseudonyms
    private let members: [String: [Member]]
    private let series: [String: Series]

    /// - Parameter pictures: a folder for the pictures of heads before and after, for a person's check.
    init(_ units: [WorkUnit<AnonymizationInput>], isAsked: Bool, pictures: String?, names: Pseudonyms) {
        (self.isAsked, self.pictures, self.names) = (isAsked, pictures, names)
        var members: [String: [Member]] = [:]
        if isAsked {
            for unit in units {
                guard case .process(let input) = unit.verdict, let head = input.head else { continue }
                members[head.seriesInstanceUID, default: []].append(
                    Member(path: input.file.path, modality: head.modality))
            }
        }
        self.members = members
        series = members.mapValues { Series(count: $0.count) }
    }

    func verdict(of file: PartTenFile, _ input: AnonymizationInput, _ workers: Workers) -> Verdict {
        guard isAsked, file.dataSet.hasPixels, let head = input.head else { return .notAsked }
        switch head.modality {
        case "CT", "MR":
            guard !file.dataSet.hasFloatPixels else {
                return .held("a face is not looked for in pixels that are floating-point numbers; a person must look")
            }
        case "PT": return .notSought("PET is not looked at for faces: a head in it keeps its outline")
        case "XC", "ES", "GM", "OP", "DMS": return .held("a photograph may show a face; a person must look")
        default: return .notAsked
        }
        guard let series = series[head.seriesInstanceUID] else { return .held("its series is not known") }
        // Files of one series wait here for the first of them.
        let verdict = series.state.withLock { state -> Verdict? in
            let known = state.verdicts ?? examine(members[head.seriesInstanceUID] ?? [], workers)
            state.left -= 1
            state.verdicts = state.left > 0 ? known : nil
            return known[head.sopInstanceUID]
        }
        return verdict
            ?? .held("it is not a slice of a volume in which a face could be looked for")
    }

    /// By SOP Instance UID.
    private func examine(_ members: [Member], _ workers: Workers) -> [String: Verdict] {
        var verdicts: [String: Verdict] = [:]
        let headers = members.compactMap { try? DICOMFile.header(path: $0.path) }
        for series in SeriesReader.group(headers) {
            func note(_ verdict: Verdict, _ uid: String) {
                verdicts[uid] = verdicts[uid].map { $0.joined(with: verdict) } ?? verdict
            }
            func all(_ verdict: Verdict) { for uid in Set(series.headers.map(\.sopInstanceUID)) { note(verdict, uid) } }
            do {
                let volume = try SeriesReader.read(series, workers: workers).0
                let examination = HeadCheck.examine(volume, hints: hints(series.headers), workers: workers)
                switch examination.finding {
                case .noHead, .headWithoutFace: all(.free)
                case .unsure: all(.held("whether it shows a face is not sure: \(examination.reason)"))
                case .headWithFace:
                    let defaced = try Defacing.deface(volume, examination: examination, workers: workers)
                    try draw(volume, defaced.volume, series.headers[0].seriesInstanceUID, workers)
                    let cuts = try FaceCut.cuts(of: defaced)
                    // A slice without a pixel of the face is of a defaced head all the same.
                    for uid in Set(series.headers.map(\.sopInstanceUID)) {
                        note(cuts[uid].map { .cut($0) } ?? .free, uid)
                    }
                }
            } catch let error as FaceError {
                all(.held("its face cannot be removed: \(error.description)"))
            } catch let error as DICOMError {
                all(
                    .held(
                        "its series cannot be read as a volume, in which a face could be looked for: \(error.message)"))
            } catch {
                all(.held("its face cannot be removed"))
            }
        }
        return verdicts
    }

    /// Of all files of a series, whichever of them was the first to ask.
    private func hints(_ headers: [DICOMHeader]) -> HeadHints {
        let parts = headers.map { header in
            (try? PartTenFile(path: header.path, through: .bodyPartExamined))?.dataSet.text(.bodyPartExamined) ?? ""
        }
        return HeadHints(bodyParts: Set(parts))
    }

    /// Front and both sides, before in the upper row and after in the lower.
    private func draw(_ before: Volume, _ after: Volume, _ uid: String, _ workers: Workers) throws {
        guard let pictures else { return }
        let pair = try FaceRendering.compare(before, after, workers: workers)
        let rows = [pair.before, pair.after].map { [$0.front, $0.left, $0.right] }
        let height = rows.joined().map(\.height).max() ?? 0
        let width = rows[0].reduce(0) { $0 + $1.width }
        var pixels = [UInt8](repeating: 0, count: 2 * height * width)
        for (row, images) in rows.enumerated() {
            var left = 0
            for image in images {
                for y in 0..<image.height {
                    let start = (row * height + y) * width + left
                    pixels.replaceSubrange(
                        start..<start + image.width, with: image.pixels[y * image.width..<(y + 1) * image.width])
                }
                left += image.width
            }
        }
        let name = names.name("face\u{1F}\(uid)", .path)
        let bytes = try PNGFile.encode(width: width, height: 2 * height, channels: 1, bytes: pixels)
        try AtomicFile.write("\(pictures)/\(name).png") { (sink) throws(FileError) in try sink.write(bytes) }
    }
}
