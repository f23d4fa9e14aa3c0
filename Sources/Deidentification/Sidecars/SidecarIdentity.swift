extension SidecarCleaner {
    /// What a sidecar says of the patient, at its top or where dcmstack keeps what is constant.
    ///
    /// - Returns: nil when no rule knows any of its keys: it is no sidecar.
    /// - Throws: `Refusal` for what is no object of JSON.
    public static func identity(_ bytes: [UInt8]) throws(Refusal) -> PatientIdentity? {
        let node = try JSONParser.parse(bytes)
        guard case .object(let members) = node else {
            throw Refusal(.unparsable, "JSON that is no object, so that no key says what its values are")
        }
        guard members.contains(where: { SidecarRule.at($0.key) != nil }) else { return nil }
        let places = [node, node["global"]?["const"]].compactMap { $0 }
        func text(_ keys: String...) -> String {
            places.lazy.flatMap { place in keys.lazy.compactMap { place[$0]?.text } }.first ?? ""
        }
        var identity = PatientIdentity()
        (identity.id, identity.issuer) = (text("PatientID"), text("IssuerOfPatientID"))
        identity.name = text("PatientName", "PatientsName")
        let birthDate = text("PatientBirthDate", "PatientsBirthDate")
        identity.birthDate = CivilTime.digits(birthDate) ?? birthDate
        identity.sex = text("PatientSex", "PatientsSex")
        identity.studyInstanceUID = text("StudyInstanceUID")
        return identity
    }
}
