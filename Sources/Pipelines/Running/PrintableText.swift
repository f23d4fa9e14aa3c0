extension String {
    /// The text with control characters spelled out (`\x1B`): names of files and values of headers come from anywhere, and
    /// must not steer the terminal that they are shown on.
    public var printable: String {
        guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            guard scalar.properties.generalCategory == .control else {
                text.unicodeScalars.append(scalar)
                return
            }
            let digits = String(scalar.value, radix: 16, uppercase: true)
            text += "\\x" + (digits.count == 1 ? "0" : "") + digits
        }
    }
}
