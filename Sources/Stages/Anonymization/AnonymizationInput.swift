import Deidentification

/// One file to de-identify. A class, because it is large and handed from list to list.
final class AnonymizationInput: Sendable {
    let file: LoadedFile
    /// Below the input.
    let relativePath: String
    /// What its header says of the patient; for the encrypted map only.
    let identity: PatientIdentity
    /// Its series and instance, when it is a DICOM object.
    let head: FileHead?
    /// What it is, and whose, when it is no DICOM object.
    let other: OtherFile?

    init(file: LoadedFile, relativePath: String, identity: PatientIdentity, head: FileHead?, other: OtherFile?) {
        (self.file, self.relativePath) = (file, relativePath)
        (self.identity, self.head, self.other) = (identity, head, other)
    }
}
