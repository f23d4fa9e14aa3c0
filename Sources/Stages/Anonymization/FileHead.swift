import DataSets
import Deidentification

/// What the beginning of a DICOM file tells: enough to know whose it is, where its result goes, and whether another file
/// is the same object.
struct FileHead: Sendable {
    var identity: PatientIdentity
    var studyInstanceUID: String
    var seriesInstanceUID: String
    var sopInstanceUID: String
    var modality: String
    /// Whether the Patient ID is not the file's own but that of its study.
    var isPatientOfStudy = false
    /// A DICOMDIR.
    var isDirectory: Bool

    /// - Throws: `DataSetError`.
    init(path: String) throws(DataSetError) {
        let file = try PartTenFile(path: path, through: Tag(0x0020, 0x000E))
        identity = file.patientIdentity
        studyInstanceUID = file.dataSet.text(Tag(0x0020, 0x000D))
        seriesInstanceUID = file.dataSet.text(Tag(0x0020, 0x000E))
        sopInstanceUID = file.dataSet.text(Tag(0x0008, 0x0018))
        modality = file.dataSet.text(Tag(0x0008, 0x0060))
        isDirectory = file.meta.text(.mediaStorageSOPClassUID) == "1.2.840.10008.1.3.10"
        // Objects without an instance UID in the data set are told apart by their meta information.
        if sopInstanceUID.isEmpty { sopInstanceUID = file.meta.text(.mediaStorageSOPInstanceUID) }
    }
}
