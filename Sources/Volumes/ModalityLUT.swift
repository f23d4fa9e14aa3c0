/// A table from stored values to output units that stands in place of slope and intercept (PS3.3 C.11.1.1).
public struct ModalityLUT: Sendable, Hashable {
    /// The stored value that the first entry is for.
    public var firstMapped: Int
    /// Outputs for `firstMapped`, `firstMapped + 1`, ...; at least one.
    public var values: [Float]

    /// - Precondition: `values` is not empty.
    public init(firstMapped: Int, values: [Float]) {
        precondition(!values.isEmpty, "a lookup table without entries")
        (self.firstMapped, self.values) = (firstMapped, values)
    }

    /// The output for a stored value: below the first entry its value, above the last that one's.
    public func callAsFunction(_ stored: Float) -> Float {
        let index = stored - Float(firstMapped)
        // Written so that a NaN takes the first entry too.
        guard index > 0 else { return values[0] }
        return index >= Float(values.count - 1) ? values[values.count - 1] : values[Int(index)]
    }
}

/// A measured quantity that stored values stand for (PS3.3 C.7.6.16.2.11): `slope * stored + intercept` in a unit.
public struct RealWorldValue: Sendable, Hashable {
    public var slope: Double
    public var intercept: Double
    /// Code Value of the unit, in UCUM as a rule ("[hnsf'U]", "mm2/s"); its meaning, which is free text, is not kept.
    public var unitCode: String?

    public init(slope: Double, intercept: Double, unitCode: String? = nil) {
        (self.slope, self.intercept, self.unitCode) = (slope, intercept, unitCode)
    }
}
