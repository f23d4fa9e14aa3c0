import BurnedInText

/// Letters of 5 x 7 dots as terminals and scanners draw them, enlarged by whole numbers.
enum DotMatrix {
    /// Columns from left to right, the lowest bit on top.
    private static let glyphs: [Character: [UInt8]] = [
        "0": [0x3E, 0x51, 0x49, 0x45, 0x3E], "1": [0x00, 0x42, 0x7F, 0x40, 0x00], "2": [0x42, 0x61, 0x51, 0x49, 0x46],
        "3": [0x21, 0x41, 0x45, 0x4B, 0x31], "4": [0x18, 0x14, 0x12, 0x7F, 0x10], "5": [0x27, 0x45, 0x45, 0x45, 0x39],
        "6": [0x3C, 0x4A, 0x49, 0x49, 0x30], "7": [0x01, 0x71, 0x09, 0x05, 0x03], "8": [0x36, 0x49, 0x49, 0x49, 0x36],
        "9": [0x06, 0x49, 0x49, 0x29, 0x1E], "A": [0x7E, 0x11, 0x11, 0x11, 0x7E], "D": [0x7F, 0x41, 0x41, 0x22, 0x1C],
        "E": [0x7F, 0x49, 0x49, 0x49, 0x41], "H": [0x7F, 0x08, 0x08, 0x08, 0x7F], "I": [0x00, 0x41, 0x7F, 0x41, 0x00],
        "J": [0x20, 0x40, 0x41, 0x3F, 0x01], "M": [0x7F, 0x02, 0x0C, 0x02, 0x7F], "N": [0x7F, 0x04, 0x08, 0x10, 0x7F],
        "O": [0x3E, 0x41, 0x41, 0x41, 0x3E], "R": [0x7F, 0x09, 0x19, 0x29, 0x46], "S": [0x46, 0x49, 0x49, 0x49, 0x31],
        "T": [0x01, 0x01, 0x7F, 0x01, 0x01], "Y": [0x07, 0x08, 0x70, 0x08, 0x07], "-": [0x08, 0x08, 0x08, 0x08, 0x08],
        "^": [0x04, 0x02, 0x01, 0x02, 0x04], ":": [0x00, 0x36, 0x36, 0x00, 0x00], " ": [0, 0, 0, 0, 0],
    ]

    /// The pixels of a string whose top left corner is at (x, y); `turned` reads from bottom to top.
    static func pixels(_ text: String, x: Int, y: Int, dot: Int, turned: Bool = false) -> [(x: Int, y: Int)] {
        var result: [(x: Int, y: Int)] = []
        let width = text.count * 6 * dot
        for (place, character) in text.enumerated() {
            for (column, bits) in glyphs[character]!.enumerated() {
                for row in 0..<7 where bits >> UInt8(row) & 1 == 1 {
                    for dy in 0..<dot {
                        for dx in 0..<dot {
                            let (along, down) = ((place * 6 + column) * dot + dx, row * dot + dy)
                            result.append(turned ? (x + down, y + width - 1 - along) : (x + along, y + down))
                        }
                    }
                }
            }
        }
        return result
    }
}

/// A frame under construction.
struct Frame {
    var values: [Float]
    let height: Int
    let width: Int
    /// Where text changed a pixel.
    var lettered: Set<Int> = []

    init(height: Int, width: Int, _ value: (_ x: Int, _ y: Int) -> Float = { _, _ in 0 }) {
        (self.height, self.width) = (height, width)
        values = (0..<height * width).map { value($0 % width, $0 / width) }
    }

    mutating func write(_ text: String, x: Int, y: Int, dot: Int, value: Float, turned: Bool = false) {
        for pixel in DotMatrix.pixels(text, x: x, y: y, dot: dot, turned: turned) {
            values[pixel.y * width + pixel.x] = value
            lettered.insert(pixel.y * width + pixel.x)
        }
    }

    var plane: GrayPlane { GrayPlane(values, height: height, width: width) }

    /// Lettered pixels that no region covers, and covered pixels in all.
    func misses(_ regions: [TextRegion]) -> (open: Int, covered: Int) {
        var covered = Set<Int>()
        for box in regions.map(\.rectangle) {
            for y in box.y..<box.bottom { for x in box.x..<box.right { covered.insert(y * width + x) } }
        }
        return (lettered.subtracting(covered).count, covered.count)
    }
}
