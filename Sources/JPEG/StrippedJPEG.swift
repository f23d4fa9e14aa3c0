/// A JPEG file with the segments that make its picture and nothing else (ITU-T T.81 Annex B): comments, EXIF, XMP,
/// profiles, thumbnails and bytes behind the end are left out. Nothing is decoded; kept segments are copied byte by byte.
public struct StrippedJPEG: Sendable {
    /// Bytes that do not stay, and what they were. They may be patient data. The tables of pictures among them are zeroed:
    /// these read like text, and the picture that stays may well have the same.
    public struct Removed: Sendable, Hashable {
        public var place: String
        public var bytes: [UInt8]
    }

    public private(set) var bytes: [UInt8] = [0xFF, 0xD8]
    public private(set) var removed: [Removed] = []
    private let path: String

    /// - Parameter path: for messages.
    /// - Throws: `.notJPEG`, or `.damaged` for segments that cannot be told apart.
    public init(_ original: [UInt8], path: String = "") throws(JPEGError) {
        self.path = path
        guard original.starts(with: [0xFF, 0xD8]) else { throw JPEGError(.notJPEG, path: path, "not a JPEG") }
        var place = 2
        while true {
            guard place + 1 < original.count, original[place] == 0xFF else {
                throw damaged("no marker where one must be")
            }
            let marker = original[place + 1]
            if marker == 0xFF {
                // Fill bytes before a marker.
                place += 1
                continue
            }
            if marker == 0xD9 { break }
            guard place + 3 < original.count, marker >= 0xC0, !(0xD0...0xD8).contains(marker) else {
                throw damaged("a marker stands where none can")
            }
            let end = place + 2 + (Int(original[place + 2]) << 8 | Int(original[place + 3]))
            guard end >= place + 4, end <= original.count else { throw damaged("a segment is cut off") }
            take(marker, original[place..<end])
            place = end
            if marker == 0xDA {
                let scan = try endOfScan(original, place)
                bytes += original[place..<scan]
                place = scan
            }
        }
        bytes += [0xFF, 0xD9]
        // Another picture (a thumbnail, a second exposure) may be among them.
        drop(original[(place + 2)...], "bytes behind the picture")
    }

    /// JFIF without its thumbnail and Adobe's colour transform are what decoders need of application segments.
    private mutating func take(_ marker: UInt8, _ segment: ArraySlice<UInt8>) {
        let body = segment.dropFirst(4)
        switch marker {
        case 0xE0 where body.starts(with: Array("JFIF\0".utf8)) && body.count >= 14:
            bytes += [0xFF, 0xE0, 0, 16] + body.prefix(12) + [0, 0]
            drop(body.dropFirst(14), "thumbnail")
        case 0xEE where body.starts(with: Array("Adobe".utf8)) && body.count >= 12:
            bytes += [0xFF, 0xEE, 0, 14] + body.prefix(12)
            drop(body.dropFirst(12), "application segment")
        case 0xC0...0xCF, 0xDA...0xDF: bytes += segment
        case 0xFE: drop(body, "comment")
        default: drop(body, "application segment")
        }
    }

    private mutating func drop(_ part: ArraySlice<UInt8>, _ place: String) {
        if !part.isEmpty { removed.append(Removed(place: place, bytes: JPEGTables.zeroed(in: Array(part)))) }
    }

    /// Entropy-coded bytes end at a marker: 0xFF and neither a stuffed byte nor a restart.
    private func endOfScan(_ original: [UInt8], _ start: Int) throws(JPEGError) -> Int {
        var place = start
        while place + 1 < original.count {
            let next = original[place + 1]
            if original[place] == 0xFF, next != 0, !(0xD0...0xD7).contains(next) { return place }
            place += 1
        }
        throw damaged("a scan has no end")
    }

    private func damaged(_ text: String) -> JPEGError { JPEGError(.damaged, path: path, text) }
}
