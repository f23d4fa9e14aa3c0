extension SidecarCleaner {
    /// What a sidecar says of the patient, at its top or where dcmstack keeps what is constant; empty when it says
    /// nothing, or is no JSON.
    public static func identity(_ bytes: [UInt8]) -> PatientIdentity {
        var identity = PatientIdentity()
        guard let node = try? JSONParser.parse(bytes) else { return identity }
        let places = [node, node["global"]?["const"]].compactMap { $0 }
        func text(_ keys: String...) -> String {
            places.lazy.flatMap { place in keys.lazy.compactMap { place[$0]?.text } }.first ?? ""
        }
        (identity.id, identity.issuer) = (text("PatientID"), text("IssuerOfPatientID"))
        identity.name = text("PatientName", "PatientsName")
        let birthDate = text("PatientBirthDate", "PatientsBirthDate")
        identity.birthDate = CivilTime.digits(birthDate) ?? birthDate
        identity.sex = text("PatientSex", "PatientsSex")
        identity.studyInstanceUID = text("StudyInstanceUID")
        return identity
    }
}
