import CStandards
public import Cryptography
public import DataSets

/// What a file becomes: everything that is written, and what proves it.
public struct CleanedFile: Sendable {
    public let meta: DataSet
    public let dataSet: DataSet
    public let encoding: Encoding
    /// Changes to pixel bytes on their way from the source.
    public let patches: SourcePatches
    public let tally: Tally
    public let warnings: [String]
    public let subject: Subject
    /// Original values that must not be found in the result.
    let needles: NeedleSet
}

/// De-identifies DICOM files by one policy under one key. A value; one file at a time and thread.
public struct FileCleaner: Sendable {
    public let policy: Policy
    public let names: Pseudonyms
    /// Written into each file, with the edition of the table: "Hilum 0.1.0".
    public let program: String
    let book: RuleBook

    public init(policy: Policy, key: ProjectKey, program: String) {
        (self.policy, self.program) = (policy, program)
        (names, book) = (Pseudonyms(key), RuleBook(policy))
    }

    /// - Parameters:
    ///   - path: of the file below the input, whose parts must not be found in the result either.
    ///   - identity: whose it is, where other files of its study tell more than its own header.
    ///   - pixels: what was found out about the pixels.
    /// - Throws: `Refusal`.
    public func clean(
        _ file: PartTenFile, path: String, as identity: PatientIdentity? = nil, pixels: PixelOutcome = .notExamined
    ) throws(Refusal) -> CleanedFile {
        let sopClass = try Self.checkedClass(file)
        let identity = identity ?? file.patientIdentity
        guard let subject = Subject(identity, rule: policy.patientRule, key: names.key) else {
            throw Refusal(.noPatient, "neither a Patient ID nor a Study Instance UID says whose this is")
        }
        var cleaner = DataSetCleaner(
            book: book, names: names, subject: subject, sopClass: sopClass, original: file.dataSet)
        var dataSet = cleaner.clean(file.dataSet, in: nil, charset: .ascii)
        for element in file.meta.elements where !Self.plainMeta.contains(element.tag) {
            cleaner.harvest.note(element, charset: .ascii)
        }
        if file.dataSet[.patientID]?.isEmpty != false {
            cleaner.harvest.note(
                DataElement(.patientID, .LO, text: identity.id), charset: CharacterSet(["ISO_IR 192"]))
        }
        // As a check of the whole tree searches for it.
        cleaner.harvest.note(wholeName: identity.name)
        cleaner.harvest.note(path: path, technique: file.dataSet.scannerNames)
        var search = IdentitySearch(cleaner.harvest.needles, cleaner.types)
        search.clean(&dataSet)
        if let tag = search.withinPixels {
            throw Refusal(
                .unparsable, "\(tag), by which its pixels are read, holds a date or an identifier of the patient")
        }
        for tag in search.found { cleaner.tally.count(.replaced, .identityFound, tag) }
        // Also where there was none: each patient has a number of their own, and no two share an empty one.
        for (tag, vr) in [(Tag.patientID, ValueRepresentation.LO), (.patientName, .PN)]
        where policy.overrides[tag] == nil {
            dataSet.set(DataElement(tag, vr, text: subject.pseudonym))
        }
        mark(&dataSet, original: file.dataSet, pixels)
        // What lies beside frames is blanked in frames that stay; drawn anew they have nothing beside them.
        let (blanked, warning) = pixels.redrawn == nil ? try Self.patches(for: file) : ([], nil)
        let patches = pixels.redrawn == nil ? blanked + pixels.patches : []
        pixels.redrawn?.apply(to: &dataSet)
        let encoding = pixels.redrawn == nil ? file.encoding : .explicitLittleEndian
        cleaner.tally.finish()
        var warnings = cleaner.warnings
        if let warning { warnings.insert(warning) }
        if file.trailingBytes > 0 { warnings.insert("bytes behind the data set were dropped") }
        if file.hasPreambleContent { warnings.insert("the preamble was not empty and is now") }
        return CleanedFile(
            meta: FileMeta.elements(
                sopClass: sopClass, sopInstance: dataSet[.sopInstanceUID],
                transferSyntax: encoding.transferSyntax),
            dataSet: dataSet, encoding: encoding, patches: SourcePatches(patches),
            tally: cleaner.tally, warnings: warnings.sorted(), subject: subject, needles: cleaner.harvest.needles)
    }

    private static func checkedClass(_ file: PartTenFile) throws(Refusal) -> String {
        if file.dataSet[.directoryRecordSequence] != nil || file.meta.text(.mediaStorageSOPClassUID) == directoryClass {
            throw Refusal(.directory, "a DICOMDIR: it lists other files, with their patients' names, and is made anew")
        }
        let stated = file.dataSet.text(.sopClassUID)
        let sopClass = stated.isEmpty ? file.meta.text(.mediaStorageSOPClassUID) : stated
        guard standard_is_sop_class(sopClass) != 0 else {
            throw Refusal(.privateSOPClass, "its SOP Class is not one of the standard's, so no rule speaks of it")
        }
        if file.dataSet[.encapsulatedDocument] != nil,
            AttributeTypes(sopClass: sopClass).need(of: .encapsulatedDocument, in: nil) == .type1
        {
            throw Refusal(.encapsulatedDocument, "it holds a document (PDF, CDA or model) that is not looked into")
        }
        return sopClass
    }

    private static let directoryClass = "1.2.840.10008.1.3.10"
    /// Of group 0002: encoding, and vocabulary.
    private static let plainMeta: Set<Tag> = [
        .mediaStorageSOPClassUID, .transferSyntaxUID, Tag(0x0002, 0x0000), Tag(0x0002, 0x0001), Tag(0x0002, 0x0012),
        Tag(0x0002, 0x0013),
    ]

    /// Changes to what lies beside frames, and what to say of them.
    private static func patches(for file: PartTenFile) throws(Refusal) -> ([SourcePatch], warning: String?) {
        guard case .fragments(let fragments) = file.dataSet[.pixelData]?.value else {
            return try NativePixels(file).patches()
        }
        guard let kind = Codestream.kind(of: file.encoding.transferSyntax) else {
            throw Refusal(.unexaminedPixels, "its pixels are a video, or another stream that may carry text of its own")
        }
        guard !file.hasEmbeddedOverlay else {
            throw Refusal(
                .unexaminedPixels,
                "an overlay lies in unused bits of its compressed pixels, where it cannot be erased; decompress the file"
            )
        }
        guard file.hasOffsetTable(fragments) else {
            throw Refusal(
                .unparsable,
                "its offset table does not tell where its frames begin, and could hold anything; decompress "
                    + "the file, or have its archive export it anew")
        }
        var stream = Codestream(file.source, fragments.dropFirst())
        do { try stream.blank(kind, try? FrameSize(file)) } catch { throw Refusal(.unparsable, error.message) }
        return (stream.patches, nil)
    }

    /// Says in the data set what was done to it (PS3.15 E.2; PS3.3 C.12.1.1.7).
    private func mark(_ dataSet: inout DataSet, original: DataSet, _ pixels: PixelOutcome) {
        if original[.specificCharacterSet] != nil || dataSet.hasTextBeyondASCII {
            dataSet.set(DataElement(.specificCharacterSet, .CS, text: "ISO_IR 192"))
        }
        dataSet.set(DataElement(.patientIdentityRemoved, .CS, text: "YES"))
        let method = "\(program), PS3.15 \(String(cString: standard_edition()))"
        let methods = dataSet.text(.deidentificationMethod).split(separator: "\\").map(String.init)
        let all = (methods.filter { $0 != method } + [method]).joined(separator: "\\")
        dataSet.set(DataElement(.deidentificationMethod, .LO, text: all))
        MethodMarks(policy, pixels, original: original).write(to: &dataSet)
        if pixels.isFreeOfText { dataSet.set(DataElement(.burnedInAnnotation, .CS, text: "NO")) }
        if pixels.isFreeOfFeatures { dataSet.set(DataElement(.recognizableVisualFeatures, .CS, text: "NO")) }
    }
}

extension PartTenFile {
    /// What the header says of the patient.
    public var patientIdentity: PatientIdentity {
        let charset = CharacterSet(dataSet[.specificCharacterSet])
        func text(_ tag: Tag) -> String { dataSet[tag].map { charset.decode($0.bytes ?? []) } ?? "" }
        var identity = PatientIdentity()
        (identity.id, identity.issuer) = (text(.patientID), text(.issuerOfPatientID))
        (identity.name, identity.birthDate) = (text(.patientName), text(.patientBirthDate))
        (identity.sex, identity.studyInstanceUID) = (text(.patientSex), dataSet.text(.studyInstanceUID))
        return identity
    }
}

extension DataSet {
    /// Manufacturer, and Manufacturer's Model Name.
    var scannerNames: [String] { [Tag(0x0008, 0x0070), Tag(0x0008, 0x1090)].map { text($0) } }

    var hasTextBeyondASCII: Bool {
        elements.contains { element in
            if let items = element.items { return items.contains(where: \.hasTextBeyondASCII) }
            return element.vr.dependsOnCharacterSet && element.bytes?.contains { $0 >= 0x80 } == true
        }
    }
}
