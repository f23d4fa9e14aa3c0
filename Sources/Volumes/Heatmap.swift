/// How strongly each place of a slice spoke for a finding.
public struct Heatmap: Sendable {
    /// Method that made it ("grad-cam").
    public var method: String
    /// Index into `Findings.findings`, or nil when it explains the image as a whole.
    public var finding: Int?
    /// Slice of the volume that it lies over.
    public var slice: Int
    /// Strength in [0, 1], row-major `[height, width]`; coarser than the slice.
    public var values: [Float]
    public var height: Int
    public var width: Int
    /// The area of the slice that the map covers, in pixel edges; it may reach beyond the slice.
    public var extent: Box

    public init(
        method: String, finding: Int?, slice: Int, values: [Float], height: Int, width: Int, extent: Box
    ) {
        precondition(values.count == height * width, "\(values.count) values for \(height) x \(width)")
        (self.method, self.finding, self.slice) = (method, finding, slice)
        (self.values, self.height, self.width, self.extent) = (values, height, width, extent)
    }
}
