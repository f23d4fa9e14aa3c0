/// What one data set may ask for, in one place. Far above what scanners write.
public enum ParsingLimits {
    /// Elements and items, nested ones counted. 100,000 frames with their functional groups have some millions.
    public static let elements = 8 << 20
    /// Nested sequences.
    public static let depth = 32
    /// Fragments of encapsulated pixel data.
    public static let fragments = 1 << 22
    /// Values of other than bulk representations, which are held in memory.
    public static let valueBytes = 1 << 26
    /// Bulk values up to here are held in memory, larger ones stay in the file.
    public static let inlineBytes = 4096
    public static let inflatedBytes = 1 << 30
}
