import Cryptography
import Testing

@testable import Deidentification

@Suite struct TreeNamesTests {
    @Test func participantsAreFoundByFolderAndName() {
        let one = TreeNames.participant(of: "sub-01/ses-1/anat/sub-01_ses-1_T1w.nii.gz")
        #expect(one != nil)
        #expect(TreeNames.participant(of: "derivatives/x/sub-01/anat/sub-01_T1w.json") == one)
        #expect(TreeNames.participant(of: "sub-01_T1w.nii") == one)
        #expect(TreeNames.participant("01", besides: "participants.tsv") == one)
        #expect(TreeNames.participant(of: "other/sub-01/anat/x.nii") != one)
        #expect(TreeNames.participant(of: "sub-02/x.nii") != one)
        #expect(TreeNames.participant(of: "subject-01/T1.nii") == nil)
        #expect(TreeNames.participant(of: "task-rest_bold.json") == nil)
    }

    @Test func namesOfTheStandardStay() throws {
        let tree = try TestCleaner().tree()
        let path = try #require(
            tree.path("sub-Jane/ses-20160120/func/sub-Jane_ses-20160120_task-rest_run-02_bold.nii.gz"))
        let parts = path.split(separator: "/").map(String.init)
        #expect(parts.count == 4 && parts[2] == "func")
        #expect(parts[3] == "\(parts[0])_\(parts[1])_task-rest_run-02_bold.nii.gz")
        #expect(!path.contains("Jane") && !path.contains("2016"))
        #expect(tree.path("sub-Jane/anat/sub-John_T1w.nii") == nil)
        #expect(tree.path("participants.tsv") == "participants.tsv")
        #expect(tree.path("task-rest_bold.json") == "task-rest_bold.json")
    }

    @Test func onePartOfANameIsOneName() throws {
        let tree = try TestCleaner().tree()
        func parts(_ path: String) throws -> [String] {
            try #require(tree.path(path)).split { "/_.".contains($0) }.map(String.init)
        }
        let (image, sidecar) = (try parts("a b/Jane head.nii.gz"), try parts("a b/Jane head.json"))
        #expect(image[..<2] == sidecar[..<2] && image.count == 4)
        #expect(try parts("a c/Jane head.json")[1] != sidecar[1])
        // Sessions mean the same for all, unless they could be dates.
        #expect(try parts("sub-1/ses-pre/x.json")[1] == parts("sub-2/ses-pre/x.json")[1])
        #expect(try parts("sub-1/ses-20160120/x.json")[1] != parts("sub-2/ses-20160120/x.json")[1])
        #expect(try parts("sub-1/anat/sub-1_acq-jane_T1w.json")[3] == parts("sub-2/anat/sub-2_acq-jane_T1w.json")[3])
        #expect(try TestCleaner().tree().path("x.json") != tree.path("x.json"))
    }

    @Test func aPatientIDGivesTheNameOfItsDICOMFolder() throws {
        let cleaner = try TestCleaner()
        let participant = try #require(TreeNames.participant(of: "sub-01/x.json"))
        var identity = PatientIdentity()
        identity.id = "4711"
        let subject = try #require(Subject(identity, rule: .id, key: cleaner.files.names.key))
        let tree = cleaner.tree([participant: subject])
        #expect(
            tree.path("sub-01/x.json")?.hasPrefix("sub-\(cleaner.files.names.name(subject.key, .path, count: 8))/")
                == true)
    }

    @Test func suffixesComeFromContent() throws {
        let tree = try TestCleaner().tree()
        #expect(tree.path("sub-1/anat/sub-1_T1w.nii", suffix: ".nii.gz")?.hasSuffix("_T1w.nii.gz") == true)
        #expect(SplitName("A.NII.GZ") == SplitName("A.nii.gz"))
        #expect(SplitName(".json").suffix == "" && SplitName("a.b.json").stem == "a.b")
    }
}
