import Cryptography
import DataSets
import TestSupport

@testable import Deidentification

/// A key of its own for a test.
func makeKey() throws -> ProjectKey {
    let scratch = try Scratch()
    try ProjectKey.create(path: scratch.path + "/key")
    return try ProjectKey(path: scratch.path + "/key")
}

/// A small secondary capture image of one patient, with more elements on demand.
func makeFile(
    _ more: [DataElement] = [], sopClass: String = "1.2.840.10008.5.1.4.1.1.7",
    transferSyntax: String = "1.2.840.10008.1.2.1"
) throws -> PartTenFile {
    var dataSet = DataSet([
        DataElement(.sopClassUID, .UI, text: sopClass),
        DataElement(.sopInstanceUID, .UI, text: "1.2.826.0.1.3680043.10.999.7.1"),
        DataElement(Tag(0x0008, 0x0020), .DA, text: "20040119"),
        DataElement(.modality, .CS, text: "OT"),
        DataElement(.patientName, .PN, text: "Lovelace^Ada"),
        DataElement(.patientID, .LO, text: "MRN0012345"),
        DataElement(.patientBirthDate, .DA, text: "18151210"),
        DataElement(.studyInstanceUID, .UI, text: "1.2.826.0.1.3680043.10.999.7"),
        DataElement(.seriesInstanceUID, .UI, text: "1.2.826.0.1.3680043.10.999.7.2"),
        DataElement(.samplesPerPixel, .US, .bytes([1, 0])),
        DataElement(.photometricInterpretation, .CS, text: "MONOCHROME2"),
        DataElement(.rows, .US, .bytes([2, 0])), DataElement(.columns, .US, .bytes([2, 0])),
        DataElement(.bitsAllocated, .US, .bytes([8, 0])), DataElement(.bitsStored, .US, .bytes([8, 0])),
        DataElement(.highBit, .US, .bytes([7, 0])), DataElement(.pixelRepresentation, .US, .bytes([0, 0])),
        DataElement(.pixelData, .OB, .bytes([1, 2, 3, 4])),
    ])
    for element in more { dataSet.set(element) }
    return try reread(dataSet, transferSyntax)
}

/// The data set as a file, written and read again.
func reread(_ dataSet: DataSet, _ transferSyntax: String = "1.2.840.10008.1.2.1") throws -> PartTenFile {
    let meta = FileMeta.elements(
        sopClass: dataSet.text(.sopClassUID), sopInstance: dataSet[.sopInstanceUID],
        transferSyntax: transferSyntax)
    let none = ByteSource([])
    let plan = try PartTenWriter.encode(
        meta: meta, dataSet, Encoding(transferSyntax: transferSyntax)!, from: none)
    return try PartTenFile(ByteSource(plan.bytes))
}

func makeCleaner(_ options: Set<ProfileOption> = [], key: ProjectKey? = nil) throws -> FileCleaner {
    FileCleaner(policy: try Policy(options: options), key: try key ?? makeKey(), program: "Test")
}
