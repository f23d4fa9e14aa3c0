import DICOM
import Files
import NIfTI
import Pipelines
import Volumes

/// Units of single files, and of NIfTI files that belong together.
extension Discovery {
    func examineNIfTI(_ file: FileWalk.File) throws -> Examined {
        guard let groups = file.groups else { return .unit(try unit(ofNIfTI: file)) }
        if let isTaken = groups.labels.isTaken(file.name) {
            if isTaken { return .partOfOther }
            return .unit(
                rejected(
                    file, isFailure: true, code: ItemError.Code.incomplete.rawValue,
                    "named like labels, and no image beside it has its name; say `labels: items` where it is an image"))
        }
        let sequences = selection.words("stack")
        guard !sequences.isEmpty else {
            let attachments = attachments(of: file.itemName, FileFormat.stem(file.name), file, groups)
            return .unit(try unit(ofNIfTI: file, with: attachments))
        }
        guard let subject = groups.stacks.subject(of: file.name) else {
            return .unit(
                rejected(
                    file, isFailure: false, code: "not-selected",
                    "the pipeline stacks \(sequences.joined(separator: ", ")), and the file is named like none of them, or is a second one"
                ))
        }
        let (files, missing) = groups.stacks.members(of: subject)
        guard files.map(PathKey.init).min() == PathKey(file.name) else { return .partOfOther }
        return .unit(try stack(of: subject, file, files, missing, groups))
    }

    private func unit(ofNIfTI file: FileWalk.File, with attachments: [Attachment] = []) throws -> WorkUnit<ItemInput> {
        let header = try NIfTIFile.header(path: file.path)
        try header.checkIsReadable(path: file.path)
        let paths = try NIfTIFile.files(path: file.path)
        if let voxels = paths.dropFirst().first, (try? FileBytes.size(voxels)) == nil {
            let missing = Folder(of: file).relative + FileWalk.lastPart(voxels)
            var unit = rejected(
                file, isFailure: true, code: "not-found",
                "there is no \(missing) with its voxels; copy both files of the pair")
            unit.inputs.append(missing)
            return unit
        }
        return unit(file, .nifti, paths, header.shape, header.geometry.spacing, attachments)
    }

    /// - Parameter file: the first of the subject's files.
    private func stack(
        of subject: String, _ file: FileWalk.File, _ files: [String], _ missing: [String], _ groups: FolderGroups
    ) throws -> WorkUnit<ItemInput> {
        let folder = Folder(of: file)
        let owner = StackNames.itemName(of: subject)
        let name = folder.relative + owner
        guard missing.isEmpty else {
            let reason = ManifestEntry.Failure(
                code: ItemError.Code.incomplete.rawValue, stage: "read",
                message: "\(name): there is no \(missing.joined(separator: ", ")) to stack with the others")
            return WorkUnit(name: name, inputs: files.map { folder.relative + $0 }, verdict: .fail(reason))
        }
        let header = try NIfTIFile.header(path: folder.path + files[0])
        try header.checkIsReadable(path: folder.path + files[0])
        var shape = header.shape
        shape.channels = files.count
        let attachments = attachments(of: name, owner, file, groups)
        let outline = Outline(shape: shape, spacing: header.geometry.spacing)
        let inputs = files.map { folder.relative + $0 }
        var input = ItemInput(
            content: .stack(
                sequences: selection.words("stack"), paths: files.map { folder.path + $0 },
                resamples: selection.choice("stackGrid") == "first"),
            relativePaths: inputs + attachments.map(\.relativePath), outline: outline, isPhysical: true)
        input.attachments = attachments
        return WorkUnit(
            name: name, inputs: input.relativePaths, estimatedBytes: memoryEstimate(outline), verdict: .process(input))
    }

    func unit(
        _ file: FileWalk.File, _ format: FileFormat, _ paths: [String], _ shape: Shape, _ spacing: SIMD3<Double>,
        _ attachments: [Attachment] = []
    ) -> WorkUnit<ItemInput> {
        guard !file.isAmbiguous else {
            return rejected(
                file, isFailure: true, code: "ambiguous-name",
                "its outputs could be called like those of another item, or of the run; give it the extension of its format"
            )
        }
        guard !selection.seriesOptions.requiresVolume || (format == .nifti && shape.depth > 1) else {
            return rejected(
                file, isFailure: true, code: "no-volume",
                "no stack of slices with places in the patient, and the pipeline requires a volume")
        }
        let outline = Outline(shape: shape, spacing: spacing)
        let folder = Folder(of: file)
        let relativePaths =
            [file.relativePath] + paths.dropFirst().map { folder.relative + FileWalk.lastPart($0) }
            + attachments.map(\.relativePath)
        var input = ItemInput(
            content: .file(format, paths: paths), relativePaths: relativePaths, outline: outline,
            isPhysical: format == .nifti)
        input.attachments = attachments
        return WorkUnit(
            name: file.itemName, inputs: relativePaths, estimatedBytes: memoryEstimate(outline),
            verdict: .process(input))
    }

    /// - Parameter owner: the stem of the image, or the name of the stack.
    private func attachments(
        of item: String, _ owner: String, _ file: FileWalk.File, _ groups: FolderGroups
    ) -> [Attachment] {
        let folder = Folder(of: file)
        var result = groups.labels.labels(of: owner).map { labels in
            Attachment(
                kind: .labels(labels.name), path: folder.path + labels.file, relativePath: folder.relative + labels.file
            )
        }
        let own = boxes(of: item, file)
        if own.isEmpty, let boxes = groups.labels.boxes(of: owner) {
            result.append(
                Attachment(kind: .boxes, path: folder.path + boxes, relativePath: folder.relative + boxes))
        }
        return result + own
    }

    /// Boxes of an item of that name: those that its folder calls so.
    ///
    /// - Parameter file: one of the item's.
    func boxes(of item: String, _ file: FileWalk.File) -> [Attachment] {
        let folder = Folder(of: file)
        let name = item.utf8.dropFirst(folder.relative.utf8.count)
        guard PathKey(item).hasPrefix(folder.relative),
            let boxes = file.groups?.labels.boxes(of: String(Substring(name)))
        else { return [] }
        return [Attachment(kind: .boxes, path: folder.path + boxes, relativePath: folder.relative + boxes)]
    }
}

/// The folder of a file, with a slash behind it where it is not empty.
private struct Folder {
    /// As the system opens it.
    let path: String
    /// Relative to the INPUT.
    let relative: String

    init(of file: FileWalk.File) {
        path = file.path.lastSlash.map { String(file.path[...$0]) } ?? ""
        relative = file.relativePath.lastSlash.map { String(file.relativePath[...$0]) } ?? ""
    }
}
