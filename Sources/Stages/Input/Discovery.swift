public import DICOM
import Files
import JPEG
import NIfTI
import PNG
public import Parallel
public import Pipelines
public import Volumes

/// Finds what can be worked on below the inputs: one unit a NIfTI, PNG or JPEG file, one a DICOM series.
///
/// Everything that is found leads to a unit, if only to one that says why it is skipped or has failed.
public struct Discovery: Sendable {
    public var inputs: [String]
    public var output: String?
    var ownResults = OwnResults.none
    public var selection: InputSelection
    /// Threads that read headers; what is found, and its order, does not depend on their number.
    public var workers: Workers
    /// Memory that an item of this outline needs in the pipeline.
    public var memoryEstimate: @Sendable (Outline) -> Int

    public init(
        inputs: [String], output: String?, selection: InputSelection = InputSelection(),
        workers: Workers = .single, memoryEstimate: @escaping @Sendable (Outline) -> Int = { $0.bytes }
    ) {
        (self.inputs, self.output, self.selection, self.workers) = (inputs, output, selection, workers)
        self.memoryEstimate = memoryEstimate
    }

    /// Inputs that share the last part of their path with one before them, and what they are called in items and manifest.
    public static func renamed(_ inputs: [String]) -> [(input: String, name: String)] {
        zip(inputs, FileWalk.names(of: inputs)).filter { $1 != FileWalk.lastPart($0) }.map { (input: $0, name: $1) }
    }

    /// Calls `body` for each unit until it returns false.
    public func run(_ body: (WorkUnit<ItemInput>) -> Bool) { survey { unit, _ in body(unit) } }

    /// The same with the DICOM series behind a unit, also where it is refused.
    public func survey(_ body: (WorkUnit<ItemInput>, Series?) -> Bool) {
        var walk = FileWalk(
            inputs: inputs, excluding: output, ownResults, grouping: selection.groupRules, namesOutputs: true)
        var headers: [DICOMHeader] = []
        var files: [PathKey: FileWalk.File] = [:]
        var wantsMore = true
        var waiting: [FileWalk.File] = []
        var used = ItemNames()
        var boxes = BoxFiles()
        func examineWaiting() {
            for (file, examined) in zip(waiting, examine(waiting)) where wantsMore {
                switch examined {
                case .unit(let unit):
                    used.insert(unit)
                    boxes.note(unit)
                    wantsMore = body(unit, nil)
                case .boxes: boxes.add(file)
                case .partOfOther:
                    guard file.isGiven else { break }
                    wantsMore = body(
                        rejected(
                            file, isFailure: false, code: "part-of-other",
                            "belongs to an image beside it, which takes it along; give that image, or the folder"), nil)
                case .slice(let header):
                    headers.append(header)
                    files[PathKey(header.path)] = file
                }
            }
            waiting.removeAll(keepingCapacity: true)
        }
        walk.run { event in
            switch event {
            case .unusable(let path, let isFailure, let code, let message):
                examineWaiting()
                // Names that are not UTF-8 may be mended to the same one; each is an item of its own.
                let name = used.numbered(path)
                let reason = ManifestEntry.Failure(code: code, stage: "read", message: "\(path): \(message)")
                used.insert(name)
                wantsMore =
                    wantsMore
                    && body(
                        WorkUnit(name: name, inputs: [path], verdict: isFailure ? .fail(reason) : .skip(reason)), nil)
            case .file(let file):
                waiting.append(file)
                if waiting.count == 32 { examineWaiting() }
            }
            return wantsMore
        }
        examineWaiting()
        guard wantsMore else { return }
        let volumes = SeriesReader.group(headers, options: selection.seriesOptions)
        // An object of several stacks or contrasts makes several items, which are numbered.
        let counts = Dictionary(volumes.map { (PathKey($0.headers[0].path), 1) }, uniquingKeysWith: +)
        var numbers: [PathKey: Int] = [:]
        for series in volumes {
            let members = series.headers.compactMap { files[PathKey($0.path)] }
            let path = PathKey(series.headers[0].path)
            numbers[path, default: 0] += 1
            let number = counts[path] ?? 1 > 1 ? numbers[path] : nil
            let unit = unit(of: series, members, number, &used)
            boxes.note(unit)
            guard body(unit, series) else { return }
        }
        for (file, isFailure) in boxes.leftOver(used) {
            let unit = rejected(
                file, isFailure: isFailure, code: isFailure ? ItemError.Code.incomplete.rawValue : "part-of-other",
                isFailure
                    ? "boxes of an item that is not here: call them ITEM.boxes.json after their image, or move them away"
                    : "belongs to an image beside it, which takes it along; give that image, or the folder")
            guard body(unit, nil) else { return }
        }
    }

    enum Examined: Sendable {
        case unit(WorkUnit<ItemInput>)
        /// Labels or a sequence, which the unit of another file names among its inputs.
        case partOfOther
        /// Whose boxes they are shows once all items have their names.
        case boxes
        case slice(DICOMHeader)
    }

    private func examine(_ files: [FileWalk.File]) -> [Examined] {
        let found = Locked([Examined?](repeating: nil, count: files.count))
        workers.forEach(files.count) { index in
            let examined = examine(files[index])
            found.withLock { $0[index] = examined }
        }
        return found.withLock { $0.compactMap(\.self) }
    }

    private func examine(_ file: FileWalk.File) -> Examined {
        do {
            let bytes = try FileReader(path: file.path)
            guard let format = FileFormat(prefix: try bytes.bytes(count: min(FileFormat.prefixLength, bytes.size)))
            else {
                if let header = FileFormat.headerBeside(file.path) {
                    return .unit(
                        rejected(
                            file, isFailure: false, code: "part-of-pair", "voxels of \(header), which is read with them"
                        ))
                }
                if file.groups?.labels.isBoxes(file.name) == true { return .boxes }
                let isClaimed = FileFormat.isClaimed(byName: file.relativePath)
                return .unit(
                    rejected(
                        file, isFailure: isClaimed, code: isClaimed ? "not-an-image" : "other-file",
                        isClaimed
                            ? "named like an image, but its content is not DICOM, NIfTI, PNG or JPEG"
                            : "not a DICOM, NIfTI, PNG or JPEG file"))
            }
            guard selection.formats.isEmpty || selection.formats.contains(format.rawValue) else {
                return .unit(
                    rejected(file, isFailure: false, code: "not-selected", "the pipeline does not take \(format)"))
            }
            switch format {
            case .dicom: return try examineDICOM(file, bytes)
            case .nifti: return try examineNIfTI(file)
            case .png:
                let header = try PNGFile.header(path: file.path)
                return .unit(
                    unit(
                        file, format, [file.path], Shape(depth: 1, height: header.height, width: header.width), .one,
                        boxes(of: file.itemName, file)))
            case .jpeg:
                let header = try JPEGFile.header(path: file.path)
                return .unit(
                    unit(
                        file, format, [file.path], Shape(depth: 1, height: header.height, width: header.width), .one,
                        boxes(of: file.itemName, file)))
            }
        } catch {
            let report = ErrorReport(error)
            return .unit(rejected(file, isFailure: true, code: report.code, report.message))
        }
    }

    private func examineDICOM(_ file: FileWalk.File, _ bytes: FileReader) throws(DICOMError) -> Examined {
        let header = try DICOMFile.header(of: bytes)
        if header.isDICOMDIR {
            return .unit(
                rejected(
                    file, isFailure: false, code: "dicomdir",
                    "a DICOMDIR is an index; the files that it names are read by themselves"))
        }
        guard header.hasPixelData else {
            return .unit(
                rejected(file, isFailure: false, code: "no-pixel-data", "a DICOM object without an image"))
        }
        guard selection.modalities.isEmpty || selection.modalities.contains(header.modality.rawValue) else {
            return .unit(
                rejected(
                    file, isFailure: false, code: "not-selected",
                    "\(header.modality.isKnown ? "modality \(header.modality)" : "its Modality") is not one that the "
                        + "pipeline takes: \(selection.modalities.sorted().joined(separator: ", "))"))
        }
        return .slice(header)
    }

    func rejected(
        _ file: FileWalk.File, isFailure: Bool, code: String, _ message: String
    ) -> WorkUnit<ItemInput> {
        let reason = ManifestEntry.Failure(code: code, stage: "read", message: "\(file.relativePath): \(message)")
        return WorkUnit(
            name: file.itemName, inputs: [file.relativePath], verdict: isFailure ? .fail(reason) : .skip(reason))
    }
}

extension Outline {
    public init(shape: Shape, spacing: SIMD3<Double>) {
        self.init(
            shape: [shape.channels, shape.depth, shape.height, shape.width], spacing: [spacing.x, spacing.y, spacing.z])
    }
}
