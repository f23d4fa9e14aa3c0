import Deidentification
import Pipelines

/// What the manifest notes of a file that is no DICOM object, under the names that `AuditRecord` has for the same.
struct OtherAudit {
    let other: OtherFile
    let result: OtherFileCleaning.Result

    /// Members in the order of their names, as they come back from a manifest.
    var json: JSONValue {
        var object = members
        if other.isAboutPerson { object.set("patient", .string(other.subject.pseudonym)) }
        let people = result.record.people.map { person in
            JSONValue.object(
                [.init("patient", .string(person.patient)), .init("quasiIdentifiers", texts(person.quasiIdentifiers))])
        }
        if !people.isEmpty { object.set("people", .array(people)) }
        return object.sorted
    }

    private var members: JSONValue {
        func counts(_ values: [String: Int]) -> JSONValue {
            .object(values.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) })
        }
        let record = result.record
        return [
            "kind": .string(kebab(other.kind.rawValue)),
            "sha256": .string(result.proofs.first?.digest ?? ""),
            // Of a pair, the voxels.
            "companionsSHA256": .array(result.proofs.dropFirst().map { .string($0.digest) }),
            "bytes": .integer(result.proofs.reduce(0) { $0 + $1.bytes }),
            "needles": .integer(result.proofs.first?.needles ?? 0),
            "actions": counts(record.actions),
            "unruled": .array(record.unruled.sorted().map { .string($0) }),
            "quasiIdentifiers": texts(record.quasiIdentifiers),
        ]
    }

    private func texts(_ values: [String: String]) -> JSONValue {
        .object(values.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
    }
}
