public import Cryptography
public import Deidentification
public import Pipelines
import Volumes

/// Keyed names for everything in a run's outputs that tells where an item came from: item names (which are paths), inputs,
/// digests of the originals, and the instances behind slices.
public struct Concealment: Sendable {
    private let names: Pseudonyms
    /// For pipelines that write DICOM objects; nil for others.
    private let cleaner: FileCleaner?

    /// - Parameter pipeline: what will be run; where it writes DICOM objects, their headers are cleaned by the options of
    ///   its stage `deidentify`.
    /// - Throws: `PolicyError`; never for a pipeline that was parsed, which has been checked for it.
    public init(_ key: ProjectKey, for pipeline: Pipeline<Item>) throws(PolicyError) {
        names = Pseudonyms(key)
        let stage = pipeline.stages.lazy.compactMap { $0.stage as? DeidentifyStage }.last
        guard let stage, pipeline.outputs.contains(where: { $0.name == "dicom" }) else {
            cleaner = nil
            return
        }
        cleaner = FileCleaner(policy: try stage.policy, key: key, program: "Hilum \(hilumVersion)")
    }

    var key: ProjectKey { names.key }

    /// Of an item's inputs and what else decides its outputs.
    func digest(_ text: String) -> String { names.digest(text) }

    /// The same unit under keyed names. Discovery's own messages begin with the path that they are about.
    public func concealed<Payload>(_ unit: WorkUnit<Payload>) -> WorkUnit<Payload> {
        let name = itemName(unit.name)
        var result = WorkUnit(
            name: name, inputs: unit.inputs.map(inputName), estimatedBytes: unit.estimatedBytes, verdict: unit.verdict)
        func concealed(_ reason: ManifestEntry.Failure) -> ManifestEntry.Failure {
            var reason = reason
            for original in ([unit.name] + unit.inputs).sorted(by: { $0.count > $1.count }) {
                reason.message = reason.message.replacing(original, with: name)
            }
            return reason
        }
        switch unit.verdict {
        case .fail(let reason): result.verdict = .fail(concealed(reason))
        case .skip(let reason): result.verdict = .skip(concealed(reason))
        case .process: break
        }
        return result
    }

    /// What an item says of its origin, from here on to its outputs.
    func conceal(_ item: inout Item) {
        item.source.inputs = item.source.inputs.map { input in
            (inputName(input.path), names.name("content\u{1F}\(input.digest)", .path, count: 32))
        }.sorted { $0.path < $1.path }
        (item.source.isConcealed, item.source.cleaner) = (true, cleaner)
        for index in item.volume.attributes.sliceSources.indices {
            let original = item.volume.attributes.sliceSources[index].sopInstanceUID
            if !original.isEmpty { item.volume.attributes.sliceSources[index].sopInstanceUID = names.uid(original) }
        }
        item.masks = Dictionary(
            item.masks.map { (word($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
        for index in item.boxes.indices { item.boxes[index].label = word(item.boxes[index].label) }
    }

    /// The name of a mask or a class, which is part of a file's name or somebody's text: as it is where all its words are of
    /// the field's vocabulary, else keyed whole, so that classes stay apart.
    private func word(_ name: String) -> String {
        if LabelNames.ownNames.contains(name) { return name }
        let words = String(name.map { $0 == "_" || $0 == "-" ? " " : $0 })
        let (text, removed) = TextCleaner().clean(words)
        return removed == 0 && !text.isEmpty ? name : names.name("word\u{1F}\(name)", .path, count: 8)
    }

    private func itemName(_ name: String) -> String { names.name("item\u{1F}\(name)", .path) }
    private func inputName(_ path: String) -> String { names.name("input\u{1F}\(path)", .path) }
}
