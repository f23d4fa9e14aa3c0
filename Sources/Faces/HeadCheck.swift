public import Parallel
public import Volumes

/// Whether a volume shows a head with a face, from its voxels; hints only settle what they leave open.
public enum HeadCheck {
    /// Limits for what counts as a head, met with room to spare by every head of `Tests/Peers/faces`.
    private enum Limit {
        static let information = 1.05
        static let brainOverlap = 0.8
        /// Of the head's outline, and less of it where the brain fits so well that a dark scalp is the reason.
        static let headOverlap = 0.85
        static let darkHeadOverlap = 0.6
        static let goodBrainOverlap = 0.9
        static let brainVisible = 0.5
        static let orientationLead = 0.008
        /// mL; from infants to tall adults.
        static let brainVolume = 500.0...2400
        static let scale = 0.65...1.4
        /// Least share of the face in the image that could show anyone.
        static let faceVisible = 0.02
        /// Share of tissue below which a face or scalp is gone, if what is there instead is one and the same value.
        static let tissue = 0.12
        static let blank = 0.8
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
            guard let found = search.best() else { throw FaceError(.headUncertain, "the image shows no tissue") }
            measures.information = found.information
            // A search that ended on its side has found a head where the affine has none.
            let upright = found.pose.isUpright ? found.score : 0
            measures.orientationLead = upright - search.bestTurned(workers: workers)
            // Without a unit noise may pass for tissue, and would make every image as wide as itself.
            measures.leastSliceArea = image.contrast == .ct ? image.leastSliceArea : 0
            let head = try AlignedHead(image, found.pose)
            head.measure(into: &measures)
            let (finding, reason) = try judge(measures, hints)
            return HeadExamination(finding: finding, reason: reason, measures: measures, doubt: nil, head: head)
        } catch {
            return HeadExamination(
                finding: .unsure, reason: error.description, measures: measures, doubt: error.code, head: nil)
        }
    }

    static func judge(_ m: HeadMeasures, _ hints: HeadHints) throws(FaceError) -> (HeadFinding, String) {
        let scales = [m.scales.x, m.scales.y, m.scales.z]
        let isBlank = m.faceTissue < Limit.tissue && m.faceBlank >= Limit.blank
        let isBrainAlone = m.scalpTissue < Limit.tissue && m.scalpBlank >= Limit.blank && isBlank
        let outlineFits =
            isBrainAlone || m.headOverlap >= Limit.headOverlap
            || m.headOverlap >= Limit.darkHeadOverlap && m.brainOverlap >= Limit.goodBrainOverlap
        guard outlineFits, m.information >= Limit.information, m.brainOverlap >= Limit.brainOverlap,
            m.brainVisible >= Limit.brainVisible, scales.allSatisfy(Limit.scale.contains)
        else {
            if m.leastSliceArea >= Limit.torsoArea { return (.noHead, "every slice is wider than a head") }
            if hints.isHead == false { return (.noHead, "no head was found, and the body part is another") }
            throw FaceError(.headUncertain, "no head was found, but nothing says that there is none")
        }
        guard m.orientationLead >= Limit.orientationLead else {
            throw FaceError(
                .orientationUncertain, "the head fits as well when turned: the affine may state wrong directions")
        }
        guard Limit.brainVolume.contains(m.brainVolume) else {
            throw FaceError(.brainUncertain, "the brain's volume is implausible")
        }
        if isBrainAlone { return (.headWithoutFace, "skull and scalp are cut away") }
        if m.faceVisible < Limit.faceVisible { return (.headWithoutFace, "the face lies outside the image") }
        if isBlank { return (.headWithoutFace, "the face is cut away already") }
        // A face that is too dark to be seen here may be seen by someone who looks harder.
        return (.headWithFace, "a head with a face")
    }
}
