/// What is known of a volume beside its voxels.
public struct HeadHints: Sendable {
    /// Body Part Examined (0018,0015) or a word of a file's name; any case.
    public var bodyPart: String?

    public init(bodyPart: String? = nil) { self.bodyPart = bodyPart }

    /// Whether the part is the head or next to it; nil when it tells nothing.
    var isHead: Bool? {
        guard let part = bodyPart?.uppercased() else { return nil }
        if Self.head.contains(where: part.contains) { return true }
        return Self.elsewhere.contains(where: part.contains) ? false : nil
    }

    /// Defined terms of PS3.16 Annex L, table L-1, and what scanners write.
    private static let head = [
        "HEAD", "BRAIN", "SKULL", "FACE", "FACIAL", "NECK", "ORBIT", "EYE", "SINUS", "EAR", "JAW", "MANDIBLE",
        "MAXILLA",
        "NOSE", "CSPINE", "CTSPINE", "WHOLEBODY", "TMJ", "ZYGOMA", "PITUITARY", "CEREBR", "CAROTID",
    ]
    private static let elsewhere = [
        "CHEST", "THORAX", "LUNG", "ABDOMEN", "PELVIS", "LIVER", "KIDNEY", "PROSTATE", "BREAST", "HEART", "CARDIAC",
        "HIP", "KNEE", "ANKLE", "FOOT", "LEG", "THIGH", "FEMUR", "SHOULDER", "ELBOW", "WRIST", "HAND", "ARM", "TSPINE",
        "LSPINE", "LSSPINE", "SSPINE", "UTERUS", "BLADDER", "EXTREMITY", "COLON", "RECTUM", "PANCREAS",
    ]
}

/// What a volume shows.
public enum HeadFinding: String, Sendable, CaseIterable {
    /// To be defaced.
    case headWithFace = "head-with-face"
    /// A head whose face is not in the image, or has been cut away, or a brain alone: may go as it is.
    case headWithoutFace = "head-without-face"
    /// Another part of the body: may go as it is.
    case noHead = "no-head"
    /// To be held.
    case unsure
}

/// A volume looked at once: what it shows, why, and what defacing goes on with.
public struct HeadExamination: Sendable {
    public let finding: HeadFinding
    /// In words, without patient data.
    public let reason: String
    public let measures: HeadMeasures
    /// What made it unsure.
    let doubt: FaceError.Code?
    let head: AlignedHead?

    /// - Throws: `FaceError` when there is nothing to deface or the series has to be held.
    func headWithFace() throws(FaceError) -> AlignedHead {
        if finding == .headWithFace, let head { return head }
        throw FaceError(finding == .unsure ? doubt ?? .headUncertain : .noFace, reason, measures)
    }
}
