import CPNG

/// A PNG file with the chunks that make its picture and nothing else (W3C PNG, section 5): texts, EXIF, times, profiles,
/// unknown chunks and bytes behind the end are left out. Nothing is decoded; kept chunks are copied byte by byte.
public struct StrippedPNG: Sendable {
    /// Bytes that do not stay, and the kind of chunk that they stood in. They may be patient data.
    public struct Removed: Sendable, Hashable {
        public var place: String
        public var bytes: [UInt8]
    }

    public private(set) var bytes: [UInt8]
    public private(set) var removed: [Removed] = []
    /// Colours may look different without it.
    public private(set) var hadProfile = false

    /// Chunks of numbers that make the picture or say how to show it, and the lengths that they may have.
    private static let kept: [String: ClosedRange<Int>] = [
        "IHDR": 13...13, "PLTE": 3...768, "IDAT": 0...Int(Int32.max), "IEND": 0...0, "tRNS": 0...256, "gAMA": 4...4,
        "cHRM": 32...32, "sRGB": 1...1, "sBIT": 1...4, "pHYs": 9...9, "bKGD": 1...6,
    ]
    private static let described: Set<String> = ["tEXt", "zTXt", "iTXt", "eXIf", "tIME", "iCCP"]

    /// - Parameter path: for messages.
    /// - Throws: `.notPNG`, or `.damaged` for chunks that cannot be told apart, wrong checksums, animations.
    public init(_ original: [UInt8], path: String = "") throws(PNGError) {
        guard PNGFile.isPNG(prefix: original) else { throw PNGError(.notPNG, path: path, "not a PNG") }
        bytes = Array(original[..<8])
        var (place, known) = (8, Set<String>())
        func damaged(_ text: String) -> PNGError { PNGError(.damaged, path: path, text) }
        while !known.contains("IEND") {
            guard place + 12 <= original.count else { throw damaged("the file ends within a chunk") }
            let length = original[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            let end = place + 12 + length
            guard end <= original.count else { throw damaged("a chunk is longer than the file") }
            let stated = original[end - 4..<end].reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
            let checksum = original[place + 4..<end - 4].withUnsafeBytes {
                png_checksum($0.bindMemory(to: UInt8.self).baseAddress, $0.count)
            }
            guard checksum == stated else { throw damaged("the checksum of a chunk is wrong; copy the file again") }
            let name = String(decoding: original[place + 4..<place + 8], as: UTF8.self)
            guard (place == 8) == (name == "IHDR") else { throw damaged("its first chunk is not IHDR") }
            guard !["acTL", "fcTL", "fdAT"].contains(name) else { throw damaged("an animation has several pictures") }
            if let lengths = Self.kept[name] {
                guard lengths.contains(length), known.insert(name).inserted || name == "IDAT" else {
                    throw damaged("a chunk has a length it cannot have, or is there twice")
                }
                bytes += original[place..<end]
            } else {
                // Bit 5 of the first letter is clear in chunks without which no picture can be shown.
                guard original[place + 4] & 0x20 != 0 else { throw damaged("it has an unknown critical chunk") }
                hadProfile = hadProfile || name == "iCCP"
                let title = Self.described.contains(name) ? "\(name) chunk" : "unknown chunk"
                removed.append(Removed(place: title, bytes: Array(original[place + 8..<end - 4])))
            }
            place = end
        }
        if place < original.count {
            removed.append(Removed(place: "bytes behind the picture", bytes: Array(original[place...])))
        }
    }
}
