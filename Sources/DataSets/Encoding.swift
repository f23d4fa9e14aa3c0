/// How a transfer syntax writes elements (PS3.5 section 10 and Annex A).
public struct Encoding: Sendable, Hashable {
    public let transferSyntax: String
    public let isExplicit: Bool
    public let isBigEndian: Bool
    public let isDeflated: Bool

    static let implicitLittleEndian = Encoding("1.2.840.10008.1.2", isExplicit: false)
    public static let explicitLittleEndian = Encoding("1.2.840.10008.1.2.1")

    private init(_ uid: String, isExplicit: Bool = true, isBigEndian: Bool = false, isDeflated: Bool = false) {
        (transferSyntax, self.isExplicit) = (uid, isExplicit)
        (self.isBigEndian, self.isDeflated) = (isBigEndian, isDeflated)
    }

    /// - Returns: nil for a syntax that is not the standard's: its data set may be encoded in any way.
    public init?(transferSyntax uid: String) {
        switch uid {
        case "1.2.840.10008.1.2": self = .implicitLittleEndian
        case "1.2.840.10008.1.2.2": self.init(uid, isBigEndian: true)
        case "1.2.840.10008.1.2.1.99": self.init(uid, isDeflated: true)
        // The JPIP form whose data set is deflated, too; its pixels are elsewhere.
        case "1.2.840.10008.1.2.4.95": self.init(uid, isDeflated: true)
        case _ where uid.hasPrefix("1.2.840.10008.1.2."): self.init(uid)
        default: return nil
        }
    }

    /// Plain words of the data set, as opposed to encapsulated frames.
    public var isNative: Bool {
        ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"]
            .contains(transferSyntax)
    }
}
