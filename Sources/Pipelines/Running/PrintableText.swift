extension String {
    /// The text with control characters spelled out (`\x1B`), and those that turn the direction of writing (`\x202E`): names
    /// of files and values of headers come from anywhere, and must not steer the terminal or page that they are shown on.
    public var printable: String {
        guard unicodeScalars.contains(where: \.isSteering) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            guard scalar.isSteering else {
                text.unicodeScalars.append(scalar)
                return
            }
            let digits = String(scalar.value, radix: 16, uppercase: true)
            text += "\\x" + (digits.count == 1 ? "0" : "") + digits
        }
    }
}

extension Unicode.Scalar {
    /// A control character, or one of Unicode's bidirectional controls (UAX #9, section 2).
    fileprivate var isSteering: Bool {
        guard value >= 0x7F else { return value < 0x20 }
        return properties.generalCategory == .control || properties.isBidiControl
    }
}
