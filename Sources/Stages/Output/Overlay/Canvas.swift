/// An RGB picture, 8 bits a channel, row-major, to draw on. Coordinates are pixels, x right, y down.
public struct Canvas: Sendable {
    public struct Color: Hashable, Sendable {
        public var red: UInt8
        public var green: UInt8
        public var blue: UInt8

        public init(red: UInt8, green: UInt8, blue: UInt8) { (self.red, self.green, self.blue) = (red, green, blue) }

        public static let black = Color(red: 0, green: 0, blue: 0)
        public static let white = Color(red: 255, green: 255, blue: 255)
    }

    public let width: Int
    public let height: Int
    /// `[height, width, 3]`
    public private(set) var pixels: [UInt8]

    public init(width: Int, height: Int, color: Color = .black) {
        (self.width, self.height) = (width, height)
        pixels = []
        pixels.reserveCapacity(width * height * 3)
        for _ in 0..<width * height { pixels += [color.red, color.green, color.blue] }
    }

    /// Mixes a colour into a pixel; nothing happens outside the picture.
    public mutating func blend(_ color: Color, opacity: Double, x: Int, y: Int) {
        guard (0..<width).contains(x), (0..<height).contains(y), opacity > 0 else { return }
        let start = (y * width + x) * 3
        for (offset, value) in [color.red, color.green, color.blue].enumerated() {
            let old = Double(pixels[start + offset])
            pixels[start + offset] = UInt8(min(max(old + (Double(value) - old) * min(opacity, 1), 0), 255).rounded())
        }
    }

    public mutating func fill(_ color: Color, opacity: Double = 1, x: Range<Int>, y: Range<Int>) {
        for row in y.clamped(to: 0..<height) {
            for column in x.clamped(to: 0..<width) { blend(color, opacity: opacity, x: column, y: row) }
        }
    }

    /// An outline `thickness` pixels wide just inside the given edges; of dashes, every other twelve pixels.
    public mutating func stroke(_ color: Color, x: Range<Int>, y: Range<Int>, thickness: Int, isDashed: Bool = false) {
        let t = thickness
        func parts(_ range: Range<Int>) -> [Range<Int>] {
            guard isDashed else { return [range] }
            return stride(from: range.lowerBound, to: range.upperBound, by: 24).map {
                $0..<min($0 + 12, range.upperBound)
            }
        }
        for part in parts(x) {
            fill(color, x: part, y: y.lowerBound..<min(y.lowerBound + t, y.upperBound))
            fill(color, x: part, y: max(y.upperBound - t, y.lowerBound)..<y.upperBound)
        }
        for part in parts(y) {
            fill(color, x: x.lowerBound..<min(x.lowerBound + t, x.upperBound), y: part)
            fill(color, x: max(x.upperBound - t, x.lowerBound)..<x.upperBound, y: part)
        }
    }

    /// Text with its top left corner at (x, y). Letters outside ASCII are drawn as '?'.
    public mutating func text(_ text: String, x: Int, y: Int, color: Color) {
        var left = x
        for glyph in Canvas.glyphs(text) {
            let width = FontAtlas.widths[glyph]
            for (index, digit) in FontAtlas.coverage[glyph].utf8.enumerated() where digit != UInt8(ascii: "0") {
                let value = digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
                blend(color, opacity: Double(value) / 15, x: left + index % width, y: y + index / width)
            }
            left += width
        }
    }

    public static func textWidth(_ text: String) -> Int { glyphs(text).reduce(0) { $0 + FontAtlas.widths[$1] } }
    public static let textHeight = FontAtlas.height
    /// What every picture says.
    public static let notice = "research software - not for clinical use"

    private static func glyphs(_ text: String) -> [Int] {
        text.unicodeScalars.map { (32...126).contains($0.value) ? Int($0.value) - 32 : 31 }
    }
}
