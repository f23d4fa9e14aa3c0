/// Value representation: two letters that say how a value is encoded (PS3.5 6.2).
public struct ValueRepresentation: Sendable, Hashable, CustomStringConvertible {
    /// First letter in the low byte, as in the file.
    let letters: UInt16

    public init(letters: UInt16) { self.letters = letters }

    init(_ first: UInt8, _ second: UInt8) { letters = UInt16(first) | UInt16(second) << 8 }

    /// - Parameter name: two ASCII letters.
    public init(_ name: StaticString) {
        precondition(name.utf8CodeUnitCount == 2)
        self.init(name.utf8Start[0], name.utf8Start[1])
    }

    public var description: String {
        String(decoding: [UInt8(letters & 0xFF), UInt8(letters >> 8)], as: UTF8.self)
    }

    /// Two capital letters; anything else is no value representation, of any edition.
    var isWellFormed: Bool {
        let capitals = UInt8(ascii: "A")...UInt8(ascii: "Z")
        return capitals.contains(UInt8(letters & 0xFF)) && capitals.contains(UInt8(letters >> 8))
    }

    /// Whether its explicit form has two reserved bytes and a length of 32 bits (PS3.5 7.1.2). Later additions to the
    /// standard all have.
    var hasLongLength: Bool {
        switch self {
        case .AE, .AS, .AT, .CS, .DA, .DS, .DT, .IS, .LO, .LT, .PN, .SH, .ST, .TM, .UI: false
        case .FL, .FD, .SL, .SS, .UL, .US: false
        default: true
        }
    }

    /// Whether (0008,0005) says how its characters are encoded (PS3.5 6.1.2.3).
    public var dependsOnCharacterSet: Bool {
        switch self {
        case .LO, .LT, .PN, .SH, .ST, .UC, .UT: true
        default: false
        }
    }

    /// Characters of some kind, which may spell what identifies.
    public var isText: Bool {
        switch self {
        case .AE, .AS, .CS, .DA, .DS, .DT, .IS, .TM, .UI, .UR: true
        default: dependsOnCharacterSet
        }
    }

    /// Whether a backslash separates values.
    public var isMultiValued: Bool {
        switch self {
        case .ST, .LT, .UT, .UR: false
        default: isText
        }
    }

    /// What pads to even length.
    public var padding: UInt8 { isText && self != .UI ? 0x20 : 0 }

    /// Bytes or words that no character set concerns and that may be large.
    public var isBulk: Bool {
        switch self {
        case .OB, .OD, .OF, .OL, .OV, .OW, .UN: true
        default: false
        }
    }

    /// Bytes of one value of fixed size, which change their order with the transfer syntax.
    public var wordSize: Int {
        switch self {
        case .US, .SS, .OW, .AT: 2
        case .UL, .SL, .FL, .OF, .OL: 4
        case .FD, .OD, .OV, .SV, .UV: 8
        default: 1
        }
    }
}

// The letters are the standard's names (PS3.5 6.2).
extension ValueRepresentation {
    // swift-format-ignore: AlwaysUseLowerCamelCase
    public static let AE = Self("AE"), AS = Self("AS"), AT = Self("AT"), CS = Self("CS"), DA = Self("DA")
    // swift-format-ignore: AlwaysUseLowerCamelCase
    public static let DS = Self("DS"), DT = Self("DT"), FD = Self("FD"), FL = Self("FL"), IS = Self("IS")
    // swift-format-ignore: AlwaysUseLowerCamelCase
    public static let LO = Self("LO"), LT = Self("LT"), OB = Self("OB"), OD = Self("OD"), OF = Self("OF")
    // swift-format-ignore: AlwaysUseLowerCamelCase
    public static let OL = Self("OL"), OV = Self("OV"), OW = Self("OW"), PN = Self("PN"), SH = Self("SH")
    // swift-format-ignore: AlwaysUseLowerCamelCase
    public static let SL = Self("SL"), SQ = Self("SQ"), SS = Self("SS"), ST = Self("ST"), SV = Self("SV")
    // swift-format-ignore: AlwaysUseLowerCamelCase
    public static let TM = Self("TM"), UC = Self("UC"), UI = Self("UI"), UL = Self("UL"), UN = Self("UN")
    // swift-format-ignore: AlwaysUseLowerCamelCase
    public static let UR = Self("UR"), US = Self("US"), UT = Self("UT"), UV = Self("UV")
}
