import Files

/// The labels and boxes of a folder by their names.
///
/// Labels are named like their image with `_mask`, `_seg`, `_segmentation`, `_label`, `_labels` or `_dseg` behind it
/// (`-` or `.` for `_` will do, case does not count): `case7_seg.nii.gz` belongs to `case7.nii.gz`, or where there is no such
/// image to all that are named `case7_...`. The masks that Hilum writes belong to their image: `case7.lesions.nii.gz` to
/// `case7.nii.gz`. In BIDS names the entities that only derivatives have (`space`, `res`, `den`,
/// `label`, `desc`) do not count, and `label` names the mask: `sub-01_label-lesion_mask.nii.gz` is the mask "lesion" of
/// `sub-01_T1w.nii.gz` (BIDS 1.9, Derivatives, Segmentations). Boxes are `ITEM.boxes.json`, as Hilum writes them.
struct LabelNames: Sendable {
    struct Labels: Sendable, Hashable {
        /// "labels" where nothing else is said.
        var name: String
        /// In the folder.
        var file: String
    }

    /// By the stem of the image, or the name of the stack.
    private var byOwner: [PathKey: [Labels]] = [:]
    private var boxesByOwner: [PathKey: String] = [:]
    /// Whether somebody takes a file.
    private var isTaken: [PathKey: Bool] = [:]

    private static let suffixes = ["mask", "seg", "segmentation", "label", "labels", "dseg"]
    /// What stages call the masks that they make.
    private static let stageNames = Set(
        ["lesions", "patches", "cut-out", RescaleStage.paddingMask] + RegionStage.Part.allCases.map(\.rawValue))
    /// Names of masks that no file's name gives.
    static let ownNames = stageNames.union(["labels"])
    private static let separators = ["_", "-", "."]
    private static let boxSuffix = ".boxes.json"

    init() {}

    /// - Parameters:
    ///   - names: of all files of the folder.
    ///   - labels: NIfTI files, among them those that are labels.
    ///   - owners: stems of images, or names of stacks; those of masks that Hilum wrote may be among them.
    init(_ names: [String], labels: [String], owners: [String]) {
        let known = Set(owners.map(PathKey.init))
        let sorted = owners.filter { Self.written($0, beside: known) == nil }.map(PathKey.init).sorted()
        for file in labels {
            let stem = FileFormat.stem(file)
            if let (image, name) = Self.written(stem, beside: known) {
                byOwner[PathKey(image), default: []].append(Labels(name: name, file: file))
                isTaken[PathKey(file)] = true
            } else if let (image, name) = Self.label(stem) {
                let takers = Self.owners(named: image, in: sorted)
                for owner in takers { byOwner[owner, default: []].append(Labels(name: name, file: file)) }
                isTaken[PathKey(file)] = !takers.isEmpty
            }
        }
        let files = Set(names.map(PathKey.init))
        let stems = Set(names.map { PathKey(FileFormat.stem($0)) })
        for file in names {
            guard let owner = Self.boxOwner(file).map(PathKey.init) else { continue }
            isTaken[PathKey(file)] = known.contains(owner) || stems.contains(owner) || files.contains(owner)
            boxesByOwner[owner] = file
        }
    }

    /// - Returns: nil for a file that is no labels or boxes. Whether boxes are taken is not sure where DICOM files have their
    ///   name: of several, which are one item, that is another.
    func isTaken(_ file: String) -> Bool? { isTaken[PathKey(file)] }

    func isBoxes(_ file: String) -> Bool { Self.boxOwner(file).map { boxesByOwner[PathKey($0)] != nil } ?? false }

    /// The item, or its path, that a file of boxes is named after; nil for any other file.
    static func boxOwner(_ file: String) -> String? {
        file.hasSuffix(boxSuffix) ? String(file.dropLast(boxSuffix.count)) : nil
    }

    func labels(of owner: String) -> [Labels] { byOwner[PathKey(owner)] ?? [] }

    func boxes(of owner: String) -> String? { boxesByOwner[PathKey(owner)] }

    /// What a stem says of labels: the stem of their image, and what they are called. Nil for an image.
    static func label(_ stem: String) -> (image: String, name: String)? {
        let lowered = stem.lowercased()
        let suffix = suffixes.first { suffix in separators.contains { lowered.hasSuffix($0 + suffix) } }
        guard let suffix, stem.count > suffix.count + 1 else { return nil }
        let image = String(stem.dropLast(suffix.count + 1))
        guard stem.hasPrefix("sub-") else { return (image, "labels") }
        let parts = image.split(separator: "_")
        let derived = ["space-", "res-", "den-", "label-", "desc-"]
        let kept = parts.filter { part in !derived.contains { part.hasPrefix($0) } }
        let name = parts.first { $0.hasPrefix("label-") }?.dropFirst("label-".count)
        return (kept.joined(separator: "_"), name.map(String.init) ?? "labels")
    }

    /// What the stem of a mask that `masks: nifti` wrote beside its image says: the stem of the image, and the name of the
    /// mask. BIDS labels have any name, and no other BIDS name holds a dot.
    private static func written(_ stem: String, beside images: Set<PathKey>) -> (image: String, name: String)? {
        guard let dot = stem.lastIndex(of: ".") else { return nil }
        let (image, name) = (String(stem[..<dot]), String(stem[stem.index(after: dot)...]))
        let isName = stageNames.contains(name) || image.hasPrefix("sub-") && label(stem) == nil
        return isName && images.contains(PathKey(image)) && written(image, beside: images) == nil ? (image, name) : nil
    }

    /// The owner of that name, or else all whose names go on behind it.
    private static func owners(named stem: String, in sorted: [PathKey]) -> ArraySlice<PathKey> {
        let exact = first(in: sorted, notBefore: PathKey(stem))
        if exact < sorted.count, sorted[exact] == PathKey(stem) { return sorted[exact...exact] }
        for separator in separators {
            let start = first(in: sorted, notBefore: PathKey(stem + separator))
            let found = sorted[start...].prefix { $0.hasPrefix(stem + separator) }
            if !found.isEmpty { return found }
        }
        return []
    }

    private static func first(in sorted: [PathKey], notBefore key: PathKey) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
