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

    /// What could single a person out among others, as far as it is still there (PS3.15 E.3.7 and E.3.8 keep it).
    private var quasiIdentifiers: [JSONValue.Member] {
        [
            ("age", Tag(0x0010, 0x1010)), ("sex", Tag(0x0010, 0x0040)), ("size", Tag(0x0010, 0x1020)),
            ("weight", Tag(0x0010, 0x1030)), ("ethnicGroup", Tag(0x0010, 0x2160)), ("institution", Tag(0x0008, 0x0080)),
            ("model", Tag(0x0008, 0x1090)),
        ].compactMap { name, tag in
            let value = cleaned.dataSet.text(tag)
            return value.isEmpty || value == "REMOVED" ? nil : .init(name, .string(value))
        }
    }
}
