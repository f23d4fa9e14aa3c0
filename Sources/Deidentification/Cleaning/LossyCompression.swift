import DataSets

/// What a codec lost stays lost when its frames are decoded, and a file says so for good (PS3.3 C.7.6.1.1.5).
enum LossyCompression {
    static let isLossy = Tag(0x0028, 0x2110)
    static let method = Tag(0x0028, 0x2114)

    /// The defined term of Lossy Image Compression Method by which a file's pixels are compressed; nil for lossless
    /// codecs, and for JPEG 2000 with the reversible transform, which does not tell.
    static func method(of file: PartTenFile) -> String? {
        let syntax = file.encoding.transferSyntax
        switch syntax.dropFirst("1.2.840.10008.1.2.".count) {
        case "4.50", "4.51", "4.52", "4.53", "4.54", "4.55", "4.56", "4.59", "4.60", "4.61", "4.62", "4.63", "4.64":
            return "ISO_10918_1"
        case "4.81": return "ISO_14495_1"
        case "4.91": return isIrreversible(file) ? "ISO_15444_1" : nil
        case "4.93": return isIrreversible(file) ? "ISO_15444_2" : nil
        case "4.203": return isIrreversible(file) ? "ISO_15444_15" : nil
        default: return nil
        }
    }

    /// Whether the first frame of JPEG 2000 has the 9-7 transform, by its coding style (ITU-T T.800 A.6.1).
    private static func isIrreversible(_ file: PartTenFile) -> Bool {
        guard case .fragments(let fragments) = file.dataSet[.pixelData]?.value else { return false }
        var stream = Codestream(file.source, fragments.dropFirst())
        var place = 2
        while let marker = try? stream.byte(place + 1), marker != 0x90, let length = try? stream.number(place + 2) {
            if marker == 0x52 { return (try? stream.byte(place + 13)) == 0 }
            place += 2 + max(2, length)
        }
        return false
    }
}
