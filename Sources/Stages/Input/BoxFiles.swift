import Files
import Pipelines

/// The files of boxes that a discovery finds, and which of them come with an image.
struct BoxFiles {
    private var files: [FileWalk.File] = []
    private var attached: Set<PathKey> = []

    mutating func add(_ file: FileWalk.File) { files.append(file) }

    /// Notes the boxes that an item takes along.
    mutating func note(_ unit: WorkUnit<ItemInput>) {
        guard case .process(let input) = unit.verdict else { return }
        for attachment in input.attachments where attachment.kind == .boxes {
            attached.insert(PathKey(attachment.path))
        }
    }

    /// Those to speak of: boxes of nothing, which are failures, and boxes that were given without their image.
    ///
    /// - Parameter items: all names, those of images that failed or were skipped among them: these tell their own reason.
    func leftOver(_ items: ItemNames) -> [(file: FileWalk.File, isFailure: Bool)] {
        files.compactMap { file in
            let isKnown =
                attached.contains(PathKey(file.path)) || items.contains(LabelNames.boxOwner(file.relativePath) ?? "")
                || file.isGiven && file.groups?.labels.isTaken(file.name) == true
            return isKnown && !file.isGiven ? nil : (file, !isKnown)
        }
    }
}
