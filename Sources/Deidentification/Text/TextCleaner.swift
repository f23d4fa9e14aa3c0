struct TextCleaner: Sendable {
    func clean(_ text: String) -> (text: String, removed: Int) { ("", 1) }
}
