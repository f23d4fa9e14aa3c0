public import Cryptography

/// Whom a file is about, as far as its header tells: what decides pseudonyms and the date offset.
public struct Subject: Sendable, Hashable {
    /// Equal for files of one patient, and never written anywhere.
    public let key: String
    /// Sixteen letters and digits that stand for the patient everywhere.
    public let pseudonym: String
    /// Whole days, never 0: true dates never come out.
    public let dayOffset: Int

    /// Days that dates are moved back by: one to ten years.
    static let offsets = 365...3650

    /// The patient that a rule finds in a header.
    ///
    /// - No Patient ID: each study is a patient of its own, because nothing links studies that may be anybody's.
    /// - Returns: nil when neither a Patient ID nor a Study Instance UID is there.
    public init?(_ identity: PatientIdentity, rule: Policy.PatientRule, key project: ProjectKey) {
        let id = Self.normalized(identity.id)
        if !id.isEmpty {
            let second = rule.second(of: identity)?.value ?? ""
            self.init(key: ["id", id, second].joined(separator: "\u{1F}"), project)
        } else if !identity.studyInstanceUID.isEmpty {
            self.init(key: "study\u{1F}\(identity.studyInstanceUID)", project)
        } else {
            return nil
        }
    }

    /// A patient by a name of another world than DICOM's: a BIDS participant, a file.
    public init(key: String, _ project: ProjectKey) {
        self.key = key
        pseudonym = Self.letters(project.hash(for: .id).hash("subject", key), count: 16)
        let draw = project.hash(for: .date).hash("offset", key).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        dayOffset = -(Self.offsets.lowerBound + Int(draw % UInt64(Self.offsets.count)))
    }

    /// Case, forms of Unicode, and spaces, NUL and control characters at the ends and in rows do not tell patients apart.
    public static func normalized(_ text: String) -> String {
        BareSpelling.compatible(text).split { character in
            character.isWhitespace || character.unicodeScalars.allSatisfy { $0.properties.generalCategory == .control }
        }.joined(separator: " ").uppercased()
    }

    /// Five bits a character, in capitals and digits that are not taken for each other (RFC 4648 base 32).
    static func letters(_ hash: [UInt8], count: Int) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        var (bits, held, result) = (0 as UInt32, 0, [UInt8]())
        for byte in hash {
            (bits, held) = (bits << 8 | UInt32(byte), held + 8)
            while held >= 5, result.count < count {
                held -= 5
                result.append(alphabet[Int(bits >> UInt32(held)) & 31])
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension Policy.PatientRule {
    /// What tells patients of one ID apart: its name, and its value in a header; nil when nothing does.
    public func second(of identity: PatientIdentity) -> (name: String, value: String)? {
        switch self {
        case .id: nil
        case .idAndIssuer: ("issuer", Subject.normalized(identity.issuer))
        case .idAndBirthDate: ("birth date", identity.birthDate.filter(\.isNumber))
        }
    }
}

/// What a header says of the patient.
public struct PatientIdentity: Sendable, Hashable {
    public var id = ""
    public var issuer = ""
    public var name = ""
    public var birthDate = ""
    public var sex = ""
    public var studyInstanceUID = ""
    public init() {}

    /// What two headers of one ID contradict each other in, so that they cannot be of one person; nil when they can.
    /// What a header does not say contradicts nothing.
    public func contradiction(to other: PatientIdentity, rule: Policy.PatientRule) -> String? {
        func differ(_ path: KeyPath<PatientIdentity, String>) -> Bool {
            let (mine, its) = (Subject.normalized(self[keyPath: path]), Subject.normalized(other[keyPath: path]))
            return !mine.isEmpty && !its.isEmpty && mine != its
        }
        if rule == .id, differ(\.issuer) { return "issuers" }
        if differ(\.birthDate) { return "birth dates" }
        if differ(\.sex), sex != "O", other.sex != "O" { return "sexes" }
        let (mine, its) = (nameParts, other.nameParts)
        if !mine.isEmpty, !its.isEmpty, mine.isDisjoint(with: its), birthDate.isEmpty || other.birthDate.isEmpty {
            return "names"
        }
        return nil
    }

    private var nameParts: Set<String> {
        Set(Subject.normalized(name).split { !$0.isLetter }.filter { $0.count > 1 }.map(String.init))
    }
}
