import Testing

@testable import Stages

struct FolderGroupsTests {
    private func groups(_ names: [String], labels: Bool = true, _ sequences: [String] = []) -> FolderGroups {
        FolderGroups(names.sorted(), .init(findsLabels: labels, sequences: sequences))
    }

    private func files(_ groups: FolderGroups, _ owner: String) -> [String] {
        groups.labels.labels(of: owner).map { "\($0.name)=\($0.file)" }.sorted()
    }

    @Test(arguments: ["_mask", "_seg", "-seg", "_Segmentation", "_label", "_labels", "_dseg", ".labels", ".seg"])
    func labelsAreNamedLikeTheirImage(ending: String) {
        let found = groups(["case7.nii.gz", "case70.nii", "case7\(ending).nii.gz"])
        #expect(files(found, "case7") == ["labels=case7\(ending).nii.gz"])
        #expect(files(found, "case70").isEmpty)
        #expect(found.labels.isTaken("case7\(ending).nii.gz") == true)
        #expect(found.labels.isTaken("case7.nii.gz") == nil)
    }

    @Test func labelsOfASubjectGoToAllItsImages() {
        let found = groups(["b1_t1.nii", "b1_t2.nii", "b10_t1.nii", "b1_seg.nii"])
        #expect(files(found, "b1_t1") == ["labels=b1_seg.nii"])
        #expect(files(found, "b1_t2") == ["labels=b1_seg.nii"])
        #expect(files(found, "b10_t1").isEmpty)
    }

    @Test func labelsOfOneImageAreNotThoseOfItsSubject() {
        let found = groups(["b1_t1.nii", "b1_t2.nii", "b1_t1_seg.nii"])
        #expect(files(found, "b1_t1") == ["labels=b1_t1_seg.nii"])
        #expect(files(found, "b1_t2").isEmpty)
    }

    @Test func entitiesOfBIDSDerivativesDoNotCount() {
        let found = groups([
            "sub-01_T1w.nii.gz", "sub-01_label-lesion_mask.nii.gz", "sub-01_space-T1w_label-brain_mask.nii.gz",
            "sub-02_T1w.nii.gz", "sub-02_desc-manual_dseg.nii.gz",
        ])
        #expect(
            files(found, "sub-01_T1w") == [
                "brain=sub-01_space-T1w_label-brain_mask.nii.gz", "lesion=sub-01_label-lesion_mask.nii.gz",
            ])
        #expect(files(found, "sub-02_T1w") == ["labels=sub-02_desc-manual_dseg.nii.gz"])
    }

    @Test func masksThatWereWrittenBelongToTheirImage() {
        let found = groups([
            "a.nii.gz", "a.lesions.nii.gz", "a.lungs.nii.gz", "a.labels.nii.gz", "a.mid.nii", "b.lesions.nii.gz",
            "sub-01_T1w.nii", "sub-01_T1w.edema.nii.gz", "a.lesions.lungs.nii.gz",
        ])
        #expect(
            files(found, "a") == [
                "labels=a.labels.nii.gz", "lesions=a.lesions.nii.gz", "lungs=a.lungs.nii.gz",
            ])
        #expect(files(found, "sub-01_T1w") == ["edema=sub-01_T1w.edema.nii.gz"])
        for image in ["a.mid.nii", "b.lesions.nii.gz", "a.lesions.lungs.nii.gz"] {
            #expect(found.labels.isTaken(image) == nil)
        }
        #expect(
            files(groups(["s_t1.nii", "s_t2.nii", "s.lesions.nii"], ["t1", "t2"]), "s") == ["lesions=s.lesions.nii"])
    }

    @Test func labelsWithoutAnImageAreNobodys() {
        let found = groups(["a.nii", "b_mask.nii", "c_mask.png", "mask.nii"])
        #expect(found.labels.isTaken("b_mask.nii") == false)
        #expect(found.labels.isTaken("c_mask.png") == nil)
        // Called nothing but "mask": an image.
        #expect(found.labels.isTaken("mask.nii") == nil)
    }

    @Test func boxesStandBesideTheirImage() {
        let found = groups(["a.nii", "a.boxes.json", "b.boxes.json", "a.json"])
        #expect(found.labels.boxes(of: "a") == "a.boxes.json")
        #expect(found.labels.isTaken("a.boxes.json") == true && found.labels.isTaken("b.boxes.json") == false)
        #expect(found.labels.isTaken("a.json") == nil)
    }

    @Test func sequencesOfASubjectAreAStack() {
        let names = ["s1_t1.nii", "s1_t1ce.nii", "s1-FLAIR.nii.gz", "s1_seg.nii", "s2_t1.nii", "s1_other.nii"]
        let found = groups(names, ["t1", "t1ce", "flair"])
        #expect(found.stacks.members(of: "s1").files == ["s1_t1.nii", "s1_t1ce.nii", "s1-FLAIR.nii.gz"])
        #expect(found.stacks.members(of: "s1").missing.isEmpty)
        #expect(found.stacks.members(of: "s2").missing == ["t1ce", "flair"])
        #expect(found.stacks.subject(of: "s1_other.nii") == nil)
        #expect(files(found, "s1") == ["labels=s1_seg.nii"])
    }

    @Test func filesNamedByTheirSequenceAloneAreAStack() {
        let found = groups(["t1.nii", "t2.nii", "stack_mask.nii"], ["t1", "t2"])
        #expect(found.stacks.members(of: "").files == ["t1.nii", "t2.nii"])
        #expect(found.stacks.itemNames == ["stack"])
        #expect(files(found, "stack") == ["labels=stack_mask.nii"])
    }

    @Test func withoutLabelsEveryFileIsAnImage() {
        let found = groups(["a.nii", "a_mask.nii", "a.boxes.json"], labels: false)
        #expect(found.labels.isTaken("a_mask.nii") == nil && found.labels.isTaken("a.boxes.json") == nil)
    }
}
