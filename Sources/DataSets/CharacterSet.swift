import Glibc

/// How the characters of a data set are encoded: Specific Character Set (0008,0005), PS3.3 C.12.1.1.2 and PS3.5 6.1.
public struct CharacterSet: Sendable, Hashable {
    /// iconv's names: what text begins in, in both halves of the code table.
    private let initial: String
    /// Escape sequences of ISO 2022 switch between sets.
    private let hasExtensions: Bool
    /// False for a term that the standard does not define.
    public let isKnown: Bool

    /// The default repertoire: ASCII. Bytes beyond it are taken for UTF-8 where they are, else for Latin 1.
    public static let ascii = CharacterSet([])

    /// - Parameter terms: the values of (0008,0005).
    public init(_ terms: [String]) {
        let first = terms.first ?? ""
        hasExtensions = terms.count > 1 || first.hasPrefix("ISO 2022")
        initial = Self.single[first] ?? "ASCII"
        isKnown = terms.allSatisfy { $0.isEmpty || Self.single[$0] != nil || Self.multiByte.contains($0) }
    }

    /// - Parameter element: (0008,0005) of a data set, or nil.
    public init(_ element: DataElement?) {
        let text = element?.plainText ?? ""
        self.init(text.split(separator: "\\", omittingEmptySubsequences: false).map { Self.trimmed($0) })
    }

    private static func trimmed(_ term: Substring) -> String {
        String(term.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    /// Text of a value, with the backslashes, carets and equal signs that part it.
    public func decode(_ bytes: ArraySlice<UInt8>) -> String { decoded(bytes).text }

    /// The same, and whether it is what was meant. It may not be where nobody says what bytes beyond ASCII are and they are no
    /// UTF-8, and where bytes are no characters of their set: these stand as U+FFFD or as control characters that no text has.
    public func decoded(_ bytes: ArraySlice<UInt8>) -> (text: String, isCertain: Bool) {
        if bytes.allSatisfy({ $0 < 0x80 && $0 != 0x1B }) { return (String(decoding: bytes, as: UTF8.self), true) }
        let (text, isGuess) =
            hasExtensions && bytes.contains(0x1B) ? decodeExtended(bytes) : Self.convert(bytes, from: initial)
        let isMeant = text.unicodeScalars.allSatisfy { scalar in
            scalar != "\u{FFFD}" && scalar != "\u{1B}" && !(0x80...0x9F).contains(scalar.value)
        }
        return (text, isKnown && !isGuess && isMeant)
    }

    /// Text in the set that values begin in; nil where that is UTF-8, or lacks one of its characters.
    public func encode(_ text: String) -> [UInt8]? {
        switch initial {
        case "UTF-8": return nil
        // What `decode` takes bytes for that are no UTF-8.
        case "ASCII", "ISO-8859-1":
            let bytes = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
            return bytes.count == text.unicodeScalars.count ? bytes : nil
        default: break
        }
        let descriptor = iconv_open(initial, "UTF-8")
        guard descriptor != iconv_t(bitPattern: -1) else { return nil }
        defer { iconv_close(descriptor) }
        var input = text.utf8.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: input.count * 2 + 16)
        var (inputLeft, outputLeft) = (input.count, output.count)
        let status = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                var (from, to) = (source.baseAddress, target.baseAddress)
                return iconv(descriptor, &from, &inputLeft, &to, &outputLeft)
            }
        }
        return status == 0 ? output.dropLast(outputLeft).map { UInt8(bitPattern: $0) } : nil
    }

    /// Each escape sequence says how the bytes up to the next one are encoded; delimiters go back to the initial set
    /// (PS3.5 6.1.2.5.3).
    private func decodeExtended(_ bytes: ArraySlice<UInt8>) -> (text: String, isGuess: Bool) {
        var (text, isGuess) = ("", false)
        var (charset, prefix) = (initial, [UInt8]())
        var run: [UInt8] = []
        func flush() {
            guard !run.isEmpty else { return }
            let converted = Self.convert((prefix + run)[...], from: charset)
            text += converted.text
            isGuess = isGuess || converted.isGuess
            run = []
        }
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == 0x1B,
                let escape = Self.escapes.first(where: { bytes[index...].dropFirst().starts(with: $0.bytes) })
            {
                flush()
                (charset, prefix) = (escape.charset, escape.isPartOfText ? [0x1B] + escape.bytes : [])
                index += escape.bytes.count + 1
                continue
            }
            // In sets of two bytes each in 0x21...0x7E a delimiter's code can be half a character.
            if !charset.hasPrefix("ISO-2022-JP"), [0x5C, 0x5E, 0x3D, 0x0A, 0x0C, 0x0D].contains(byte) {
                run.append(byte)
                flush()
                (charset, prefix) = (initial, [])
            } else {
                run.append(byte)
            }
            index += 1
        }
        flush()
        return (text, isGuess)
    }

    /// - Returns: `isGuess` for bytes beyond ASCII that are taken for Latin 1 because nobody says what they are.
    private static func convert(_ bytes: ArraySlice<UInt8>, from charset: String) -> (text: String, isGuess: Bool) {
        guard charset == "ASCII" else { return (converted(bytes, from: charset), false) }
        if let text = String(validating: bytes, as: UTF8.self) { return (text, false) }
        return (String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })), true)
    }

    private static func converted(_ bytes: ArraySlice<UInt8>, from charset: String) -> String {
        if charset == "UTF-8" { return String(decoding: bytes, as: UTF8.self) }
        let descriptor = iconv_open("UTF-8", charset)
        guard descriptor != iconv_t(bitPattern: -1) else { return String(decoding: bytes, as: UTF8.self) }
        defer { iconv_close(descriptor) }
        var (input, output) = (bytes.map { CChar(bitPattern: $0) }, [CChar](repeating: 0, count: bytes.count * 4 + 16))
        var (inputLeft, outputLeft) = (input.count, output.count)
        input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                var (from, to) = (source.baseAddress, target.baseAddress)
                // A byte that the set has no character for stands for itself, as U+FFFD, and the rest goes on.
                while inputLeft > 0, iconv(descriptor, &from, &inputLeft, &to, &outputLeft) == -1, outputLeft >= 3 {
                    for byte in [0xEF, 0xBF, 0xBD] as [UInt8] {
                        to!.pointee = CChar(bitPattern: byte)
                        to! += 1
                        outputLeft -= 1
                    }
                    from! += 1
                    inputLeft -= 1
                }
            }
        }
        return String(decoding: output.dropLast(outputLeft).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Terms of PS3.3 tables C.12-2, C.12-3 and C.12-5 that a value may begin in.
    private static let single: [String: String] = [
        "": "ASCII", "ISO_IR 6": "ASCII", "ISO_IR 100": "ISO-8859-1", "ISO_IR 101": "ISO-8859-2",
        "ISO_IR 109": "ISO-8859-3", "ISO_IR 110": "ISO-8859-4", "ISO_IR 144": "ISO-8859-5", "ISO_IR 127": "ISO-8859-6",
        "ISO_IR 126": "ISO-8859-7", "ISO_IR 138": "ISO-8859-8", "ISO_IR 148": "ISO-8859-9", "ISO_IR 203": "ISO-8859-15",
        "ISO_IR 13": "SHIFT_JIS", "ISO_IR 166": "TIS-620", "ISO_IR 192": "UTF-8", "GB18030": "GB18030", "GBK": "GBK",
        "ISO 2022 IR 6": "ASCII", "ISO 2022 IR 100": "ISO-8859-1", "ISO 2022 IR 101": "ISO-8859-2",
        "ISO 2022 IR 109": "ISO-8859-3", "ISO 2022 IR 110": "ISO-8859-4", "ISO 2022 IR 144": "ISO-8859-5",
        "ISO 2022 IR 127": "ISO-8859-6", "ISO 2022 IR 126": "ISO-8859-7", "ISO 2022 IR 138": "ISO-8859-8",
        "ISO 2022 IR 148": "ISO-8859-9", "ISO 2022 IR 203": "ISO-8859-15", "ISO 2022 IR 13": "SHIFT_JIS",
        "ISO 2022 IR 166": "TIS-620",
    ]
    private static let multiByte: Set<String> = [
        "ISO 2022 IR 87", "ISO 2022 IR 159", "ISO 2022 IR 149", "ISO 2022 IR 58",
    ]

    private struct Escape {
        /// Behind the escape character.
        let bytes: [UInt8]
        let charset: String
        /// Whether iconv wants to see it.
        let isPartOfText: Bool
        init(_ text: String, _ charset: String, isPartOfText: Bool = false) {
            (bytes, self.charset, self.isPartOfText) = (Array(text.utf8), charset, isPartOfText)
        }
    }

    /// PS3.3 tables C.12-3 and C.12-4.
    private static let escapes: [Escape] = [
        Escape("(B", "ASCII"), Escape("-A", "ISO-8859-1"), Escape("-B", "ISO-8859-2"), Escape("-C", "ISO-8859-3"),
        Escape("-D", "ISO-8859-4"), Escape("-L", "ISO-8859-5"), Escape("-G", "ISO-8859-6"), Escape("-F", "ISO-8859-7"),
        Escape("-H", "ISO-8859-8"), Escape("-M", "ISO-8859-9"), Escape("-b", "ISO-8859-15"), Escape(")I", "SHIFT_JIS"),
        Escape("(J", "SHIFT_JIS"), Escape("-T", "TIS-620"), Escape("$B", "ISO-2022-JP-2", isPartOfText: true),
        Escape("$(D", "ISO-2022-JP-2", isPartOfText: true), Escape("$)C", "EUC-KR"), Escape("$)A", "EUC-CN"),
    ]
}
