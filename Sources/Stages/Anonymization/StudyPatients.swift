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

    /// Why files of the study are of several patients, and what to do; nil when they are of one.
    func ambiguity(_ identity: PatientIdentity) -> String? {
        guard let known = studies[identity.studyInstanceUID]?.values, known.count > 1 else { return nil }
        let files = "files of one Study Instance UID"
        let seconds = known.compactMap { rule.second(of: $0) }
        guard Set(known.map { Subject.normalized($0.id) }).count == 1, let name = seconds.first?.name else {
            return "\(files) have different Patient IDs; correct them"
        }
        guard seconds.allSatisfy({ !$0.value.isEmpty }) else {
            return "the \(name) is missing in some \(files), and --patient-rule \(rule.rawValue) tells patients apart "
                + "by it; add it, or choose --patient-rule id"
        }
        return "\(files) have different \(name)s, by which --patient-rule \(rule.rawValue) tells patients apart; "
            + "correct them"
    }

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
