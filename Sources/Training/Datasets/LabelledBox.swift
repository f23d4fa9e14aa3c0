/// A box of the truth or of a reader, in pixels of the image file: edges, x right, y down.
public struct LabelledBox: Sendable, Hashable {
    public var x0: Float
    public var y0: Float
    public var x1: Float
    public var y1: Float
    /// The class's name.
    public var label: String
    /// Who drew it, where a data set has several readers an image.
    public var reader: String?

    public init(x0: Float, y0: Float, x1: Float, y1: Float, label: String, reader: String? = nil) {
        self.x0 = x0
        self.y0 = y0
        self.x1 = x1
        self.y1 = y1
        self.label = label
        self.reader = reader
    }
}
