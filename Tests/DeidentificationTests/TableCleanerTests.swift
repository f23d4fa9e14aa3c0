import Testing

@testable import Deidentification

@Suite struct TableCleanerTests {
    private func clean(
        _ table: String, _ path: String, _ options: Set<ProfileOption> = [],
        _ body: ([[String]], CleanedText, TestCleaner) throws -> Void
    ) throws {
        let cleaner = try TestCleaner(options)
        let subject = TreeNames.participant(of: path).map { cleaner.tree().subject($0) } ?? cleaner.subject()
        let text = try TableCleaner(cleaner.files, cleaner.tree()).clean(
            Array(table.utf8), path: path, subject: subject)
        #expect(!leak(in: text.bytes, text))
        let lines = String(decoding: text.bytes, as: UTF8.self).split(separator: "\n")
        try body(lines.map { $0.split(separator: "\t").map(String.init) }, text, cleaner)
    }

    private static let people = """
        participant_id\tage\tsex\tname\thandedness
        sub-Jane\t93\tF\tJane Doe\tR
        sub-02\t41.5\tM\tn/a\tn/a
        sub-03\t89+\ttall\tn/a\tleft\r

        """

    @Test func participantsGetTheNamesOfTheirFolders() throws {
        try clean(Self.people, "participants.tsv") { rows, text, cleaner in
            #expect(rows[0] == ["participant_id"])
            let folders = ["Jane", "02", "03"].map { cleaner.tree().path("sub-\($0)/x.json")!.prefix(12) }
            #expect(rows.dropFirst().map { $0[0] } == folders.map(String.init).sorted())
            #expect(text.record.unruled == ["column 4"])
        }
        try clean(Self.people, "participants.tsv", [.retainPatientCharacteristics]) { rows, text, cleaner in
            #expect(rows[0] == ["participant_id", "age", "sex", "handedness"])
            let jane = String(cleaner.tree().path("sub-Jane/x.json")!.prefix(12))
            #expect(rows.first { $0[0] == jane } == [jane, "90", "F", "R"])
            #expect(Set(rows.dropFirst().map { $0[1] }) == ["90", "41.5"])
            #expect(Set(rows.dropFirst().map { $0[2] }) == ["F", "M", "n/a"])
            #expect(!text.record.warnings.isEmpty)
            #expect(leak(in: text.bytes + Array("sub-Jane ".utf8), text))
        }
    }

    /// A row tells as much of a person as a file.
    @Test func rowsHaveQuasiIdentifiers() throws {
        let table =
            "participant_id\tage\tsex\theight\thandedness\n"
            + "sub-1\t93\tfemale\t1.61\tR\nsub-2\tn/a\tn/a\tn/a\tn/a\n"
        try clean(table, "participants.tsv") { _, text, _ in #expect(text.record.people.isEmpty) }
        try clean(table, "participants.tsv", [.retainPatientCharacteristics]) { _, text, cleaner in
            let subject = cleaner.tree().subject(TreeNames.participant("1", besides: "participants.tsv"))
            let values = ["age": "90", "sex": "F", "size": "1.61", "handedness": "R"]
            #expect(text.record.people == [.init(patient: subject.pseudonym, quasiIdentifiers: values)])
        }
    }

    /// Seconds since 1970 would tell the true date beside moved ones.
    @Test func onsetsAreNoTimesOfDays() throws {
        let table = "onset\tduration\n1584437472.5\t1\n2.0200317e7\t1\n20200317\t2\n90000.5\t3\n"
        try clean(table, "sub-1/func/sub-1_task-rest_events.tsv") { rows, _, _ in
            #expect(rows.dropFirst().map { $0[0] } == ["n/a", "n/a", "n/a", "90000.5"])
        }
    }

    @Test func scansKeepTheirFilesAndTheirPatientsDays() throws {
        let table = "filename\tacq_time\noperator/x.nii\tn/a\nanat/sub-Jane_T1w.nii.gz\t2016-01-20T10:11:12\n"
        let path = "sub-Jane/sub-Jane_scans.tsv"
        try clean(table, path) { rows, _, _ in #expect(rows[0] == ["filename"]) }
        try clean(table, path, [.retainModifiedDates]) { rows, _, cleaner in
            let tree = cleaner.tree()
            let image = try #require(tree.path("sub-Jane/anat/sub-Jane_T1w.nii.gz"))
            let row = try #require(rows.first { $0[0].hasSuffix("T1w.nii.gz") })
            #expect("\(image.prefix(12))/\(row[0])" == image)
            let subject = tree.subject(try #require(TreeNames.participant(of: path)))
            let moved = try #require(DateShift(days: subject.dayOffset).date("20160120"))
            #expect(row[1].filter(\.isNumber).prefix(8) == moved[...] && row[1].hasSuffix("T10:11:12"))
        }
    }

    @Test func scansLoseDatesThatStandForUnknownOnes() throws {
        let table = "filename\tacq_time\nanat/sub-Jane_T1w.nii.gz\t1970-01-01T00:00:00\n"
        try clean(table, "sub-Jane/sub-Jane_scans.tsv", [.retainModifiedDates]) { rows, text, _ in
            #expect(rows[1][1] == "n/a")
            #expect(text.record.warnings.contains { $0.contains("stands for an unknown one") })
        }
    }

    @Test func eventsAreNumbersAndConditions() throws {
        let table = "onset\tduration\ttrial_type\tcomment\n2.5\t1\tfaces\tJane moved\n0\tn/a\tJane\tn/a\n"
        try clean(table, "sub-1/func/sub-1_task-rest_events.tsv") { rows, _, _ in
            #expect(rows[0] == ["onset", "duration", "trial_type"])
            #expect(rows[1] == ["2.5", "1", "faces"])
            #expect(rows[2][0...1] == ["0", "n/a"] && rows[2][2].count == 8)
        }
    }

    @Test func refusals() throws {
        let cleaner = try TestCleaner()
        let tables = TableCleaner(cleaner.files, cleaner.tree())
        for table in ["", "a\ta\n1\t2\n", "participant_id\tage\nsub-1\n", "a\tb\n1\t2\n"] {
            #expect(throws: Refusal.self) {
                try tables.clean(Array(table.utf8), path: "participants.tsv", subject: cleaner.subject())
            }
        }
        #expect(TableCleaner.kind(of: "phenotype/measures.tsv") == nil)
        #expect(TableCleaner.kind(of: "sub-1/sub-1_scans.tsv") == "scans")
        for (text, rows) in [("0 1000 x\n", 1), ("1 2\n3\n4 5\n", 3), ("", 1), ("Jane\n", 3), ("1 2\n3 4\n", 1)] {
            #expect(throws: Refusal.self) { try GradientTable.clean(Array(text.utf8), rows: rows) }
        }
        #expect(try GradientTable.clean(Array("0  1000\t5e2 \r\n".utf8), rows: 1).bytes == Array("0 1000 5e2\n".utf8))
        #expect(
            try GradientTable.clean(Array("1 0\n0 1\n0 -.5\n".utf8), rows: 3).bytes == Array("1 0\n0 1\n0 -.5\n".utf8))
    }
}
