/// Text as value representations take it (PS3.5 6.2).

/// The first characters of a text that a value representation has no room for. What a reader sees as one may be several
/// (PS3.5 6.2 counts code points).
func limited(_ text: String, to count: Int) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.prefix(count)))
}

extension String {
    /// The same as one value of one line: backslashes part values, and control characters are none of most value
    /// representations' (PS3.5 6.1.2.3, 6.2). For names that come with a model.
    var asOneValue: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { $0 == "\\" || $0.properties.generalCategory == .control ? "_" : $0 }))
    }
}

/// A number as a decimal string (DS): at most sixteen characters, as many digits as they hold.
func decimal(_ value: Double) -> String {
    var scale = 1e12
    while scale >= 1 {
        let text = "\((value * scale).rounded() / scale)"
        if text.count <= 16 { return text }
        scale /= 10
    }
    return "\(Float(value))"
}
