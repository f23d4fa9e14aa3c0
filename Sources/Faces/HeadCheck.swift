public import Parallel
public import Volumes

/// Whether a volume shows a head with a face, from its voxels; hints only settle what they leave open.
public enum HeadCheck {
    /// Limits for what counts as a head, met with room to spare by every head of `Tests/Peers/faces`.
    enum Limit {
        static let information = 1.05
        static let headOverlap = 0.85
        static let brainOverlap = 0.8
        static let brainVisible = 0.5
        static let orientationLead = 0.008
        /// mL; from infants to tall adults.
        static let brainVolume = 500.0...2300
        static let scale = 0.65...1.4
        /// Least share of the face in the image that could show anyone.
        static let faceVisible = 0.02
        /// Tissue in the place of the face, or of the scalp: gone below the first, there above the second.
        static let tissue = (gone: 0.12, present: 0.35)
        /// cm2; no head's or neck's cross-section is as large.
        static let torsoArea = 330.0
    }

    /// Never throws: what cannot be judged is `unsure`.
    public static func examine(
        _ volume: Volume, hints: HeadHints = .init(), workers: Workers = .single
    ) -> HeadExamination {
        var measures = HeadMeasures()
        do throws(FaceError) {
            let image = try HeadImage(volume, workers: workers)
            let search = try HeadSearch(image, workers: workers)
            guard let found = search.best() else {
                throw FaceError(.headUncertain, "the image shows no tissue", measures)
            }
            measures.information = found.information
            measures.orientationLead = found.coarseScore - search.bestTurned(workers: workers)
            measures.leastSliceArea = image.leastSliceArea
            let head = try AlignedHead(image, found.pose)
            head.measure(into: &measures)
            return try judge(head, measures, hints)
        } catch {
            var error = error
            error.measures = measures
            return HeadExamination(finding: .unsure(error), reason: error.description, measures: measures, head: nil)
        }
    }

    private static func judge(
        _ head: AlignedHead, _ m: HeadMeasures, _ hints: HeadHints
    ) throws(FaceError) -> HeadExamination {
        func finding(_ finding: HeadFinding, _ reason: String) -> HeadExamination {
            HeadExamination(finding: finding, reason: reason, measures: m, head: head)
        }
        let scales = [m.scales.x, m.scales.y, m.scales.z]
        let fits = m.information >= Limit.information && m.brainOverlap >= Limit.brainOverlap
            && m.brainVisible >= Limit.brainVisible && scales.allSatisfy(Limit.scale.contains)
        let isBrainAlone = m.scalpTissue < Limit.tissue.gone && m.faceTissue < Limit.tissue.gone
        guard fits, isBrainAlone || m.headOverlap >= Limit.headOverlap else {
            if m.leastSliceArea >= Limit.torsoArea { return finding(.noHead, "every slice is wider than a head") }
            if hints.isHead == false { return finding(.noHead, "no head was found, and the body part is another") }
            throw FaceError(.headUncertain, "no head was found, but nothing says that there is none")
        }
        guard m.orientationLead >= Limit.orientationLead else {
            throw FaceError(
                .orientationUncertain, "the head fits as well when turned: the affine may state wrong directions")
        }
        guard Limit.brainVolume.contains(m.brainVolume) else {
            throw FaceError(.brainUncertain, "the brain's volume is implausible")
        }
        if isBrainAlone { return finding(.headWithoutFace, "skull and scalp are cut away") }
        if m.faceVisible < Limit.faceVisible { return finding(.headWithoutFace, "the face lies outside the image") }
        guard m.scalpTissue >= Limit.tissue.present else {
            throw FaceError(.headUncertain, "parts of the scalp are cut away or too dark to be seen")
        }
        if m.faceTissue < Limit.tissue.gone { return finding(.headWithoutFace, "the face is cut away already") }
        guard m.faceTissue >= Limit.tissue.present else {
            throw FaceError(.headUncertain, "parts of the face are cut away or too dark to be seen")
        }
        return finding(.headWithFace, "a head with a face")
    }
}
