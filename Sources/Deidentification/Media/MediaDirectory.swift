import Cryptography
public import DataSets

/// A DICOMDIR over de-identified files (PS3.3 Annex F, PS3.10 section 8): made anew from what they say, because an
/// original one lists names, dates and paths of all its patients.
public struct MediaDirectory: Sendable {
    private struct Entry: Sendable {
        /// Folders and name.
        var fileID: [String]
        var sopClass: String
        var sopInstance: String
        var transferSyntax: String
        /// The keys of its records and no more.
        var keys: DataSet
    }

    private var entries: [Entry] = []

    public init() {}

    public var isEmpty: Bool { entries.isEmpty }

    /// Whether DICOM media allow a path: at most eight parts of at most eight capitals, digits and underscores.
    public static func allows(path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count <= 8
            && parts.allSatisfy { part in
                (1...8).contains(part.count)
                    && part.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_") }
            }
    }

    /// Lists a file.
    ///
    /// - Parameter path: below the folder that the DICOMDIR is for.
    public mutating func add(_ file: PartTenFile, path: String) {
        let sopClass = file.dataSet.text(.sopClassUID)
        let type = DirectoryRecord.type(of: sopClass)
        let wanted =
            DirectoryRecord.patient + DirectoryRecord.study + DirectoryRecord.series + DirectoryRecord.keys(of: type)
        var keys = DataSet(wanted.compactMap { file.dataSet[$0.tag] }.sorted { $0.tag < $1.tag })
        if keys.text(.patientID).isEmpty {
            keys.set(DataElement(.patientID, .LO, text: path.split(separator: "/").first.map(String.init) ?? ""))
        }
        entries.append(
            Entry(
                fileID: path.split(separator: "/").map(String.init), sopClass: sopClass,
                sopInstance: file.dataSet.text(.sopInstanceUID), transferSyntax: file.encoding.transferSyntax,
                keys: keys))
    }

    /// The whole file: the same entries give the same bytes, in whatever order they came.
    ///
    /// - Parameter names: give the file-set its UID.
    public func encode(_ names: Pseudonyms) -> EncodedDataSet {
        let sorted = entries.sorted { $0.fileID.lexicographicallyPrecedes($1.fileID) }
        let patients = Self.grouped(sorted) { $0.keys.text(.patientID) }.map { files in
            Node(
                "PATIENT", Self.grouped(files) { $0.keys.text(.studyInstanceUID) }.map(Self.study),
                DirectoryRecord.patient, files[0])
        }
        let uid = names.uid("media\u{1F}" + sorted.map { $0.fileID.joined(separator: "/") }.joined(separator: "\u{1F}"))
        // Records point to each other by places in the file, which do not depend on what they point to.
        let draft = Self.encode(patients, uid, places: [])
        // The first value ends 20 bytes behind the beginning of its item: 8 of the item, 8 of the element, 4 of its own.
        let places = draft.spans.filter { $0.tag == Self.next }.map { $0.range.end - 20 }
        return Self.encode(patients, uid, places: places)
    }

    private static func study(_ files: [Entry]) -> Node {
        let series = grouped(files) { $0.keys.text(.seriesInstanceUID) }.map { files in
            Node("SERIES", files.map(file), DirectoryRecord.series, files[0])
        }
        return Node("STUDY", series, DirectoryRecord.study, files[0])
    }

    private static func file(_ entry: Entry) -> Node {
        let type = DirectoryRecord.type(of: entry.sopClass)
        var node = Node(type, [], DirectoryRecord.keys(of: type), entry)
        node.references = [
            DataElement(Tag(0x0004, 0x1500), .CS, text: entry.fileID.joined(separator: "\\")),
            DataElement(Tag(0x0004, 0x1510), .UI, text: entry.sopClass),
            DataElement(Tag(0x0004, 0x1511), .UI, text: entry.sopInstance),
            DataElement(Tag(0x0004, 0x1512), .UI, text: entry.transferSyntax),
        ]
        return node
    }

    /// Entries with one value together, in the order of the first of each.
    private static func grouped(_ entries: [Entry], _ value: (Entry) -> String) -> [[Entry]] {
        var (order, groups) = ([String](), [String: [Entry]]())
        for entry in entries {
            let value = value(entry)
            if groups[value] == nil { order.append(value) }
            groups[value, default: []].append(entry)
        }
        return order.map { groups[$0]! }
    }

    private struct Node {
        var type: String
        var children: [Node]
        var keys: [DataElement]
        var references: [DataElement] = []
        /// Itself and all below.
        var count: Int

        init(_ type: String, _ children: [Node], _ keys: [DirectoryRecord.Key], _ entry: Entry) {
            (self.type, self.children) = (type, children)
            self.keys = DirectoryRecord.elements(keys, of: entry.keys)
            count = children.reduce(1) { $0 + $1.count }
        }
    }

    // MARK: Bytes

    private static let next = Tag(0x0004, 0x1400)

    /// - Parameter places: of the records in the file, each before those below it; none yet in a draft.
    private static func encode(_ roots: [Node], _ uid: String, places: [Int]) -> EncodedDataSet {
        var items: [DataSet] = []
        func place(_ number: Int?) -> Int { number.map { places.isEmpty ? 0 : places[$0] } ?? 0 }
        func append(_ nodes: [Node]) {
            for (index, node) in nodes.enumerated() {
                let number = items.count
                let following = index + 1 < nodes.count ? number + node.count : nil
                items.append(
                    record(node, next: place(following), lower: place(node.children.isEmpty ? nil : number + 1)))
                append(node.children)
            }
        }
        append(roots)
        let last = items.count - (roots.last?.count ?? 0)
        let dataSet = DataSet([
            DataElement(Tag(0x0004, 0x1130), .CS, text: ""),
            unsigned32(Tag(0x0004, 0x1200), place(0)), unsigned32(Tag(0x0004, 0x1202), place(last)),
            DataElement(Tag(0x0004, 0x1212), .US, .bytes([0, 0])),
            DataElement(.directoryRecordSequence, .SQ, .items(items)),
        ])
        let syntax = "1.2.840.10008.1.2.1"
        let meta = FileMeta.elements(
            sopClass: directoryClass, sopInstance: DataElement(.sopInstanceUID, .UI, text: uid), transferSyntax: syntax)
        do {
            return try PartTenWriter.encode(
                meta: meta, dataSet, Encoding(transferSyntax: syntax)!, from: ByteSource([]))
        } catch {
            preconditionFailure("nothing of a DICOMDIR is in another file")
        }
    }

    private static let directoryClass = "1.2.840.10008.1.3.10"

    private static func record(_ node: Node, next: Int, lower: Int) -> DataSet {
        var record = DataSet([
            unsigned32(Self.next, next), DataElement(Tag(0x0004, 0x1410), .US, .bytes([0xFF, 0xFF])),
            unsigned32(Tag(0x0004, 0x1420), lower), DataElement(Tag(0x0004, 0x1430), .CS, text: node.type),
        ])
        for element in node.references + node.keys { record.set(element) }
        if record.hasTextBeyondASCII { record.set(DataElement(.specificCharacterSet, .CS, text: "ISO_IR 192")) }
        return record
    }

    private static func unsigned32(_ tag: Tag, _ value: Int) -> DataElement {
        DataElement(tag, .UL, .bytes((0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }[...]))
    }
}

extension FileCleaner {
    /// Original values that a DICOMDIR holds and that the one made anew must not.
    public func valuesOfDirectory(_ file: PartTenFile) -> OriginalValues {
        // Nobody's: it lists many patients, and of what is computed here nothing is written.
        let subject = Subject(key: "directory", names.key)
        var cleaner = DataSetCleaner(book: book, names: names, subject: subject, sopClass: "", original: file.dataSet)
        _ = cleaner.clean(file.dataSet, in: nil, charset: .ascii)
        return OriginalValues(cleaner.harvest)
    }
}
