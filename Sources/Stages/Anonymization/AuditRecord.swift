import DataSets
import Deidentification
import Pipelines

/// What the manifest notes of one de-identified file: enough for the report, and nothing that was in the original.
struct AuditRecord {
    let cleaned: CleanedFile
    let proof: OutputProof

    init(_ cleaned: CleanedFile, _ proof: OutputProof) { (self.cleaned, self.proof) = (cleaned, proof) }

    /// Members in the order of their names, as they come back from a manifest.
    var json: JSONValue { members.sorted }

    private var members: JSONValue {
        func text(_ group: UInt16, _ element: UInt16) -> JSONValue {
            .string(cleaned.dataSet.text(Tag(group, element)))
        }
        return [
            "patient": .string(cleaned.subject.pseudonym),
            "study": text(0x0020, 0x000D),
            "series": text(0x0020, 0x000E),
            "modality": text(0x0008, 0x0060),
            "sha256": .string(proof.digest),
            "bytes": .integer(proof.bytes),
            "needles": .integer(proof.needles),
            "actions": .object(
                cleaned.tally.counts.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }),
            "unruled": .array(cleaned.tally.unruled.sorted().map { .string($0) }),
            "quasiIdentifiers": .object(quasiIdentifiers),
        ]
    }

    /// As far as they are still there.
    private var quasiIdentifiers: [JSONValue.Member] {
        QuasiIdentifiers.attributes.compactMap { name, tag in
            let value = cleaned.dataSet.text(tag)
            return value.isEmpty || value == "REMOVED" ? nil : .init(name, .string(value))
        }
    }
}
