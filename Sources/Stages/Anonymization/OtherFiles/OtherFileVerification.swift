import DataSets
import Deidentification
import Files
import JPEG
import NIfTI
import PNG
import Pipelines

/// Checks of finished files that are no DICOM objects, alone or beside their originals.
struct OtherFileVerification {
    let output: String
    let cleaner: FileCleaner
    let verification: FileVerification
    /// What the report says that a file is, by its path.
    private let kinds: [String: OtherFile.Kind]
    /// The unit that a file came from: of a pair both files from one.
    private let items: [String: String]

    init(_ report: JSONValue, output: String, _ cleaner: FileCleaner, _ verification: FileVerification) {
        (self.output, self.cleaner, self.verification) = (output, cleaner, verification)
        var (kinds, items): ([String: OtherFile.Kind], [String: String]) = ([:], [:])
        for entry in report["files"]?.elements ?? [] {
            guard case .string(let name)? = entry["details"]?["kind"], case .string(let item)? = entry["item"],
                let kind = OtherFile.Kind.allCases.first(where: { kebab($0.rawValue) == name })
            else { continue }
            for path in entry["outputs"]?.elements ?? [] {
                if case .string(let path) = path { (kinds[path], items[path]) = (kind, item) }
            }
        }
        (self.kinds, self.items) = (kinds, items)
    }

    /// - Parameter sources: originals by unit; empty when there are none to compare with.
    /// - Returns: what is wrong, without values; nil when the file is a DICOM object.
    func problems(_ file: String, _ sources: [String: AnonymizationInput], beside hasOriginals: Bool) -> [String]? {
        guard let kind = kinds[file], let item = items[file] else { return nil }
        do {
            var problems = try alone(file, kind)
            guard hasOriginals else { return problems }
            guard let input = sources[item], let other = input.other else {
                return problems + ["has no original among those given"]
            }
            if try !matches(file, input, other) { problems.append("is not what its original becomes") }
            return problems
        } catch let refusal as Refusal {
            return [refusal.message]
        } catch {
            return ["cannot be read"]
        }
    }

    // MARK: Alone

    private func alone(_ file: String, _ kind: OtherFile.Kind) throws -> [String] {
        let path = "\(output)/\(file)"
        switch kind {
        case .nifti:
            let isVoxels = SplitName(file).suffix.hasPrefix(".img")
            var scan = verification.scan(.binary(from: isVoxels ? 0 : 352))
            try NIfTIFile.forEachPiece(path: path) { _, buffer in scan.search(buffer) }
            try scan.finish()
            return try isVoxels || StrippedImage(path: path).isStripped ? [] : ["holds more than voxels and geometry"]
        case .png, .jpeg:
            let bytes = try FileBytes.read(path)
            var scan = verification.scan(.binary(from: 0))
            bytes.withUnsafeBytes { scan.search($0) }
            try scan.finish()
            let isStripped = try kind == .png ? StrippedPNG(bytes).bytes == bytes : StrippedJPEG(bytes).bytes == bytes
            return isStripped ? [] : ["holds more than a picture"]
        case .sidecar, .table, .bValues, .bVectors:
            // Whose it is changes names, not what goes.
            let somebody = Subject(key: "verification", cleaner.names.key)
            let tree = TreeNames(cleaner.names)
            return verification.problems(inText: try FileBytes.read(path)) { (bytes) throws(Refusal) in
                try text(bytes, kind, file, somebody, tree)
            }
        }
    }

    private func text(
        _ bytes: [UInt8], _ kind: OtherFile.Kind, _ path: String, _ subject: Subject, _ tree: TreeNames
    ) throws(Refusal) -> CleanedText {
        switch kind {
        case .sidecar: try SidecarCleaner(cleaner, tree).clean(bytes, path: path, subject: subject)
        case .table: try TableCleaner(cleaner, tree).clean(bytes, path: path, subject: subject)
        default: try GradientTable.clean(bytes, rows: kind == .bValues ? 1 : 3)
        }
    }

    // MARK: Beside the original

    private func matches(_ file: String, _ input: AnonymizationInput, _ other: OtherFile) throws -> Bool {
        let path = "\(output)/\(file)"
        switch other.kind {
        case .nifti:
            let image = try StrippedImage(path: input.file.path)
            guard let part = image.parts.first(where: { file.hasSuffix(image.suffix(of: $0)) }) else { return false }
            return try image.matches(part, at: path)
        case .png: return try StrippedPNG(FileBytes.read(input.file.path)).bytes == FileBytes.read(path)
        case .jpeg: return try StrippedJPEG(FileBytes.read(input.file.path)).bytes == FileBytes.read(path)
        case .sidecar, .table, .bValues, .bVectors:
            let cleaned = try text(
                FileBytes.read(input.file.path), other.kind, input.relativePath, other.subject, other.tree)
            return try cleaned.bytes == FileBytes.read(path)
        }
    }
}

extension MediaIndex {
    /// - Parameter files: those that the report speaks of.
    /// - Returns: what is wrong with the DICOMDIR of a finished tree: it must be what the files make it.
    static func problems(in folder: String, over files: [String], _ cleaner: FileCleaner) -> [String] {
        let expected = directory(of: files.sorted(), in: folder).encode(cleaner.names).bytes
        let isSame = (try? FileBytes.read("\(folder)/\(fileName)")) == expected
        return isSame ? [] : ["is not the directory of the files beside it"]
    }

    /// Whether a finished tree must have a DICOMDIR: an input had one, and there are files to list in it.
    static func isDue(in folder: String, by report: JSONValue, _ layout: OutputLayout, over files: [String]) -> Bool {
        let code = JSONValue.string(kebab(Refusal.Code.directory.rawValue))
        let hadOne = (report["files"]?.elements ?? []).contains { entry in
            entry["status"] == .string(ManifestEntry.Status.skipped.rawValue) && entry["reason"]?["code"] == code
        }
        return hadOne && layout.fitsMedia && !directory(of: files, in: folder).isEmpty
    }
}
