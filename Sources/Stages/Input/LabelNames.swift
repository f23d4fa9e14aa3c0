/// The labels and boxes of a folder by their names.
///
/// Labels are named like their image with `_mask`, `_seg`, `_segmentation`, `_label`, `_labels` or `_dseg` behind it
/// (`-` for `_` will do, case does not count): `case7_seg.nii.gz` belongs to `case7.nii.gz`, or where there is no such
/// image to all that are named `case7_...`. In BIDS names the entities that only derivatives have (`space`, `res`, `den`,
/// `label`, `desc`) do not count, and `label` names the mask: `sub-01_label-lesion_mask.nii.gz` is the mask "lesion" of
/// `sub-01_T1w.nii.gz` (BIDS 1.9, Derivatives, Segmentations). Boxes are `case7.boxes.json`, as Hilum writes them.
struct LabelNames: Sendable {
    struct Labels: Sendable, Hashable {
        /// "labels" where nothing else is said.
        var name: String
        /// In the folder.
        var file: String
    }

    /// By the stem of the image, or the name of the stack.
    private var byOwner: [String: [Labels]] = [:]
    private var boxesByOwner: [String: String] = [:]
    /// Whether somebody takes a file.
    private var isTaken: [String: Bool] = [:]

    private static let suffixes = ["mask", "seg", "segmentation", "label", "labels", "dseg"]
    private static let boxSuffix = ".boxes.json"

    init() {}

    /// - Parameters:
    ///   - names: of all files of the folder.
    ///   - labels: NIfTI files, among them those that are labels.
    ///   - owners: stems of images, or names of stacks.
    init(_ names: [String], labels: [String], owners: [String]) {
        let sorted = owners.sorted()
        for file in labels {
            guard let (image, name) = Self.label(FileFormat.stem(file)) else { continue }
            let takers = Self.owners(named: image, in: sorted)
            for owner in takers { byOwner[owner, default: []].append(Labels(name: name, file: file)) }
            isTaken[file] = !takers.isEmpty
        }
        let known = Set(owners)
        for file in names where file.hasSuffix(Self.boxSuffix) {
            let owner = String(file.dropLast(Self.boxSuffix.count))
            isTaken[file] = known.contains(owner)
            if known.contains(owner) { boxesByOwner[owner] = file }
        }
    }

    /// - Returns: nil for a file that is no labels or boxes.
    func isTaken(_ file: String) -> Bool? { isTaken[file] }

    func labels(of owner: String) -> [Labels] { byOwner[owner] ?? [] }

    func boxes(of owner: String) -> String? { boxesByOwner[owner] }

    /// What a stem says of labels: the stem of their image, and what they are called. Nil for an image.
    static func label(_ stem: String) -> (image: String, name: String)? {
        guard let suffix = suffixes.first(where: { FolderGroups.ends(stem, in: $0) }), stem.count > suffix.count + 1
        else { return nil }
        let image = String(stem.dropLast(suffix.count + 1))
        guard stem.hasPrefix("sub-") else { return (image, "labels") }
        let parts = image.split(separator: "_")
        let derived = ["space-", "res-", "den-", "label-", "desc-"]
        let kept = parts.filter { part in !derived.contains { part.hasPrefix($0) } }
        let name = parts.first { $0.hasPrefix("label-") }?.dropFirst("label-".count)
        return (kept.joined(separator: "_"), name.map(String.init) ?? "labels")
    }

    /// The owner of that name, or else all whose names go on behind it.
    private static func owners(named stem: String, in sorted: [String]) -> ArraySlice<String> {
        let exact = first(in: sorted, notBefore: stem)
        if exact < sorted.count, sorted[exact] == stem { return sorted[exact...exact] }
        for separator in ["_", "-"] {
            let start = first(in: sorted, notBefore: stem + separator)
            let found = sorted[start...].prefix { $0.hasPrefix(stem + separator) }
            if !found.isEmpty { return found }
        }
        return []
    }

    private static func first(in sorted: [String], notBefore text: String) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < text { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
