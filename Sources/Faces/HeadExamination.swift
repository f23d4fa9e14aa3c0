/// What is known of a volume beside its voxels.
public struct HeadHints: Sendable {
    /// Body Part Examined (0018,0015) of each of its files; any case.
    public var bodyParts: Set<String>

    public init(bodyParts: Set<String> = []) { self.bodyParts = bodyParts }

    /// Whether a part is the head or next to it; nil when it tells nothing. Of several the one that may show a face counts.
    var isHead: Bool? {
        let answers = bodyParts.map(Self.isHead)
        if answers.contains(true) { return true }
        return answers.isEmpty || answers.contains(nil) ? nil : false
    }

    /// In words, all of which have to be known: HIPOFISIS is no HIP, and COLONNE CERVICAL no COLON.
    private static func isHead(_ part: String) -> Bool? {
        let words = part.uppercased().split { !$0.isLetter }.filter { !sides.contains(String($0)) }
        if words.contains(where: { word in head.contains(where: word.hasPrefix) }) { return true }
        return !words.isEmpty && words.allSatisfy { elsewhere.contains(String($0)) } ? false : nil
    }

    /// Beginnings of words: defined terms of PS3.16 Annex L, table L-1, and what scanners write.
    private static let head = [
        "HEAD", "BRAIN", "SKULL", "FACE", "FACIAL", "NECK", "ORBIT", "EYE", "SINUS", "EAR", "JAW", "MANDIBLE",
        "MAXILLA", "NOSE", "CSPINE", "CTSPINE", "WHOLEBODY", "TMJ", "ZYGOMA", "PITUITARY", "CEREBR", "CAROTID",
    ]

    /// Whole words.
    private static let elsewhere: Set = [
        "CHEST", "THORAX", "LUNG", "LUNGS", "ABDOMEN", "PELVIS", "LIVER", "KIDNEY", "KIDNEYS", "PROSTATE", "BREAST",
        "BREASTS", "HEART", "CARDIAC", "HIP", "HIPS", "KNEE", "KNEES", "ANKLE", "ANKLES", "FOOT", "FEET", "LEG", "LEGS",
        "CALF", "THIGH", "FEMUR", "SHOULDER", "ELBOW", "FOREARM", "WRIST", "HAND", "HANDS", "FINGER", "TOE", "ARM",
        "ARMS", "TSPINE", "TLSPINE", "LSPINE", "LSSPINE", "SSPINE", "UTERUS", "BLADDER", "EXTREMITY", "EXTREMITIES",
        "COLON", "RECTUM", "PANCREAS", "SPLEEN", "ABDOMENPELVIS", "CHESTABDOMEN", "CHESTABDPELVIS",
    ]
    private static let sides: Set = ["L", "R", "LEFT", "RIGHT", "BOTH", "BILATERAL", "UPPER", "LOWER", "AND"]
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
