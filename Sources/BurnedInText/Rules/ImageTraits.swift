/// What an image's attributes say about text in its pixels: the input of every rule.
public struct ImageTraits: Sendable, Hashable {
    /// SOP Class UID (0008,0016).
    public var sopClass: String
    /// Modality (0008,0060).
    public var modality: String
    /// Manufacturer (0008,0070).
    public var manufacturer: String
    /// Manufacturer's Model Name (0008,1090).
    public var model: String
    public var rows: Int
    public var columns: Int
    /// Image Type (0008,0008), value by value.
    public var imageType: [String]
    /// Burned In Annotation (0028,0301) as it is written, or nil where it is absent or empty.
    public var burnedIn: String?
    /// Region Location of each item of Sequence of Ultrasound Regions (0018,6011), as `ultrasoundRegion` makes them.
    public var ultrasoundRegions: [PixelRectangle]

    public init(
        sopClass: String = "", modality: String = "", manufacturer: String = "", model: String = "", rows: Int = 0,
        columns: Int = 0, imageType: [String] = [], burnedIn: String? = nil, ultrasoundRegions: [PixelRectangle] = []
    ) {
        (self.sopClass, self.modality, self.manufacturer, self.model) = (sopClass, modality, manufacturer, model)
        (self.rows, self.columns, self.imageType, self.burnedIn) = (rows, columns, imageType, burnedIn)
        self.ultrasoundRegions = ultrasoundRegions
    }

    /// Burned In Annotation as rules name it: YES, NO or ABSENT. YES and NO are all that it may be (PS3.3 C.7.6.1), and
    /// who writes Y or TRUE does not mean NO.
    var burnedInAnswer: String {
        let written = burnedIn.map(DeviceRule.Match.normalized) ?? ""
        return written.isEmpty ? "ABSENT" : written == "NO" ? "NO" : "YES"
    }

    /// Whether the image says that text is in its pixels.
    public var saysBurnedIn: Bool { burnedInAnswer == "YES" }

    /// From Region Location Min X0, Min Y0, Max X1, Max Y1 (0018,6018...601E), which are pixels within the region
    /// (PS3.3 C.8.5.5.1.2); nil when they make no rectangle.
    public static func ultrasoundRegion(minX: Int, minY: Int, maxX: Int, maxY: Int) -> PixelRectangle? {
        guard 0 <= minX, minX <= maxX, maxX < 1 << 32, 0 <= minY, minY <= maxY, maxY < 1 << 32 else { return nil }
        return PixelRectangle(x: minX, y: minY, width: maxX - minX + 1, height: maxY - minY + 1)
    }
}
