extension Int {
    /// The whole part of a number, or the nearest that `Int` holds; 0 for NaN. Spacings, boxes and weightings of a file may
    /// be of any size, where `Int(_:)` ends the program.
    public init(clamping value: some BinaryFloatingPoint) {
        self = Int(exactly: value.rounded(.towardZero)) ?? (value.isNaN ? 0 : value < 0 ? .min : .max)
    }
}
