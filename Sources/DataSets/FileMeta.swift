/// File meta information as this program writes it: only what a reader needs, nothing of who sent or received the file
/// (PS3.10 7.1).
public enum FileMeta {
    /// Identifies this program's files (PS3.7 D.3.3.2); derived from a UUID.
    static let implementationClassUID = "2.25.280671862573091537450893027351120745683"
    static let implementationVersion = "HILUM_1"

    /// - Parameter sopInstance: the data set's SOP Instance UID: where that may stay, it may stay here.
    public static func elements(sopClass: String, sopInstance: DataElement?, transferSyntax: String) -> DataSet {
        DataSet([
            DataElement(Tag(0x0002, 0x0001), .OB, .bytes([0, 1])),
            DataElement(.mediaStorageSOPClassUID, .UI, text: sopClass),
            (sopInstance ?? DataElement(Tag(0x0008, 0x0018), .UI, text: "")).copied(to: .mediaStorageSOPInstanceUID),
            DataElement(.transferSyntaxUID, .UI, text: transferSyntax),
            DataElement(Tag(0x0002, 0x0012), .UI, text: implementationClassUID),
            DataElement(Tag(0x0002, 0x0013), .SH, text: implementationVersion),
        ])
    }
}
