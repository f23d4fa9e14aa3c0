/// How the bytes of one native frame stand for pixels: the Image Pixel Module (PS3.3 C.7.6.3) as far as blacking needs it.
public struct FrameLayout: Sendable, Hashable {
    public var rows: Int
    public var columns: Int
    public var samplesPerPixel: Int
    public var bitsAllocated: Int
    public var bitsStored: Int
    public var highBit: Int
    /// Pixel Representation 1: two's complement.
    public var isSigned: Bool
    /// Planar Configuration 1: all reds, then all greens, then all blues.
    public var isPlanar: Bool
    public var isBigEndian: Bool
    public var photometric: PhotometricInterpretation

    public init(
        rows: Int, columns: Int, samplesPerPixel: Int = 1, bitsAllocated: Int, bitsStored: Int, highBit: Int? = nil,
        isSigned: Bool = false, isPlanar: Bool = false, isBigEndian: Bool = false,
        photometric: PhotometricInterpretation
    ) {
        (self.rows, self.columns, self.samplesPerPixel) = (rows, columns, samplesPerPixel)
        (self.bitsAllocated, self.bitsStored, self.highBit) = (bitsAllocated, bitsStored, highBit ?? bitsStored - 1)
        (self.isSigned, self.isPlanar, self.isBigEndian) = (isSigned, isPlanar, isBigEndian)
        self.photometric = photometric
    }

    /// Bits of one frame, padding not counted.
    public var bitCount: Int {
        switch photometric {
        case .ybrFull422, .ybrPartial422: rows * columns * 2 * bitsAllocated
        default: rows * columns * samplesPerPixel * bitsAllocated
        }
    }

    /// What is contradictory or not supported.
    ///
    /// - Throws: `RedactionError`: such a frame has to be held, for blacking the wrong bytes is worse than none.
    public func check() throws(RedactionError) {
        // Rows and Columns are 16-bit attributes (PS3.3 C.7.6.3.1), so that no product overflows.
        guard (1...65_535).contains(rows), (1...65_535).contains(columns) else {
            throw RedactionError(.size, "\(rows) rows of \(columns) columns")
        }
        guard [1, 8, 16, 32].contains(bitsAllocated) else {
            throw RedactionError(.bits, "Bits Allocated \(bitsAllocated) is not 1, 8, 16 or 32")
        }
        guard (1...bitsAllocated).contains(bitsStored), (bitsStored - 1..<bitsAllocated).contains(highBit) else {
            throw RedactionError(
                .bits, "Bits Stored \(bitsStored) and High Bit \(highBit) do not fit into \(bitsAllocated) bits")
        }
        let samples = photometric.samplesPerPixel
        guard samplesPerPixel == samples else {
            throw RedactionError(.samples, "\(samplesPerPixel) samples a pixel, where \(samples) belong")
        }
        guard bitsAllocated > 1 || samples == 1 else { throw RedactionError(.bits, "colours of one bit") }
        guard !isSigned || samples == 1 else { throw RedactionError(.samples, "colours with a sign") }
        switch photometric {
        case .ybrFull422, .ybrPartial422:
            guard columns % 2 == 0, !isPlanar, bitsAllocated == 8, bitsStored == 8 else {
                throw RedactionError(
                    .samples, "4:2:2 needs an even number of columns and samples of 8 bits by pixel (PS3.3 C.7.6.3.1.2)"
                )
            }
        case .paletteColor(let black):
            let range = isSigned ? -(1 << (bitsStored - 1))..<1 << (bitsStored - 1) : 0..<1 << bitsStored
            guard range.contains(black) else {
                throw RedactionError(.samples, "the palette's black is not among the stored values")
            }
        default: break
        }
    }
}

/// Photometric Interpretation (0028,0004) of native frames, PS3.3 C.7.6.3.1.2.
///
/// What only compressed frames have (YBR_ICT, YBR_RCT, YBR_PARTIAL_420) is not here, nor the retired HSV, ARGB and CMYK.
public enum PhotometricInterpretation: Sendable, Hashable {
    case monochrome1, monochrome2, rgb, ybrFull, ybrFull422, ybrPartial422
    /// With the stored value of a black entry, as `blackEntry` finds it.
    case paletteColor(black: Int)

    /// - Parameter paletteBlack: must be given for PALETTE COLOR.
    /// - Returns: nil for other names.
    public init?(_ name: String, paletteBlack: Int? = nil) {
        switch name {
        case "MONOCHROME1": self = .monochrome1
        case "MONOCHROME2": self = .monochrome2
        case "RGB": self = .rgb
        case "YBR_FULL": self = .ybrFull
        case "YBR_FULL_422": self = .ybrFull422
        case "YBR_PARTIAL_422": self = .ybrPartial422
        case "PALETTE COLOR":
            guard let paletteBlack else { return nil }
            self = .paletteColor(black: paletteBlack)
        default: return nil
        }
    }

    public var samplesPerPixel: Int {
        switch self {
        case .monochrome1, .monochrome2, .paletteColor: 1
        default: 3
        }
    }

    /// The stored value of the darkest entry of a palette; of equal ones the first.
    ///
    /// - Parameters:
    ///   - entries: red, green and blue of each entry, any one scale.
    ///   - firstMapped: the second value of the descriptors (0028,1101...1103).
    public static func blackEntry(of entries: [(red: Int, green: Int, blue: Int)], firstMapped: Int) -> Int? {
        let sums = entries.map { $0.red + $0.green + $0.blue }
        return sums.indices.min { (sums[$0], $0) < (sums[$1], $1) }.map { firstMapped + $0 }
    }
}

/// Why a frame cannot be blacked. The text names attributes and sizes only, never what a frame shows.
public struct RedactionError: Error, Sendable, CustomStringConvertible {
    public enum Kind: Sendable { case size, bits, samples, length }
    public var kind: Kind
    public var description: String

    init(_ kind: Kind, _ description: String) { (self.kind, self.description) = (kind, description) }
}
