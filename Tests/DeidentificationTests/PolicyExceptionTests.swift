import DataSets
import Testing

@testable import Deidentification

/// What a project's own exceptions may say, and what files say of them.
struct PolicyExceptionTests {
    private static let (studyDate, institution) = (Tag(0x0008, 0x0020), Tag(0x0008, 0x0080))

    @Test(
        arguments: [
            // No effect.
            (Tag(0x0002, 0x0010), .remove, []), (.specificCharacterSet, .remove, []),
            (.patientIdentityRemoved, .keep, []), (.burnedInAnnotation, .replace, []),
            // A broken file.
            (.sopClassUID, .hash, []), (.sopInstanceUID, .remove, []), (.studyInstanceUID, .replace, []),
            (.rows, .hash, []), (.rows, .remove, []), (.photometricInterpretation, .replace, []),
            (.pixelData, .remove, []), (Tag(0x0028, 0x0030), .hash, []), (Tag(0x0028, 0x1101), .remove, []),
            (Tag(0x0008, 0x0022), .hash, []), (Tag(0x0018, 0x0050), .hash, []), (Tag(0x0008, 0x1110), .hash, []),
            // A lie.
            (.patientID, .keep, []), (.patientName, .keep, []),
            (.studyInstanceUID, .keep, [.retainModifiedDates]), (studyDate, .keep, [.retainModifiedDates]),
        ] as [(DataSets.Tag, Policy.Override, Set<ProfileOption>)])
    func someExceptionsAreRefused(
        _ tag: DataSets.Tag, _ override: Policy.Override, _ options: Set<ProfileOption>
    ) throws {
        let error = #expect(throws: PolicyError.self) { try Policy(options: options, overrides: [tag: override]) }
        #expect(error?.description.hasPrefix("\(override.rawValue) for \(tag) is not possible: ") == true)
    }

    @Test(
        arguments: [
            (.patientID, .remove), (.studyInstanceUID, .hash), (.studyInstanceUID, .keep), (.rows, .keep),
            (Tag(0x0028, 0x1055), .remove), (Tag(0x0018, 0x0050), .replace), (Tag(0x0018, 0x1030), .hash),
        ] as [(DataSets.Tag, Policy.Override)])
    func othersAreNot(_ tag: DataSets.Tag, _ override: Policy.Override) throws {
        _ = try Policy(overrides: [tag: override])
    }

    @Test func aHashedUIDIsMapped() throws {
        let book = RuleBook(try Policy(overrides: [.studyInstanceUID: .hash]))
        #expect(book.rule(for: .studyInstanceUID).type1 == .mapUID)
    }

    /// (0028,0303) and (0012,0064) say what was done, and not what the options alone would do.
    @Test(
        arguments: [
            ([], [:], "REMOVED", ["113100"]), ([], [studyDate: .keep], "UNMODIFIED", ["113100"]),
            ([], [.patientBirthDate: .keep], "REMOVED", ["113100"]),
            ([.retainFullDates], [:], "UNMODIFIED", ["113100", "113106"]),
            ([.retainFullDates], [studyDate: .remove], "MODIFIED", ["113100"]),
            ([.retainModifiedDates], [studyDate: .remove], "MODIFIED", ["113100", "113107"]),
            ([.retainInstitutionIdentity], [:], "REMOVED", ["113100", "113112"]),
            ([.retainInstitutionIdentity], [institution: .remove], "REMOVED", ["113100"]),
        ] as [(Set<ProfileOption>, [DataSets.Tag: Policy.Override], String, [String])])
    func marksSayWhatExceptionsDo(
        _ options: Set<ProfileOption>, _ overrides: [DataSets.Tag: Policy.Override], _ temporal: String,
        _ codes: [String]
    ) throws {
        let marks = MethodMarks(try Policy(options: options, overrides: overrides), .notExamined, original: DataSet([]))
        #expect(marks.temporal.rawValue == temporal && marks.codes.map(\.value) == codes)
    }

    /// A file that was de-identified before: what went then is not back, and codes of no standard tell nothing.
    @Test(
        arguments: [
            ([.retainFullDates], "MODIFIED", ["113107", "113110"], "MODIFIED", ["113100", "113107"]),
            ([.retainFullDates], "REMOVED", ["113100"], "REMOVED", ["113100"]),
            ([.retainModifiedDates], "REMOVED", [], "REMOVED", ["113100"]),
            ([], "UNMODIFIED", ["113101", "113106", "99X1"], "REMOVED", ["113100", "113101"]),
            ([.retainUIDs], "REMOVED", ["113110", "113105"], "REMOVED", ["113100", "113105", "113110"]),
        ] as [(Set<ProfileOption>, String, [String], String, [String])])
    func marksOfAnEarlierRunStayTrue(
        _ options: Set<ProfileOption>, _ before: String, _ codesBefore: [String], _ after: String, _ codes: [String]
    ) throws {
        let policy = try Policy(options: options)
        let items = codesBefore.map { code in
            DataSet([
                DataElement(.codeValue, .SH, text: code), DataElement(.codingSchemeDesignator, .SH, text: "DCM"),
                DataElement(.codeMeaning, .LO, text: "Wintermorgen"),
            ])
        }
        var dataSet = DataSet([
            DataElement(.deidentificationMethodCodeSequence, .SQ, .items(items)),
            DataElement(.longitudinalTemporalInformationModified, .CS, text: before),
        ])
        let marks = MethodMarks(policy, .notExamined, original: dataSet)
        #expect(marks.temporal.rawValue == after && marks.codes.map(\.value) == codes)
        marks.write(to: &dataSet)
        let written = try #require(dataSet[.deidentificationMethodCodeSequence]?.items)
        #expect(written.map { $0.text(.codeMeaning) } == marks.codes.map(\.meaning))
        #expect(MethodMarks.problems(of: dataSet, under: policy) == [])
    }

    /// `hilum verify` sees a file among those of another policy.
    @Test func aFileOfAnotherPolicyShows() throws {
        func problems(_ made: Set<ProfileOption>, among report: Set<ProfileOption>) throws -> [String] {
            var dataSet = DataSet([])
            MethodMarks(try Policy(options: made), .notExamined, original: dataSet).write(to: &dataSet)
            return MethodMarks.problems(of: dataSet, under: try Policy(options: report))
        }
        #expect(try problems([.retainFullDates], among: [.retainModifiedDates]).count == 2)
        #expect(try problems([.retainFullDates], among: [.retainFullDates, .cleanDescriptors]).count == 1)
        #expect(try problems([.retainSafePrivate], among: []).count == 1)
        #expect(try problems([.retainUIDs], among: [.retainUIDs, .cleanPixelData]) == [])
    }
}
