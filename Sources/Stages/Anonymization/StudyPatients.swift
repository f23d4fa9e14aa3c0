import Cryptography
import Deidentification

/// Whose each study is by its files with a Patient ID. A study is of one patient (PS3.3 A.1.2.2): were its files given
/// several pseudonyms, each would have a date offset of its own, and intervals within the study would be wrong.
struct StudyPatients {
    private var studies: [String: [String: PatientIdentity]] = [:]
    private let rule: Policy.PatientRule
    private let key: ProjectKey

    init(_ identities: some Sequence<PatientIdentity>, rule: Policy.PatientRule, key: ProjectKey) {
        (self.rule, self.key) = (rule, key)
        // Files of a study say the same again and again.
        for identity in Set(identities) where !identity.studyInstanceUID.isEmpty && isKnown(identity) {
            guard let subject = Subject(identity, rule: rule, key: key) else { continue }
            var known = studies[identity.studyInstanceUID, default: [:]]
            // The least of several, so that the order of files does not matter.
            if let other = known[subject.key],
                (other.id, other.issuer, other.birthDate) < (identity.id, identity.issuer, identity.birthDate)
            {
                continue
            }
            known[subject.key] = identity
            studies[identity.studyInstanceUID] = known
        }
    }

    /// Whether files of the study name several patients.
    func isAmbiguous(_ identity: PatientIdentity) -> Bool { studies[identity.studyInstanceUID]?.count ?? 0 > 1 }

    /// The identity with the patient of its study, when it has no Patient ID and the other files agree on one; else nil.
    func completed(_ identity: PatientIdentity) -> PatientIdentity? {
        guard !isKnown(identity), let known = studies[identity.studyInstanceUID], known.count == 1,
            let patient = known.values.first
        else { return nil }
        var completed = identity
        completed.id = patient.id
        if identity.issuer.isEmpty { completed.issuer = patient.issuer }
        if identity.birthDate.isEmpty { completed.birthDate = patient.birthDate }
        return completed
    }

    private func isKnown(_ identity: PatientIdentity) -> Bool { !identity.id.allSatisfy(\.isWhitespace) }
}
