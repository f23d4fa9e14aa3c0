/// A table from output values to brightness: a look at the image in place of a window's line (PS3.3 C.11.2.1.1).
public struct VOILUT: Sendable, Hashable {
    /// Entries as they stand in the header.
    public var table: ModalityLUT
    /// Of an entry: 8...16. The greatest that they can tell is white.
    public var bits: Int

    public init(table: ModalityLUT, bits: Int) { (self.table, self.bits) = (table, bits) }

    /// Brightness in [0, 1]. A value between two entries, which only a slope that is no whole number makes, takes the nearer.
    public func callAsFunction(_ value: Float) -> Float { table(value.rounded()) / Float(1 << bits - 1) }
}
