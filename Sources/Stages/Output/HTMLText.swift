import Pipelines

/// Text as HTML shows it. Nearly all text is as it is.
func escaped(_ text: String) -> String {
    let text = text.printable
    // &, <, > and the quotation mark.
    guard text.utf8.contains(where: { $0 == 0x26 || $0 == 0x3C || $0 == 0x3E || $0 == 0x22 }) else { return text }
    return text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        .replacing("\"", with: "&quot;")
}
