import Testing

@testable import Stages

/// What is found in the volumes of one file.
@Suite struct FaceVerdictTests {
    private typealias Verdict = FaceExamination.Verdict

    private func runs(_ verdict: Verdict) -> [Int: [Range<Int>]]? {
        if case .cut(let cut) = verdict { cut.runs } else { nil }
    }

    private func isHeld(_ verdict: Verdict) -> Bool { if case .held = verdict { true } else { false } }

    /// The face of the first echo stayed where the second had one of its own, or none.
    @Test func facesInAllVolumesOfAnObjectGo() {
        let first = Verdict.cut(FaceCut(fill: 0, runs: [0: [1..<3]]))
        let second = Verdict.cut(FaceCut(fill: 0, runs: [1: [1..<3]]))
        #expect(runs(first.joined(with: second)) == [0: [1..<3], 1: [1..<3]])
        #expect(
            runs(first.joined(with: .free)) == [0: [1..<3]] && runs(Verdict.free.joined(with: first)) == [0: [1..<3]])
        #expect(isHeld(first.joined(with: .cut(FaceCut(fill: 7, runs: [1: [1..<3]])))))
        #expect(isHeld(first.joined(with: .held("unsure"))) && isHeld(Verdict.held("unsure").joined(with: .free)))
    }
}
