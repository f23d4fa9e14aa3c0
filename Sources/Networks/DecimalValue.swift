extension Float {
    /// The number that its shortest digits say, which is what people write as a threshold and other programs as a score.
    public var decimal: Double { Double("\(self)") ?? Double(self) }
}
