import DataSets

/// File meta information as this program writes it: only what a reader needs, nothing of who sent or received the file
/// (PS3.10 7.1).
enum FileMeta {
    /// Identifies this program's files (PS3.7 D.3.3.2); derived from a UUID.
    static let implementationClassUID = "2.25.280671862573091537450893027351120745683"
    static let implementationVersion = "HILUM_1"

    static func elements(sopClass: String, sopInstance: String, transferSyntax: String) -> DataSet {
        DataSet([
            DataElement(Tag(0x0002, 0x0001), .OB, .bytes([0, 1])),
            DataElement(.mediaStorageSOPClassUID, .UI, text: sopClass),
            DataElement(.mediaStorageSOPInstanceUID, .UI, text: sopInstance),
            DataElement(.transferSyntaxUID, .UI, text: transferSyntax),
            DataElement(Tag(0x0002, 0x0012), .UI, text: implementationClassUID),
            DataElement(Tag(0x0002, 0x0013), .SH, text: implementationVersion),
        ])
    }
}
