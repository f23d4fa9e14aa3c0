import Deidentification
import Files
import Pipelines

/// What becomes of each file, once all that were found are known.
extension AnonymizationSurvey {
    /// The same, with the patient of its study for each file that names none.
    private func withPatients(_ looks: [Look]) -> (looks: [Look], studies: StudyPatients) {
        func patients(_ looks: [Look]) -> StudyPatients {
            StudyPatients(
                looks.lazy.compactMap(\.examined.identity), rule: cleaner.policy.patientRule, key: cleaner.names.key)
        }
        let studies = patients(looks)
        var (result, isChanged) = (looks, false)
        for (index, look) in looks.enumerated() {
            guard let identity = look.examined.identity.flatMap(studies.completed) else { continue }
            let examined: Examined
            switch look.examined {
            case .head(var head, _):
                (head.identity, head.isPatientOfStudy) = (identity, true)
                examined = self.examined(head)
            case .beside(var found):
                found.identity = identity
                examined = .beside(found)
            case .other: continue
            }
            result[index] = Look(
                file: look.file, examined: examined, identity: look.identity, pathDigest: look.pathDigest)
            isChanged = true
        }
        // By a rule that asks for more than the ID, a file may still be of another patient.
        return (result, isChanged ? patients(result) : studies)
    }

    func addVerdicts(_ looks: [Look], to units: inout [WorkUnit<AnonymizationInput>]) {
        let (looks, studies) = withPatients(looks)
        var others: [FoundOtherFile] = []
        let places = looks.map { look -> Int? in
            guard case .beside(let other) = look.examined else { return nil }
            others.append(other)
            return others.count - 1
        }
        let beside = OtherFileSurvey(others, cleaner)
        let subjects = looks.enumerated().map { index, look -> Subject? in
            if let place = places[index] { return beside.subject(place) }
            guard case .head(_, let known) = look.examined else { return nil }
            return known?.subject
        }
        let contradictions = contradictions(looks, subjects)
        var namer = ResultNames(layout: layout, names: cleaner.names)
        var taken: Set<String> = []
        for (index, look) in looks.enumerated() {
            let file = look.file
            if let identity = look.examined.identity, let reason = studies.ambiguity(identity) {
                units.append(refused(look.pathDigest, ambiguousPatient(reason), isSkipped: false))
                continue
            }
            switch look.examined {
            case .other(let reason, let isSkipped):
                units.append(refused(look.pathDigest, reason, isSkipped: isSkipped))
            case .beside(let found):
                if let reason = subjects[index].flatMap({ contradictions[$0.key] }) {
                    units.append(refused(look.pathDigest, ambiguousPatient(reason), isSkipped: false))
                    continue
                }
                switch beside.verdict(places[index]!, isTaken: { taken.contains($0) }) {
                case .refused(let reason, let isSkipped):
                    units.append(refused(look.pathDigest, reason, isSkipped: isSkipped))
                case .clean(let other, let name):
                    for suffix in found.suffixes {
                        taken.insert(other.tree.path(file.relativePath, suffix: suffix) ?? name)
                    }
                    units.append(unit(look, name, found.identity, other))
                }
            case .head(let head, _) where head.isDirectory:
                let reason = ManifestEntry.Failure(
                    code: kebab(Refusal.Code.directory.rawValue), stage: "read",
                    message: "a DICOMDIR: it lists other files, with their patients' names; "
                        + (layout.fitsMedia
                            ? "it is made anew" : "the layout is none that DICOM media allow, so none is made"))
                units.append(refused(look.pathDigest, reason, isSkipped: true))
            case .head(let head, let known):
                guard let (subject, name) = known else {
                    // A file that belongs to nobody: the cleaner says why.
                    units.append(unit(look, "refused/\(look.pathDigest)", head.identity))
                    continue
                }
                if let reason = contradictions[subject.key] {
                    units.append(refused(look.pathDigest, ambiguousPatient(reason), isSkipped: false))
                    continue
                }
                switch namer.name(for: file.path, head, subject, first: name) {
                case .name(let name): units.append(unit(look, name, head.identity, head: head))
                case .copy:
                    let reason = ManifestEntry.Failure(
                        code: "copy", stage: "read", message: "the same bytes as another file, which is de-identified")
                    units.append(refused(look.pathDigest, reason, isSkipped: true))
                case .collision:
                    let reason = ManifestEntry.Failure(
                        code: "name-collision", stage: "layout",
                        message: "the short name of its result is another file's; give longer names by --layout, as in "
                            + "{patient:16}/{study:16}/{series:16}/{instance:16}")
                    units.append(refused(look.pathDigest, reason, isSkipped: false))
                }
            }
        }
    }

    /// By the subject's key: why it is not sure who that is, and what to do.
    private func contradictions(_ looks: [Look], _ subjects: [Subject?]) -> [String: String] {
        var known: [String: Set<PatientIdentity>] = [:]
        var found: [String: String] = [:]
        for (look, subject) in zip(looks, subjects) {
            guard var identity = look.examined.identity, let subject else { continue }
            identity.studyInstanceUID = ""
            guard known[subject.key, default: []].insert(identity).inserted else { continue }
            for other in known[subject.key]! {
                // The least of all, so that the words do not depend on the order of files.
                if let reason = identity.contradiction(to: other, rule: cleaner.policy.patientRule) {
                    found[subject.key] = min(found[subject.key] ?? reason, reason)
                }
            }
        }
        let messages = found.mapValues { reason in
            "files of one Patient ID have different \(reason); correct them, or tell patients apart "
                + "by more than the ID (--patient-rule id-and-issuer or id-and-birth-date)"
        }
        return messages.merging(unfinished(Set(known.values.joined()))) { message, _ in message }
    }

    /// By the subject's key: headers that lack what the rule tells patients of one ID apart by, where others of this ID
    /// have it. They may be of the same patient, who would have two names and two date offsets.
    private func unfinished(_ identities: Set<PatientIdentity>) -> [String: String] {
        let rule = cleaner.policy.patientRule
        var (complete, lacking): (Set<String>, [PatientIdentity]) = ([], [])
        for identity in identities {
            guard let second = rule.second(of: identity) else { return [:] }
            if second.value.isEmpty {
                lacking.append(identity)
            } else {
                complete.insert(Subject.normalized(identity.id))
            }
        }
        var found: [String: String] = [:]
        for identity in lacking where complete.contains(Subject.normalized(identity.id)) {
            guard let (name, _) = rule.second(of: identity),
                let subject = Subject(identity, rule: rule, key: cleaner.names.key)
            else { continue }
            found[subject.key] =
                "the \(name) is missing, which other files of this Patient ID have, and --patient-rule \(rule.rawValue) "
                + "tells patients apart by it; add it, or choose --patient-rule id"
        }
        return found
    }

    private func ambiguousPatient(_ message: String) -> ManifestEntry.Failure {
        ManifestEntry.Failure(
            code: kebab(Refusal.Code.ambiguousPatient.rawValue), stage: "identity", message: message)
    }

    private func unit(
        _ look: Look, _ name: String, _ identity: PatientIdentity, _ other: OtherFile? = nil,
        head: FileHead? = nil
    ) -> WorkUnit<AnonymizationInput> {
        let input = AnonymizationInput(
            file: LoadedFile(path: look.file.path, identity: look.identity), relativePath: look.file.relativePath,
            identity: identity, head: head, other: other)
        return WorkUnit(
            name: name, inputs: [look.pathDigest], estimatedBytes: min(look.identity?.size ?? 0, 64 << 20) + (1 << 20),
            verdict: .process(input))
    }
}
