import BurnedInText
import DataSets
import Deidentification
import Faces
import Files
import JPEG
import NIfTI
import PNG
import Parallel
import Pipelines
import Volumes

/// De-identifies one file of another kind than DICOM, writes it, and proves it by its bytes.
struct OtherFileCleaning {
    let cleaner: FileCleaner
    let output: String
    let tag: String
    let workers: Workers
    /// Whether pixels of pictures may be looked at for text: the option Clean Pixel Data. Without it none is released.
    let looksAtPictures: Bool

    struct Result {
        var files: [PendingFile] = []
        var proofs: [OutputProof] = []
        var record = CleaningRecord()
    }

    /// - Parameter name: the path of the result below the output folder.
    /// - Throws: `Refusal`, `FileError`, `NIfTIError`, `PNGError`, `JPEGError`; then nothing is left behind.
    func clean(_ input: AnonymizationInput, _ other: OtherFile, name: String) throws -> Result {
        switch other.kind {
        case .nifti: return try image(input, name)
        case .png, .jpeg: return try picture(input, other.kind == .png ? .png : .jpeg, name)
        case .sidecar, .table, .bValues, .bVectors:
            let bytes = try FileBytes.read(input.file.path, limit: 256 << 20)
            let text: CleanedText
            switch other.kind {
            case .sidecar:
                text = try SidecarCleaner(cleaner, other.tree)
                    .clean(bytes, path: input.relativePath, subject: other.subject)
            case .table:
                text = try TableCleaner(cleaner, other.tree)
                    .clean(bytes, path: input.relativePath, subject: other.subject)
            default: text = try GradientTable.clean(bytes, rows: other.kind == .bValues ? 1 : 3)
            }
            return try write(text.bytes, name, text.values, text.allowance, text.record)
        }
    }

    private func write(
        _ bytes: [UInt8], _ name: String, _ values: OriginalValues, _ allowance: ByteScan.Allowance,
        _ record: CleaningRecord
    ) throws -> Result {
        let pending = try AtomicFile.prepare("\(output)/\(name)", tag: tag) { (sink) throws(FileError) in
            try sink.write(bytes)
        }
        do {
            let proof = try OutputProof.check(pending, named: name, values, allowance)
            return Result(files: [pending], proofs: [proof], record: record)
        } catch {
            pending.discard()
            throw error
        }
    }

    // MARK: Images

    private func image(_ input: AnonymizationInput, _ name: String) throws -> Result {
        let image = try StrippedImage(path: input.file.path)
        if cleaner.policy.has(.cleanRecognizableVisualFeatures) {
            let volume = try NIfTIFile.read(path: input.file.path, options: ReadingOptions(workers: workers)).0
            let examination = HeadCheck.examine(volume, workers: workers)
            guard examination.finding == .noHead || examination.finding == .headWithoutFace else {
                throw Refusal(
                    .unexaminedPixels,
                    "it may show a face (\(examination.reason)); `hilum run` with a deidentify stage and this option cuts it out"
                )
            }
        }
        var (values, result) = (OriginalValues(), Result())
        for removed in image.removed {
            values.note(bytes: removed.bytes)
            result.record.countRemoved(removed.place)
        }
        let stem = SplitName(name).stem
        values.note(path: input.relativePath, becoming: name)
        if image.header.extensions.contains(where: { $0.code == 2 }) {
            result.record.warn("a header extension with a DICOM header was removed")
        }
        do {
            for part in image.parts {
                let partName = stem + image.suffix(of: part)
                let pending = try image.prepare(part, at: "\(output)/\(partName)", tag: tag, workers: workers)
                result.files.append(pending)
                let headerLength = part == .voxels ? 0 : image.header.version == 2 ? 544 : 352
                let inflate: ((inout ByteScan) throws -> Void)? =
                    image.suffix(of: part).hasSuffix(".gz") ? { try Self.inflate(pending.temporaryPath, &$0) } : nil
                result.proofs.append(
                    try OutputProof.check(
                        pending, named: partName, values, .binary(from: headerLength), inflated: inflate))
            }
        } catch {
            for file in result.files { file.discard() }
            throw error
        }
        return result
    }

    private static func inflate(_ path: String, _ scan: inout ByteScan) throws {
        var search = scan
        try NIfTIFile.forEachPiece(path: path) { _, buffer in search.search(buffer) }
        scan = search
    }

    // MARK: Pictures

    private func picture(_ input: AnonymizationInput, _ format: FileFormat, _ name: String) throws -> Result {
        let bytes = try FileBytes.read(input.file.path, limit: 1 << 30)
        var (values, record) = (OriginalValues(), CleaningRecord())
        let kept: [UInt8]
        if format == .png {
            let picture = try StrippedPNG(bytes, path: input.relativePath)
            kept = picture.bytes
            for removed in picture.removed {
                values.note(bytes: removed.bytes)
                record.countRemoved(removed.place)
            }
            if picture.hadProfile { record.warn("a colour profile was removed; colours may look different") }
        } else {
            let picture = try StrippedJPEG(bytes, path: input.relativePath)
            kept = picture.bytes
            for removed in picture.removed {
                values.note(bytes: removed.bytes)
                record.countRemoved(removed.place)
            }
        }
        guard looksAtPictures else { throw Refusal.unexaminedPicture }
        guard try format != .png || PNGFile.isOpaque(kept) else {
            throw Refusal(
                .unexaminedPixels, "it has transparent pixels, which can draw text; save it again without transparency")
        }
        guard try !Self.showsText(kept, format) else {
            throw Refusal(.unexaminedPixels, "text was found in the picture; a person must look, and cut it out")
        }
        values.note(path: input.relativePath, becoming: name)
        return try write(kept, name, values, .binary(from: 0), record)
    }

    private static func showsText(_ bytes: [UInt8], _ format: FileFormat) throws -> Bool {
        let volume = format == .png ? try PNGFile.decode(bytes, keepsColor: true) : try JPEGFile.decode(bytes)
        let shape = volume.shape
        let planes = (0..<shape.channels).map { channel in
            GrayPlane(Array(volume.slice(0, channel: channel)), height: shape.height, width: shape.width)
        }
        return !TextDetector().regions(in: planes).isEmpty
    }
}
